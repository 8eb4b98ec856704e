"""Scorecards: what is said of a bank is what was computed; the page needs nothing else; machines read the same."""

from __future__ import annotations

import csv
import json
import re
import zipfile
from html.parser import HTMLParser

import numpy as np
import pytest

from sfbench.assess import Step, run
from sfbench.assess.apply import apply
from sfbench.assess.find import find_method
from sfbench.assess.scorecard import scorecards
from sfbench.assess.writers import check_folder, write
from sfbench.errors import SfbenchError


@pytest.fixture(scope="module")
def result(oecd_data):
    return apply(find_method("oecd_style"), oecd_data, replicates=60, seed=5)


@pytest.fixture(scope="module")
def folder(result, tmp_path_factory):
    out = tmp_path_factory.mktemp("cards") / "out"
    write(result, out, "zh", synthetic=True)
    return out


def test_cards_are_the_assessment_best_first(result):
    cards, now = scorecards(result), result.now
    assert [card.rank for card in cards] == sorted(now.rank.tolist())
    assert {card.unit: card.score for card in cards} == dict(zip(now.units, now.score.tolist(), strict=True))
    for card in cards:
        assert sum(item.contribution for item in card.items) == pytest.approx(card.score)


def test_what_moved_is_the_difference_from_the_same_quarter_a_year_before(result):
    panel = result.data.panel
    before = run(result.method, panel.until("2024Q4"))
    assert panel.periods[-1] == "2025Q4"
    compared = 0
    for card in scorecards(result):
        if card.unit not in before.units:
            assert card.score_before is None and not card.moved
            continue
        row = before.units.index(card.unit)
        assert card.rank_before == before.rank[row]
        changes = [item.change for item in card.items]
        assert sum(changes) == pytest.approx(card.score - before.score[row])
        sizes = [abs(item.change) for item in card.moved]
        assert sizes == sorted(sizes, reverse=True)
        compared += 1
    assert compared >= 20


def test_an_imputed_figure_is_shown_as_none(result):
    names = result.method.scored
    panel = result.data.panel
    empty = 0
    for card in scorecards(result):
        for item in card.items:
            raw = panel.values[panel.units.index(card.unit), -1, names.index(item.indicator)]
            if item.indicator != "growth" and item.indicator != "first_loans":
                assert (item.figure is None) == bool(np.isnan(raw))
                empty += item.figure is None
    assert empty > 0


def test_the_ranking_and_the_json_say_the_same(folder, result):
    with (folder / "ranking.csv").open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    found = json.loads((folder / "assessment.json").read_text(encoding="utf-8"))
    assert [row["institution_id"] for row in rows] == [bank["institution_id"] for bank in found["banks"]]
    assert [float(row["score"]) for row in rows] == pytest.approx([bank["score"] for bank in found["banks"]])
    assert found["realised"] == list(result.now.realised)
    assert found["official"] is False


def test_the_log_of_replicates_names_the_steps_as_they_were_realised(folder, result):
    with (folder / "replicates.csv").open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    assert len(rows) == 60
    for number, row in enumerate(rows):
        steps = tuple(f"{factor.step} {row[factor.step]}" for factor in result.uncertainty.factors)
        assert steps == result.uncertainty.realised(number)


