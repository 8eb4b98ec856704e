"""Institutions, outlets, incentives, clusters, curves, the work of the plan: fixed rows, sizes x scale, dates."""

import csv
import datetime
from functools import cache
from pathlib import Path

import numpy as np
import polars as pl
import pytest

import sfbench
from sfbench.world import blocks
from sfbench.world.plan import plan
from tests.world.shared import SEED, day, differing, frames

DATASETS = Path(__file__).resolve().parents[2] / "datasets"
FIXED = ["curve", "cluster", "branch", "bank_policy", "fintech_pilot", "work_item", "data_release", "practice"]
SCALED = ["institution_year", "fiscal_support", "outreach"]
TABLES = [*FIXED, *SCALED, "institution", "month", "district"]
CENTS = 10_000_000_000  # of CNY 100m


@cache
def city(scale=1.0, seed=SEED):
    """The tables alone: they need no firm, so the whole city costs nothing."""
    return frames(sfbench.generate("baseline", scale=scale, seed=seed, tables=TABLES))


@cache
def raw(seed=SEED):
    """Raw columns with what is handed on to other tables."""
    return blocks.prelude(plan("baseline", scale=1.0, seed=seed, tables=TABLES))


def records(path):
    with (DATASETS / path).open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(line for line in handle if not line.startswith("#")))


# what scales and what does not


@pytest.mark.parametrize("name", FIXED)
def test_a_table_of_fixed_rows_is_the_same_at_every_scale(name):
    assert city()[name].height > 30
    assert not differing(city()[name], city(0.002)[name])


@pytest.mark.parametrize("money", ["total_assets", "net_assets", "revenue", "it_spend"])
def test_sizes_of_institutions_are_those_of_the_city_times_scale(money):
    both = city()["institution_year"].join(city(0.01)["institution_year"], on=["institution_id", "year"], suffix="_s")
    assert both.height == 108 * 7
    # A cent of rounding passes through a ratio of at most 1 to 50.
    off = (pl.col(f"{money}_s") - pl.col(money) * 0.01).abs()
    assert both.filter(off > 1_000).is_empty()


# institutions


def test_bank_assets_add_up_to_the_city_s_loans_times_the_ratio():
    loans = {int(row["year"]): float(row["all_loans"]) for row in records("calibration/bank_assets.csv")}
    banks = city()["institution"].filter(pl.col("kind") == "bank").select("institution_id")
    sums = (
        city()["institution_year"].join(banks, on="institution_id").group_by("year").agg(pl.col("total_assets").sum())
    )
    assert sums.height == 7
    for year, total in sums.rows():
        assert abs(total - loans[year] * 1.414 * CENTS) < 100


def test_capital_paid_in_raises_net_assets_of_that_year_and_all_later_ones():
    """Without it a guarantor grows at its own steady rate."""
    grown = {
        int(r["institution_id"]): 1 + float(r["growth"]) / 100 for r in records("calibration/institution_size.csv")
    }
    paid = city()["fiscal_support"].filter(pl.col("kind") == "capital")
    assert paid["institution_id"].n_unique() == 5
    for institution, rows in paid.group_by("institution_id"):
        years = city()["institution_year"].filter(pl.col("institution_id") == institution[0]).sort("year")
        capital = [rows.filter(pl.col("year") <= year)["amount"].sum() for year in years["year"]]
        own = years["net_assets"].to_numpy() - np.array(capital)
        assert np.allclose(own[1:] / own[:-1], grown[institution[0]], rtol=1e-9)


def test_fiscal_support_of_a_year_is_the_stated_total_to_the_cent():
    stated = {int(row["year"]): row for row in records("calibration/fiscal_support.csv")}
    sums = city()["fiscal_support"].group_by("year", "kind").agg(pl.col("amount").sum())
    assert sums.height == 6 * 3
    for year, kind, amount in sums.rows():
        assert abs(amount - float(stated[year][kind]) * CENTS) <= 1


# outlets


