"""Scorecards of four banks worked out by hand: a tie, an imputed figure, a bonus, a floor, a bank of this year only.

A score is half the size and half the care, and a bank that was late gets 0.25 for telling; who was late five times is
last. The median care of those who report it is 4.
"""

from __future__ import annotations

import csv
import json
import re
import zipfile
from dataclasses import replace
from xml.etree import ElementTree

import numpy as np
import pytest

from sfbench.assess import Step
from sfbench.assess.apply import apply
from sfbench.assess.bands import Band
from sfbench.assess.data import Data
from sfbench.assess.scorecard import scorecards
from sfbench.assess.writers import write
from sfbench.assess.writers.facts import groups, not_always, shown
from sfbench.assess.writers.page import account, headline, ranking

from .shared import indicator, method, panel

S, NAN = Step, np.nan
BANKS = {  # size, care, times late: a year before, and now
    "B0": ([NAN, NAN, 0], [NAN, 8, 0]),  # tells no size, and is not assessed
    "B1": ([2, 2, 0], [4, 2, 0]),
    "B2": ([6, 3, 0], [2, 4, 0]),
    "B3": ([NAN, NAN, NAN], [1, NAN, 1]),
    "B4": ([1, 1, 0], [9, 9, 5]),
}
INDICATORS = {
    "size": indicator(zh="规模", en="Size"),
    "care": indicator(zh="审慎", en="Care"),
    "late": indicator(zh="迟报", en="Late", role="condition"),
}
LATE = {"indicator": "late", "relation": "at_least", "periods": 1}
STEPS = {
    "period": "year",
    "missing": S("median"),
    "exclude": (S("minimum_size", {"indicator": "size", "at_least": 0.5}),),
    "adjust": (S("when", LATE | {"id": "told", "en": "told of it", "zh": "主动报告", "limit": 1.0, "points": 0.25}),),
    "veto": (
        S("risk_floor", LATE | {"en": "often late", "zh": "屡次迟报", "limit": 5.0, "effect": "rank_last", "to": None}),
    ),
    "bands": S("cutoffs", {"bands": (Band("good", "好", "Good", 3.0), Band("fair", "可", "Fair", 0.0)), "end": None}),
    "weight_spread": 0.9,
}


@pytest.fixture(scope="module")
def data():
    names = {unit: (f"{unit}银行", f"Bank {unit}") for unit in BANKS}
    x = panel(list(BANKS.values()), list(INDICATORS), list(BANKS), ["private", "private", "private", "local", "local"])
    zh, en = ({unit: both[place] for unit, both in names.items()} for place in (0, 1))
    return Data(panel=x, zh=zh, en=en, missing={}, unit=dict.fromkeys(INDICATORS, "count"))


@pytest.fixture(scope="module")
def result(data):
    found = apply(method(INDICATORS, **STEPS), data, replicates=9, seed=2, indices=False)
    ends = {"low": [NAN, 1, 1, 2, 4], "median": [NAN, 1, 2, 3, 4], "high": [NAN, 2, 3, 4, 4]}
    arrays = {name: np.array(values) for name, values in (ends | {"assessed": [0, 1, 0.75, 1, 1]}).items()}
    return replace(found, uncertainty=replace(found.uncertainty, **arrays))


@pytest.fixture(scope="module")
def folder(result, tmp_path_factory):
    out = tmp_path_factory.mktemp("by_hand") / "out"
    write(result, out, "en", synthetic=True)
    return out


def test_a_card_says_what_was_worked_out(result):
    cards = scorecards(result)
    head = [(c.unit, c.zh, c.en, c.group, c.rank, c.tied, c.score, c.score_before, c.rank_before) for c in cards]
    assert head == [
        ("B1", "B1银行", "Bank B1", "private", 1, True, 3.0, 2.0, 2),
        ("B2", "B2银行", "Bank B2", "private", 1, True, 3.0, 4.5, 1),
        ("B3", "B3银行", "Bank B3", "local", 3, False, 2.75, None, None),
        ("B4", "B4银行", "Bank B4", "local", 4, False, 9.25, 1.0, 3),
    ]
    assert [card.band.id for card in cards[:3]] == ["good", "good", "fair"]
    told, often = ("主动报告", "told of it", 0.25), ("屡次迟报", "often late")
    assert [card.adjustments for card in cards] == [(), (), (told,), (told,)]
    assert [card.vetoes for card in cards] == [(), (), (), (often,)]


