"""The report says what the figures say, needs no network, and refuses what it cannot read."""

from __future__ import annotations

import datetime
import html
import json
import re
from pathlib import Path

import polars as pl
import pytest

from sfbench.errors import SfbenchError
from sfbench.report import collect, render, save, text
from sfbench.report.measures import titles

_PLAN_MEASURES = 19


def _words(source: str) -> str:
    return html.unescape(re.sub(r"<[^>]+>", " ", source))


def _outside_scripts(source: str) -> str:
    return re.sub(r"<script.*?</script>", "", source, flags=re.DOTALL)


def test_nothing_is_loaded_from_elsewhere(page):
    source = _outside_scripts(page.read_text(encoding="utf-8"))
    assert re.findall(r"""(?:src|href)=["']?(?!#)[^"'>]+""", source) == []
    assert "@import" not in source
    assert "url(" not in source


def test_the_page_is_within_four_megabytes(page):
    assert page.stat().st_size <= 4_000_000


def test_a_card_names_its_unit_once(page):
    """In Chinese the growth gap read `-36.78 pp百分点`."""
    cards = re.findall(r'<article class="headline.*?</article>', page.read_text("utf-8"), re.DOTALL)
    values = [re.findall(r'<span class="zh"[^>]*>([^<]*)', card)[1] for card in cards]
    assert [re.sub(r"^-?[\d,.]+", "", value) for value in values] == ["百分点", "亿元", "亿元", "亿元"]


def test_every_measure_of_the_plan_has_a_section_in_its_order(page):
    source = page.read_text(encoding="utf-8")
    assert set(titles()) == set(range(_PLAN_MEASURES + 2))
    assert [int(n) for n in re.findall(r'<section class="measure" id="m(\d+)">', source)] == sorted(titles())


def test_every_metric_is_named_and_defined(page, figures):
    source = page.read_text(encoding="utf-8")
    wanted = set(pl.read_parquet(figures)["metric"].unique())
    assert set(re.findall(r'id="metric-(\w+)"', source)) == wanted
    assert len(wanted) == 149


def test_the_tech_loan_card_gives_the_published_and_the_last_value_of_the_long_table(page, figures, city):
    long = pl.read_parquet(figures).filter(
        (pl.col("metric") == "tech_loan_balance") & (pl.col("component") == "balance") & (pl.col("cut") == "total")
    )
    at = dict(zip(long["period"], long["value_city"], strict=True))
    card = _words(
        re.search(
            r'<article class="headline.*?Total tech loan balance.*?</article>', page.read_text("utf-8"), re.DOTALL
        )[0]
    )
    assert f"{at[datetime.date(2025, 12, 31)]:,.0f} CNY 100m" in card
    assert f"{at[datetime.date(2027, 12, 31)]:,.0f} CNY 100m" in card


def test_the_chart_of_a_headline_holds_every_month_of_its_series_and_the_target(page, figures):
    specs = json.loads(re.search(r'id="specs">(.*?)</script>', page.read_text(encoding="utf-8"), re.DOTALL)[1])
    long = pl.read_parquet(figures).filter(
        (pl.col("metric") == "tech_industry_loan_balance") & (pl.col("cut") == "total") & pl.col("value").is_not_null()
    )
    wanted = [
        (f"{day}", float(f"{value:.6g}")) for day, value in long.sort("period").select("period", "value_city").rows()
    ]
    spec = specs["c1"]
    assert [(row["m"], row["v"]) for row in spec["data"]["values"]] == wanted
    assert spec["layer"][1]["encoding"]["y"]["datum"] == 20000


def test_the_page_is_marked_synthetic_and_names_scenario_seed_and_fingerprint(page, city):
    made = json.loads((city / "manifest.json").read_text(encoding="utf-8"))
    words = _words(_outside_scripts(page.read_text(encoding="utf-8")))
    assert "Synthetic data: no row stands for a real firm, bank or person" in words
    assert "合成数据" in words
    assert "baseline" in words
    assert str(made["seed"]) in words