def test_there_are_45_specialised_branches_at_the_end_of_2024():
    since = city()["branch"]["specialised_on"]
    assert (since <= day("2024-12-31")).sum() == 45
    assert (since <= day("2027-12-31")).sum() > 45


def test_the_handed_on_runs_of_a_bank_s_outlets_hold_its_outlets_and_no_other():
    banks, rows = raw()["branch"], city()["branch"]
    assert len(banks["_first"]) == 60
    for position, (first, count, special) in enumerate(
        zip(banks["_first"], banks["_count"], banks["_specialised"], strict=True)
    ):
        mine = rows[first : first + count]
        assert set(mine["institution_id"]) == {position + 1}
        assert mine["level"].to_list() == ["head", *["outlet"] * (count - 1)]
        kept = mine["specialised_on"].is_not_null()
        assert kept[1 : 1 + special].all() and kept.sum() == special
        assert banks["_opened"][first] <= banks["_opened"][first : first + count].min()
    assert banks["_count"].sum() == rows.height


def test_delegated_authority_is_commoner_at_specialised_branches_than_at_teams():
    rows = city()["branch"].filter(pl.col("team_on").is_not_null())
    share = rows.group_by(special=pl.col("specialised_on").is_not_null()).agg(
        pl.len(), has=pl.col("approval_delegated_on").is_not_null().mean()
    )
    by = {special: (number, has) for special, number, has in share.rows()}
    assert min(number for number, _ in by.values()) > 50
    assert by[True][1] > by[False][1] + 0.1


# incentives


def test_the_handed_on_version_is_the_one_in_force_at_the_month_end():
    rows, version = city()["bank_policy"], raw()["bank_policy"]["_version"]
    assert version.shape == (60, 144)
    for text, month in (("2022-01-31", 72), ("2025-06-30", 113), ("2027-12-31", 143)):
        on = day(text)
        first = pl.col("version") == 1
        held = rows.filter(first | (pl.col("valid_from") <= on)).filter(
            pl.col("valid_to").is_null() | (pl.col("valid_to") >= on)
        )
        assert held["institution_id"].to_list() == list(range(1, 61))
        picked = rows[version[:, month]]
        assert picked.select("institution_id", "version").rows() == held.select("institution_id", "version").rows()


def test_an_incentive_that_a_bank_has_adopted_stays_and_never_weakens():
    rows = city()["bank_policy"].sort("institution_id", "version")
    assert rows.height > 120
    after = pl.col("institution_id") == pl.col("institution_id").shift(1)
    for name in ("ftp_cut_bp", "kpi_weight", "npl_tolerance"):
        assert rows.filter(after & (pl.col(name) < pl.col(name).shift(1))).is_empty(), name
    assert rows.filter(after & ~pl.col("exemption_rule") & pl.col("exemption_rule").shift(1)).is_empty()
    green = pl.col("green_channel_days")
    assert rows.filter(after & green.shift(1).is_not_null() & (green.is_null() | (green > green.shift(1)))).is_empty()


# clusters and curves


def test_the_two_clusters_of_a_trade_belong_together():
    """The cluster of the second version carries on the one of the first."""
    clusters = {
        code: (number, text)
        for number, code, text in city()["cluster"].select("cluster_id", "cluster_code", "continues").rows()
    }
    pairs = records("vocabulary/cluster_industry.csv")
    assert len(pairs) > 200
    for row in pairs:
        assert row["cluster_2022"] in clusters[row["cluster_2024"]][1].split("|"), row
    handed = raw()["cluster"]
    allowed = {(clusters[row["cluster_2022"]][0], clusters[row["cluster_2024"]][0]) for row in pairs} | {(0, 0)}
    assert set(zip(handed["_first"].tolist(), handed["_second"].tolist(), strict=True)) == allowed