def test_the_items_of_a_card_sum_to_its_score_and_stand_beside_the_mean_of_those_ranked_together(result):
    items = {card.unit: card.items for card in scorecards(result)}
    for unit, figures, own, changes in (
        ("B1", (4.0, 2.0), (2.0, 1.0), (1.0, 0.0)),
        ("B2", (2.0, 4.0), (1.0, 2.0), (-2.0, 0.5)),
        ("B3", (1.0, None), (0.5, 2.0), (None, None)),
        ("B4", (9.0, 9.0), (4.5, 4.5), (4.0, 4.0)),
    ):
        assert [item.indicator for item in items[unit]] == ["size", "care"]
        assert [item.figure for item in items[unit]] == [*figures]
        assert [item.normalised for item in items[unit]] == [figure or 4.0 for figure in figures]
        assert [item.contribution for item in items[unit]] == [*own]
        assert [item.change for item in items[unit]] == [*changes]
        assert [(item.weight, item.peers) for item in items[unit]] == [(0.5, 8 / 4), (0.5, 9.5 / 4)]
    moved = [[(item.indicator, item.change) for item in card.moved] for card in scorecards(result)]
    assert moved[:3] == [[("size", 1.0)], [("size", -2.0), ("care", 0.5)], []]
    assert all(card.moved[0].change == max((i.change for i in card.moved), key=abs) for card in scorecards(result)[:2])


def test_an_interval_is_that_of_the_bank_though_others_are_left_out(result):
    """Intervals are of all banks of the panel, of which the first is not assessed."""
    found = {card.unit: (card.interval, card.assessed) for card in scorecards(result)}
    assert found == {"B1": ((1, 1, 2), 1), "B2": ((1, 2, 3), 0.75), "B3": ((2, 3, 4), 1), "B4": ((4, 4, 4), 1)}


def test_ranks_that_missing_figures_leave_open_go_from_the_best_to_the_worst(tmp_path):
    """9 holds the first place, whatever the one that tells nothing has between 1 and 9."""
    x = panel([[3.0], [1], [NAN], [9]], ["size"])
    names = {unit: unit for unit in x.units}
    data = Data(panel=x, zh=names, en=names, missing={}, unit={"size": ""})
    found = apply(method(["size"], missing=S("bounds")), data)
    bounds = {card.unit: card.bounds for card in scorecards(found)}
    assert bounds == {"U0": (2, 3), "U1": (3, 4), "U2": (1, 3), "U3": (1, 1)}
    write(found, tmp_path / "out", "en", synthetic=True)
    best, worst = "rank_best_if_reported", "rank_worst_if_reported"
    banks = json.loads((tmp_path / "out" / "assessment.json").read_text(encoding="utf-8"))["banks"]
    assert {bank["institution_id"]: (bank[best], bank[worst]) for bank in banks} == bounds
    rows = cells_of(tmp_path / "out", 1)
    assert {row["Id"]: (row["Best if reported"], row["Worst if reported"]) for row in rows} == bounds
    (text,) = (account(found, card) for card in scorecards(found) if card.unit == "U1")
    assert "Ranks that missing figures leave open: 3 to 4" in text and "因缺报可能的名次：3至4" in text