def _bank_pages(page):
    source = page.read_text(encoding="utf-8")
    return dict(re.findall(r'<section class="bank" id="b(\d+)".*?>(.*?)</section>', source, re.DOTALL))


def test_every_assessed_bank_has_a_page_with_an_interval_and_a_link_to_it(page):
    pages = _bank_pages(page)
    assert len(pages) > 10
    assert all("in nine of ten replicates" in one for one in pages.values())
    ranking = page.read_text(encoding="utf-8").split('<section class="bank"')[0]
    assert re.findall(r'href="#b(\d+)"', ranking) == list(pages)


def test_the_pages_of_banks_follow_each_other_in_the_order_of_the_ranking(page):
    pages = _bank_pages(page)
    order = list(pages)
    links = [re.findall(r'href="#(b\d+|banks)"', one) for one in pages.values()]
    assert links[0] == ["banks", f"b{order[1]}"]
    assert links[1] == [f"b{order[0]}", "banks", f"b{order[2]}"]
    assert links[-1] == [f"b{order[-2]}", "banks"]


def test_the_charts_of_a_bank_hold_its_own_figures_beside_the_median_of_the_assessed(page, figures):
    source, pages = page.read_text(encoding="utf-8"), _bank_pages(page)
    series = json.loads(re.search(r'id="series">(.*?)</script>', source, re.DOTALL)[1])
    for bank, one in pages.items():
        assert re.findall(r'data-shared="(c\d+)" data-name="(\d+)"', one) == [(name, bank) for name in series]
    place = r'data-shared="(c\d+)" data-name="\d+" role="img" aria-label="Total tech loan balance: Balance"'
    shown = series[re.search(place, source)[1]]
    long = pl.read_parquet(figures).filter(
        (pl.col("metric") == "tech_loan_balance") & (pl.col("cut") == "bank") & pl.col("cut_value").is_in(list(pages))
    )
    at = {(bank, f"{day}"): value for bank, day, value in long.select("cut_value", "period", "value_city").rows()}
    for bank in pages:
        for day, value in zip(shown["days"], shown["values"][bank], strict=True):
            assert value is None if at.get((bank, day)) is None else value == pytest.approx(at[bank, day], rel=1e-4)
    middle = long.group_by("period").agg(pl.col("value_city").median()).sort("period")["value_city"].to_list()
    assert shown["values"]["others"] == pytest.approx(middle, rel=1e-4)


def test_banks_are_assessed_alike_on_figures_and_on_the_folder(city, figures):
    from sfbench.assess.apply import apply
    from sfbench.assess.data import read_folder
    from sfbench.assess.find import find_method

    method = find_method("shenzhen_tech_finance")
    pieces = collect(city, figures=figures, method=method.name)
    wanted = apply(method, read_folder(method, city)).now
    now = pieces.assessment.now
    assert (now.units, now.score.tolist(), now.rank.tolist()) == (
        wanted.units,
        wanted.score.tolist(),
        wanted.rank.tolist(),
    )


def test_figures_without_banks_do_not_stand_in_for_them(city, figures, tmp_path):
    few = tmp_path / "totals.parquet"
    pl.read_parquet(figures).filter(pl.col("cut") == "total").write_parquet(few)
    assert len(collect(city, figures=few, method="shenzhen_tech_finance").cards) > 10


def test_the_counts_of_the_checks_are_those_of_the_file(page, checks):
    record = json.loads(checks.read_text(encoding="utf-8"))
    table = re.search(r'<table class="data" id="quality">.*?</table>', page.read_text("utf-8"), re.DOTALL)[0]
    shown = [[float(n) for n in re.findall(r'data-v="([\d.]+)"', row)] for row in table.split("<tr>")[2:]]
    assert shown == [[row["passed"], row["violated"], row["not_evaluated"]] for row in record["counts"].values()]


def test_words_of_a_scenario_cannot_become_html(city, figures):
    import dataclasses

    pieces = collect(city, figures=figures)
    evil = "</script><img src=x onerror=alert(1)>"
    made = dataclasses.replace(pieces.made, scenario={**pieces.made.scenario, "title_en": evil, "title_zh": evil})
    metric = dataclasses.replace(pieces.metrics["tech_loan_balance"], en=evil, zh=evil, source=evil)
    page = text(dataclasses.replace(pieces, made=made, metrics={**pieces.metrics, metric.id: metric}), "en")
    assert "<img" not in _outside_scripts(page)
    assert page.count("</script>") == 4