def test_a_firm_drawn_by_trade_gets_the_stated_share_of_each_pair():
    handed = raw()["cluster"]
    codes = [row["industry_code"] for row in records("vocabulary/industry.csv")]
    software, cars, farms = (codes.index(code) for code in ("I651", "C361", "A014"))
    u = (np.arange(20_000) + 0.5) / 20_000
    name = dict(city()["cluster"].select("cluster_id", "cluster_code").rows()) | {0: ""}

    def share(industry, code):
        picked = handed["_second"][handed["_by_industry"].at(np.full(u.size, industry), u)]
        return np.mean([name[number] == code for number in picked.tolist()])

    assert share(software, "2024.software") == pytest.approx(0.65, abs=1e-3)  # 0.62, and 0.03 from blockchain
    assert share(software, "2024.ai") == pytest.approx(0.15, abs=1e-3)
    assert share(cars, "2024.vehicle") == 1
    assert share(farms, "") == 1


def test_a_published_yield_is_the_knot_of_its_quarter_end():
    knots = records("calibration/curve.csv")
    rows = city()["curve"]
    seen = 0
    for knot in knots:
        month = pl.date(int(knot["month"][:4]), int(knot["month"][5:]), 1).dt.month_end()
        for curve, tenor, rate in (
            rows.filter(pl.col("month") == month).select("curve", "tenor_months", "yield_rate").rows()
        ):
            assert rate == round(float(knot[f"{curve}.{tenor}"]) * 100_000)
            seen += 1
    assert seen == 17 * 4 * 8  # one knot lies before the window


# work, releases, outreach


def test_visits_of_the_coordination_mechanism_add_up_to_the_published_figure():
    for scale in (1.0, 0.01):
        rows = city(scale)["outreach"].filter(pl.col("kind") == "visit")
        rows = rows.filter(pl.col("held_on").is_between(day("2024-10-01"), day("2025-03-31")))
        assert abs(rows["firms_reached"].sum() - 310_000 * scale) <= 1


def test_counts_of_outreach_scale_without_bias():
    """Whole counts of a hundredth of the city, summed, are a hundredth of the city's but for the rounding of each."""
    names = ["firms_reached", "matches"]
    whole, part = (city(scale)["outreach"].filter(pl.col("kind") == "park").select(names).sum() for scale in (1.0, 0.1))
    for name in names:
        assert part[name][0] == pytest.approx(whole[name][0] / 10, rel=0.05), name


def test_a_venture_day_is_handed_on_for_every_month_since_the_first():
    days = dict(city()["outreach"].select("outreach_id", "held_on").rows())
    handed = raw()["outreach"]["_venture_day"]
    assert handed.shape == (72,) and not handed[:10].any() and handed[10:].all()
    for month, number in enumerate(handed[10:].tolist(), 10):
        assert (days[number].year - 2022) * 12 + days[number].month - 1 == month


def test_the_latest_cross_border_event_of_a_district_is_no_older_than_a_quarter():
    rows = {r["outreach_id"]: r for r in city()["outreach"].iter_rows(named=True)}
    handed = raw()["outreach"]["_cross_border"]
    assert handed.shape == (72, 11) and not handed[:14].any() and handed[14:].all()
    for month in range(14, 72):
        for district, number in enumerate(handed[month].tolist()):
            event = rows[number]
            age = month - ((event["held_on"].year - 2022) * 12 + event["held_on"].month - 1)
            assert (event["kind"], event["district_id"]) == ("cross_border", district + 1) and 0 <= age < 3


def test_most_tasks_and_releases_are_on_time_and_some_are_late():
    done = city()["work_item"].filter(pl.col("due_on") < day("2027-06-30"))
    released = city()["data_release"].filter(pl.col("due_on") < day("2027-06-30"))
    assert done.height > 300 and released.height > 300
    for rows, column in ((done, "done_on"), (released, "released_on")):
        on_time = (rows[column] <= rows["due_on"]).fill_null(False).mean()
        assert 0.8 < on_time < 0.99


def test_nothing_lies_after_the_window():
    last = datetime.date(2027, 12, 31)
    for name in (*FIXED, *SCALED):
        dates = city()[name].select(pl.col(pl.Date))
        for column in dates.columns:
            assert dates[column].max() <= last, f"{name}.{column}"