def test_the_page_says_of_a_bank_what_its_card_says(result):
    cards = {card.unit: card for card in scorecards(result)}
    second, last = account(result, cards["B2"]), account(result, cards["B4"])
    assert "A year before: score 4.500, rank 1; score changed by -1.500" in second
    assert "上年得分4.500，名次1；得分变动-1.500" in second
    assert "Contributions that moved most in a year: Size -2.000; Care +0.500" in second
    assert "Rank 1 to 3 in nine of ten replicates, median 2, of the 75 % that assess it" in second
    assert "名次区间1至3，中位数2" in second
    assert "told of it: +0.25" in last and "Floor broken: often late" in last and "触发底线：屡次迟报" in last
    assert "A year before" not in account(result, cards["B3"]) and "imputed" in account(result, cards["B3"])
    cells = re.findall("<td.*?</td>", account(result, cards["B4"]))
    shown = [re.sub('<span class="zh">.*?</span>|<[^>]+>', "", cell) for cell in cells]
    assert shown[:7] == ["Size", "9", "9.00", "50.0%", "4.500", "", "+4.000"]
    assert shown[-6:] == ["Sum", "9.000", "", "Score, with bonus, deduction and floors", "9.250", ""]
    rows = re.findall("<tr>.*?</tr>", ranking(result, [*cards.values()]))[1:]
    places = [re.findall('<td class="n">([^<]*)', row) for row in rows]
    assert places == [["1=", "3.000", "2"], ["1=", "3.000", "1"], ["3", "2.750", "–"], ["4", "9.250", "3"]]


def test_a_bar_is_as_long_as_its_share_of_the_longest_and_one_below_nought_is_another(result):
    """Of 176 points B1 has 3 / 9.25, and its mean care, 2.375, is the longest of its items."""
    cards = scorecards(result)
    rows = re.findall("<tr>.*?</tr>", ranking(result, [*cards[:3], replace(cards[3], score=-9.25)]))[1:]
    assert f'class="bar" x="0" y="3" width="{176 * 3 / 9.25:.1f}"' in rows[0]
    assert 'class="less" x="0" y="3" width="176.0"' in rows[3]
    marks = re.findall(r'class="peers" x1="([\d.]+)"', account(result, cards[0]))
    assert marks == [f"{176 * mean / 2.375:.1f}" for mean in (2.0, 2.375)]


@pytest.mark.parametrize(
    ("interval", "rank", "shares"),  # of the way from the first place to the last that any bank or interval has
    [((1, 3, 4), 2, (0, 1 / 3, 1)), ((1, 2, 2), 2, (0, 1 / 3, 1 / 3)), ((2, 3, 5), 3, (1 / 4, 2 / 4, 1))],
)
def test_an_interval_lies_at_its_ranks_with_the_rank_of_the_bank_in_it(result, interval, rank, shares):
    cards = scorecards(result)
    page = ranking(result, [replace(cards[0], rank=rank, interval=interval), *cards[1:]])
    row = re.findall("<tr>.*?</tr>", page)[1]
    found = re.search(r'class="span" x1="([\d.]+)" x2="([\d.]+)".*class="dot" cx="([\d.]+)"', row).groups()
    first, own, last = (f"{4 + 172 * share:.1f}" for share in shares)
    assert found == (first, last, own) and f"<title>{interval[0]}–{interval[2]}</title>" in row
    assert 'class="dot" cx="4.0"' in ranking(result, [replace(cards[0], interval=(1, 1, 1))])  # one bank alone


def test_the_head_of_a_card_counts_all_that_are_ranked_together(result):
    card = scorecards(result)[2]
    assert "rank 3 of 4<" in headline(result, card) and "第3名，共4家" in headline(result, card)


def test_the_tables_for_machines_have_each_figure_under_its_name(folder):
    told = {
        "institution_id": "B2", "name_zh": "B2银行", "name_en": "Bank B2", "bank_type": "private", "rank": 1,
        "tied": True, "score": 3.0, "band": "good", "rank_low": 1, "rank_median": 2, "rank_high": 3,
        "assessed_share": 0.75, "rank_best_if_reported": None, "rank_worst_if_reported": None, "score_before": 4.5,
        "rank_before": 1,
    }  # fmt: skip
    size = {
        "indicator": "size", "zh": "规模", "en": "Size", "figure": 2.0, "normalised": 2.0, "weight": 0.5,
        "contribution": 1.0, "mean_contribution": 2.0, "change_in_a_year": -2.0,
    }  # fmt: skip
    found = json.loads((folder / "assessment.json").read_text(encoding="utf-8"))
    bank = found["banks"][1]
    assert {name: bank[name] for name in told} == told and bank["indicators"][0] == size
    assert found["banks"][3]["adjustments"] == [{"zh": "主动报告", "en": "told of it", "points": 0.25}]
    assert found["banks"][3]["vetoes"] == [{"zh": "屡次迟报", "en": "often late"}]
    assert [out["institution_id"] for out in found["excluded"]] == ["B0"] and found["contributions_sum_to_score"]

    def lines(name):
        with (folder / name).open(encoding="utf-8") as file:
            return list(csv.DictReader(file))

    row = lines("ranking.csv")[1]
    numbers = {name: float(row[name]) for name, value in told.items() if type(value) in (int, float)}
    assert row | numbers == {name: "" if value is None else value for name, value in told.items()} | {"tied": "true"}
    assert [line["institution_id"] for line in lines("indicators.csv")] == [f"B{n}" for n in (1, 1, 2, 2, 3, 3, 4, 4)]
    assert lines("indicators.csv")[5]["figure"] == ""  # the care of B3