def test_a_report_of_a_part_says_what_is_not_there(city, figures, tmp_path):
    import pyarrow.parquet as pq

    few = tmp_path / "few.parquet"
    table = pl.read_parquet(figures).filter(pl.col("metric") == "fund_irr").to_arrow()
    pq.write_table(table, few)
    save(collect(city, figures=few), tmp_path / "few.html", "zh")
    words = _words(_outside_scripts((tmp_path / "few.html").read_text(encoding="utf-8")))
    for said in ("没有这些指标的数值", "本报告未作机构评估", "没有分区数值", "未附质量检查结果"):
        assert said in words


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("no.parquet", b"PAR1 this is none", "the figures cannot be read"),
        ("absent.parquet", None, "no such file"),
    ],
)
def test_a_file_that_holds_no_figures_is_refused(city, tmp_path, name, content, says):
    path = tmp_path / name
    if content:
        path.write_bytes(content)
    with pytest.raises(SfbenchError, match=says):
        collect(city, figures=path)


def test_another_table_is_no_long_table(city):
    path = next((Path(city) / "data" / "district").rglob("*.parquet"))
    with pytest.raises(SfbenchError, match="no long table"):
        collect(city, figures=path)


@pytest.mark.parametrize("content", ["", "[]", '{"verdict": "passed"}', "{not json"])
def test_a_file_that_holds_no_checks_is_refused(city, figures, tmp_path, content):
    path = tmp_path / "checks.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(SfbenchError, match="the file"):
        collect(city, figures=figures, checks=path)


def test_without_the_library_it_says_what_to_install(monkeypatch):
    monkeypatch.setattr(render.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(SfbenchError, match=r"sfbench\[report\]"):
        render.check_library()


def test_the_card_of_a_copy_is_shown_in_both_languages(city, figures, tmp_path):
    figure = {"section": "privacy", "name": "exact_copies", "zh": "完全复制", "en": "Exact copies", "value": 0.25}
    card = {"about": {}, "privacy": "beyond", "fidelity_utility": "within", "figures": [figure | {"verdict": "beyond"}]}
    (tmp_path / "card.json").write_text(json.dumps(card), encoding="utf-8")
    page = text(collect(city, figures=figures, copy=tmp_path / "card.json"), "en")
    row = re.search(r'id="copy".*?<tbody>(.*?)</tbody>', page, re.DOTALL)[1]
    for said in ("隐私", "Privacy", "完全复制", "Exact copies", 'data-v="0.25"', "超出", "beyond"):
        assert said in row
    assert "Privacy: beyond; fidelity and utility: within" in page


def test_every_pair_of_stages_of_the_relay_has_words(page, figures):
    pairs = pl.read_parquet(figures).filter(pl.col("cut") == "stage_pair")["cut_value"].unique().to_list()
    assert len(pairs) > 2
    specs = re.search(r'id="specs">(.*?)</script>', page.read_text(encoding="utf-8"), re.DOTALL)[1]
    named = {
        row["n"]["zh"]
        for spec in json.loads(specs).values()
        for row in spec["data"].get("values", [])
        if "→" in str(row.get("n"))
    }
    assert named
    assert not any(re.search("[a-z]", words) for words in named)


@pytest.mark.parametrize("day", [datetime.date(2022, 1, 10), datetime.date(2022, 6, 30)])
def test_before_banks_have_figures_the_remedy_is_the_reports_own(city, tmp_path, day):
    with pytest.raises(SfbenchError) as refused:
        collect(city, method="shenzhen_tech_finance", as_of=day)
    assert refused.value.fix == "leave the banks out with --method none, or take a later --as-of"
    save(collect(city, method=None, as_of=day), tmp_path / "early.html", "en")
    assert "No assessment in this report" in (tmp_path / "early.html").read_text(encoding="utf-8")