class _Page(HTMLParser):
    def __init__(self):
        super().__init__()
        self.open, self.addresses, self.tags = [], [], []

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.addresses += [value for name, value in attributes if name in ("src", "href", "xlink:href")]
        if tag not in ("meta", "input", "rect", "line", "circle"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_figures_stand_with_their_units(result):
    from sfbench.assess.writers.facts import shown

    assert shown(result, "growth", 0.125) == ("12.50 %", "12.50 %")  # a share by its period rule
    assert shown(result, "tech_share", 22.29) == ("22.29 %", "22.29 %")  # one metric over another
    assert shown(result, "borrowers", 5350.0) == ("5,350", "5,350")
    assert shown(result, "days", 6.0) == ("6.00 天", "6.00 day")


def test_the_page_is_whole_and_asks_the_network_for_nothing(folder, result):
    text = (folder / "scorecards.html").read_text(encoding="utf-8")
    page = _Page()
    page.feed(re.sub(r"/>", ">", text))
    assert page.open == []
    assert all(address.startswith("#") for address in page.addresses)
    assert not {"script", "img", "link", "iframe"} & set(page.tags)
    assert "url(" not in text and "@import" not in text and "http" not in text
    assert page.tags.count("details") == len(result.now.units)


def test_the_page_says_all_in_both_languages_and_opens_in_the_one_asked_for(folder, result):
    text = (folder / "scorecards.html").read_text(encoding="utf-8")
    assert text.count('class="zh"') == text.count('class="en"') > 100
    assert re.search(r'id="zh" checked', text) and not re.search(r'id="en" checked', text)
    for card in scorecards(result):
        assert card.zh in text and card.en.replace("'", "&#x27;") in text
    assert "合成数据" in text and "Synthetic data" in text and "非官方" in text and "not official" in text


def test_a_card_sums_its_contributions_up_and_says_where_they_are_no_sum(result):
    from dataclasses import replace

    from sfbench.assess.writers.facts import about, score
    from sfbench.assess.writers.page import account

    best = scorecards(result)[0]
    sums = f'<span class="zh">合计</span><span class="en">Sum</span></td><td class="n">{score(result, best.score)}</td>'
    assert f'<td class="n">{score(result, best.items[0].contribution)}</td>' in account(result, best)
    assert sums in account(result, best) and "底线）" not in account(result, best)
    rewarded = replace(best, score=best.score + 0.05, adjustments=(("加分", "bonus", 0.05),))
    assert f'<td class="n">{score(result, best.score + 0.05)}</td>' in account(result, rewarded)
    other = replace(result, now=replace(result.now, additive=False))
    assert sums not in account(other, best)
    assert any("Contributions only indicate" in en for _, en in about(other, synthetic=True))
    assert not any("Contributions only indicate" in en for _, en in about(result, synthetic=True))


@pytest.mark.parametrize(
    ("scores", "words"),
    [
        ([0.7301, 0.73], "0.7301"),
        ([93.704, 1], "93.70"),
        ([1085, 9], "1,085"),
        ([1, 0.5], "1.000"),
        ([-93.704, -200], "-93.7"),
    ],
)
def test_scores_have_the_digits_that_tell_them_apart(result, scores, words):
    from dataclasses import replace

    from sfbench.assess.writers.facts import score

    other = replace(result, now=replace(result.now, score=np.array(scores, float)))
    assert score(other, float(scores[0])) == words


def test_groups_that_are_assessed_apart_are_ranked_and_compared_within(result):
    """A card said "rank 1 of 44" of the best of four, and that weights were scattered which stayed."""
    from sfbench.assess.writers.facts import about, robustness
    from sfbench.assess.writers.page import headline

    own = result.method.with_step("peers", Step("apart")).with_step("weights", Step("entropy", {"of": "normalised"}))
    own = own.with_step("normalise", Step("min_max")).with_step("alternatives", {"missing": (Step("worst_observed"),)})
    found = apply(own, result.data, replicates=10, seed=1, indices=False)
    best = next(card for card in scorecards(found) if card.group == "private")
    few = found.now.groups.count("private")
    assert f"of {few}<" in headline(found, best) and few < 10
    mates = [card for card in scorecards(found) if card.group == "private"]
    for place, item in enumerate(best.items):
        assert item.peers == pytest.approx(np.mean([card.items[place].contribution for card in mates]))
    assert any("ranks are within it" in en for _, en in about(found, synthetic=False))
    assert any("No weight is scattered" in en for _, en in robustness(found))
    said = [note.en.partition(":")[0] for note in found.now.notes if note.step not in ("missing", "outliers")]
    assert said and set(said) <= set(found.now.groups)
    assert any("Each weight is scattered" in en for _, en in robustness(result))


def test_an_interval_of_a_bank_that_some_pipelines_leave_out_says_so(result):
    """Ranks of 40 and of 60 banks were one interval, and nothing told which banks are in all of them."""
    from sfbench.assess.writers.facts import not_always, robustness
    from sfbench.assess.writers.page import account

    own = result.method.with_step("alternatives", {"missing": (Step("drop"),)})
    found = apply(own, result.data, replicates=40, seed=1, indices=False)
    cards = scorecards(found)
    sometimes = [card for card in cards if card.assessed < 1]
    taken = float((found.uncertainty.drawn[:, 0] == 0).mean())
    assert sometimes and len(sometimes) < len(cards)
    assert [card.assessed for card in sometimes] == pytest.approx([taken] * len(sometimes))
    share = f"{round(100 * taken)} %"
    assert all(not_always(card) == share and f"of the {share} that" in account(found, card) for card in sometimes)
    assert not any(not_always(card) for card in cards if card not in sometimes)
    few, most = len(cards) - len(sometimes), len(cards)
    assert any(f"From {few} to {most} banks are assessed" in en for _, en in robustness(found))
    assert not any("banks are assessed" in en for _, en in robustness(result))


def test_the_chinese_lines_are_chinese(result):
    from dataclasses import replace

    from sfbench.assess.context import Note
    from sfbench.assess.writers.facts import about, exclusions

    notes = (Note("empty", "left out: growth", "未计入：growth, days"),)
    lost = replace(result.data, missing={"growth": "in no table: give --qualitative FILE"}, projected=True)
    other = replace(
        result, data=lost, now=replace(result.now, notes=notes), no_before="2021Q1: no unit can be assessed"
    )
    said = [zh for zh, _ in about(other, synthetic=False)]
    assert "未计入：科技型企业贷款增速, 审批用时中位数" in said
    assert "缺少：科技型企业贷款增速，没有数据表记载，请给出--qualitative FILE" in said
    assert "无上年可比结果：2021Q1：没有可评估的单位" in said
    assert "2025Q4晚于已发布数据：数值为推演。" in said
    assert ("政策性银行不参评", "peer group Policy bank") in [why for _, why in exclusions(result)]


def test_notes_name_indicators_and_steps_as_a_reader_knows_them(result):
    from dataclasses import replace

    from sfbench.assess.context import Note
    from sfbench.assess.writers.facts import about, robustness

    notes = (
        Note("missing", "3 figures are imputed by median: days (2), growth (1)", ""),
        Note("empty", "left out, as no unit has a figure: growth, unheard", ""),
        Note("aggregate", "some growth is 0", ""),
        Note("normalise", "local banks: tells no unit from another: growth", ""),
    )
    said = [en for _, en in about(replace(result, now=replace(result.now, notes=notes)), synthetic=False)]
    days, growth = (result.method.indicators[name].en for name in ("days", "growth"))
    assert f"3 figures are imputed by median: {days} (2), {growth} (1)." in said
    assert f"Left out, as no unit has a figure: {growth}, unheard." in said
    assert "Some growth is 0." in said
    assert f"Local banks: tells no unit from another: {growth}." in said
    (zh, en) = next(both for both in robustness(result) if both[1].startswith("Sobol"))
    assert not re.search("[a-z]", zh.replace("Sobol", ""))
    assert re.findall(r"[0-9.]+ / [0-9.]+", zh) == re.findall(r"[0-9.]+ / [0-9.]+", en)
    assert any("个缺失值以中位数填补：" in zh for zh, _ in about(result, synthetic=False))


def test_why_a_bank_is_left_out_names_indicators_as_a_reader_knows_them(result):
    """English had the method's keys: `borrowers below 1 or not reported`."""
    from sfbench.assess.writers.facts import exclusions

    most = float(result.now.figures[:, list(result.now.indicators).index("borrowers")].max())
    rules = (Step("minimum_size", {"indicator": "borrowers", "at_least": most}),)
    left = apply(result.method.with_step("exclude", rules), result.data)
    zh, en = (getattr(result.method.indicators["borrowers"], name) for name in ("zh", "en"))
    said = {why for _, why in exclusions(left)}
    assert said == {(f"{zh}低于{most:g}或未报送", f"below {most:g} or not reported: {en}")}


def test_every_step_and_filling_has_its_chinese_word():
    from sfbench.assess import chain
    from sfbench.assess.spec import STEPS
    from sfbench.assess.steps import KINDS
    from sfbench.assess.writers import facts

    assert set(facts._STEPS_ZH) == set(STEPS)
    assert set(chain._FILLED_ZH) == KINDS["missing"].keys() - {"drop", "bounds"}  # these two fill nothing themselves


def test_the_page_escapes_what_a_user_writes(result):
    from dataclasses import replace

    from sfbench.assess.writers.page import text

    sly = replace(result, method=replace(result.method, title_en="<script>alert(1)</script>", title_zh="&"))
    assert "<script>" not in text(sly, scorecards(sly), "en", synthetic=False)


def test_the_workbook_has_a_row_for_each_bank_and_figures_as_numbers(folder, result):
    with zipfile.ZipFile(folder / "scorecards.xlsx") as book:
        names = re.findall(r'<sheet name="([^"]+)"', book.read("xl/workbook.xml").decode())
        sheets = [book.read(f"xl/worksheets/sheet{n}.xml").decode() for n in range(1, len(names) + 1)]
    assert names == ["排名 Ranking", "指标 Indicators", "变动 Changes", "说明 Notes"]
    assert sheets[0].count("<row ") == 1 + len(result.now.units)
    assert sheets[1].count("<row ") == 1 + len(result.now.units) * len(result.now.indicators)
    best = scorecards(result)[0]
    scores = [float(v) for v in re.findall(r'<c r="F2"[^>]*><v>([^<]+)</v>', sheets[0])]
    assert scores == pytest.approx([best.score])


def test_a_figure_of_the_workbook_stands_with_its_unit(folder, result):
    """Growth stood there as 0.57 and a share as 28.8, with no word of either."""
    with zipfile.ZipFile(folder / "scorecards.xlsx") as book:
        words = [
            re.sub("<[^>]+>", "", own)
            for own in re.findall(r"<si>.*?</si>", book.read("xl/sharedStrings.xml").decode())
        ]
        sheet = book.read("xl/worksheets/sheet2.xml").decode()
    cells = dict(re.findall(r'<c r="([A-Z]+\d+)"[^>]*><v>([^<]+)</v>', sheet))
    for row, item in enumerate(scorecards(result)[0].items, 2):
        own = result.method.indicators[item.indicator]
        assert words[int(cells[f"E{row}"])] == own.en
        per_cent = own.period.kind in ("growth", "market_share")
        assert float(cells[f"F{row}"]) == pytest.approx(item.figure * (100 if per_cent else 1))
        unit = {"days": "天 day", "borrowers": "个 count", "first_loans": "个 count"}.get(item.indicator, "%")
        assert words[int(cells[f"G{row}"])] == unit


def test_the_workbook_says_of_what_period_and_method_it_is(folder):
    with zipfile.ZipFile(folder / "scorecards.xlsx") as book:
        words = book.read("xl/sharedStrings.xml").decode()
    assert "经合组织手册式综合指数，2025Q4（oecd_style）" in words
    assert "Composite index in the style of the OECD handbook, 2025Q4 (oecd_style)" in words


def test_the_same_result_gives_the_same_files(folder, result, tmp_path):
    for path in write(result, tmp_path / "again", "zh", synthetic=True):
        assert path.read_bytes() == (folder / path.name).read_bytes(), path.name


def test_a_folder_with_other_files_is_left_alone(folder, tmp_path):
    with pytest.raises(SfbenchError, match="not empty"):
        check_folder(folder, force=False)
    check_folder(folder, force=True)
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(SfbenchError, match="choose another folder"):
        check_folder(tmp_path, force=False)
    with pytest.raises(SfbenchError, match="is a file"):
        check_folder(tmp_path / "notes.txt", force=True)


def test_notes_of_rules_and_of_peer_groups_have_names_for_their_keys_and_stand_once(result):
    from dataclasses import replace

    from sfbench.assess.aggregate.means import geometric
    from sfbench.assess.context import Note
    from sfbench.assess.rules import Figures, risk_floor
    from sfbench.assess.writers.facts import about

    from .shared import context

    floor = {"relation": "above", "limit": 5.0, "periods": 1, "effect": "rank_last", "to": None}
    judged = risk_floor(Figures(("days",), np.array([[[np.nan]]])), en="e", zh="z", indicator="days", **floor).notes
    low = geometric(np.array([[0.0]]), np.array([1.0]), context(np.array([[0.0]]), names=("days",)), floor=0.1).notes
    group = Note("normalise", "joint_stock: tells no unit from another: growth", "joint_stock：各机构取值相同：growth")
    notes = (*judged, *judged, *low, group)
    said = [en for _, en in about(replace(result, now=replace(result.now, notes=notes)), synthetic=False)]
    days, growth = (result.method.indicators[name].en for name in ("days", "growth"))
    assert said.count(f"1 units could not be judged: {days} is missing.") == 1
    assert f"1 figures below the floor count as 0.1: {days}." in said
    assert f"Joint-stock bank: tells no unit from another: {growth}." in said