def cells_of(folder, sheet):
    """Rows of a sheet as {heading: text or number}."""
    space = {"x": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
    with zipfile.ZipFile(folder / "scorecards.xlsx") as book:
        texts = ["".join(si.itertext()) for si in ElementTree.fromstring(book.read("xl/sharedStrings.xml"))]
        rows = ElementTree.fromstring(book.read(f"xl/worksheets/sheet{sheet}.xml")).iterfind(".//x:row", space)
        table = []
        for row in rows:
            own = {re.sub(r"\d", "", c.get("r")): c for c in row if c.find("x:v", space) is not None}
            found = {at: (c.get("t"), c.find("x:v", space).text) for at, c in own.items()}
            table.append({at: texts[int(v)] if kind == "s" else float(v) for at, (kind, v) in found.items()})
    head = {at: re.sub("[^A-Za-z, 5%9]", "", text).strip() or text for at, text in table[0].items()}
    return [{head[at]: value for at, value in row.items()} for row in table[1:]]


def test_the_workbook_has_each_figure_under_its_heading(folder):
    second, last = cells_of(folder, 1)[1], cells_of(folder, 1)[3]
    assert {name: value for name, value in second.items() if value != ""} == {
        "Rank": 1, "Id": "B2", "机构": "B2银行", "Bank": "Bank B2", "Kind": " ".join(groups()["private"]), "Score": 3,
        "Band": "好 Good", "Low, 5 %": 1, "Median": 2, "High, 95 %": 3, "Replicates that assess it": 0.75,
        "Score before": 4.5, "Rank before": 1,
    }  # fmt: skip
    assert last["Adjustments and floors"] == "主动报告 told of it: +0.25; 屡次迟报 often late"
    assert cells_of(folder, 2)[2] == {
        "Id": "B2", "机构": "B2银行", "Bank": "Bank B2", "指标": "规模", "Indicator": "Size", "Figure": 2,
        "Unit": "个 count", "Normalised": 2, "Weight": 0.5, "Contribution": 1, "Mean of banks": 2,
        "Change in a year": -2,
    }  # fmt: skip
    moved = [(row["Id"], row["Indicator"], row["Change in a year"]) for row in cells_of(folder, 3)]
    assert moved[:3] == [("B1", "Size", 1), ("B2", "Size", -2), ("B2", "Care", 0.5)]


def test_a_bank_that_some_replicates_leave_out_is_never_said_to_be_in_none_or_in_all(result):
    card = scorecards(result)[0]
    said = {share: not_always(replace(card, assessed=share)) for share in (0.001, 0.004, 0.5, 0.996, 0.999, 1, None)}
    assert said == {0.001: "1 %", 0.004: "1 %", 0.5: "50 %", 0.996: "99 %", 0.999: "99 %", 1: "", None: ""}


@pytest.mark.parametrize("base", [1.0, 100.0, 10000.0])
def test_a_market_share_is_shown_in_per_cent_whatever_it_is_counted_of(data, base):
    """B1 has 4 of 16."""
    own = method({"size": indicator(period=S("market_share", {"of": base}))})
    x = panel(data.panel.values[1:, -1, :1], ["size"], data.panel.units[1:])
    found = apply(own, replace(data, panel=x))
    figure = next(card for card in scorecards(found) if card.unit == "B1").items[0].figure
    assert figure == 0.25 * base and shown(found, "size", figure) == ("25.00 %", "25.00 %")
