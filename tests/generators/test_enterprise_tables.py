"""Tables about firms: books, patents, chains, carbon, projects, lists, institutes, queries and versions."""

from functools import cache
from itertools import pairwise

import numpy as np
import polars as pl
import pytest

import sfbench
from sfbench.world import blocks
from sfbench.world.plan import plan
from tests.world.shared import SEED, day, frames

OWN = ["enterprise_year", "carbon_account", "chain_link", "project", "list_entry", "institute", "credit_report"]
TABLES = [*OWN, "enterprise_version", "enterprise", "enterprise_tag", "credit_application", "listing"]
SCALE, WIDE = 0.03, 0.2
CENTS_OF_100M = 10_000_000_000


@cache
def city(scale=SCALE, seed=SEED, tables=tuple(TABLES)):
    return frames(sfbench.generate("baseline", scale=scale, seed=seed, tables=list(tables)))


@cache
def raw(index=0, scale=SCALE, seed=SEED):
    """Raw columns of one block, unpublished ones too."""
    wish = plan("baseline", scale=scale, seed=seed, tables=tuple(TABLES))
    return blocks.make(wish, wish.block(index), blocks.prelude(wish))[0]


def wide_year(year):
    """The year's rows of the city's firms at a scale that is wide enough for totals, and the factor to the city."""
    made = city(WIDE, tables=("enterprise_year", "enterprise"))
    inside = made["enterprise"].filter("in_city").select("enterprise_id")
    return made["enterprise_year"].filter(pl.col("year") == year).join(inside, on="enterprise_id", how="semi")


# Every table is there at the smallest scale


@pytest.mark.parametrize("seed", [0, 1, 2, 3])
def test_no_table_is_empty_at_the_smallest_scale(seed):
    made = city(0.002, seed)
    assert {name: made[name].height for name in TABLES if not made[name].height} == {}
    assert made["institute"].filter("hk_funded").height >= 1
    assert set(made["chain_link"]["role"]) == {"leader", "supplier"}
    assert set(made["list_entry"]["list"]) >= {"relending", "coordination", "key_project", "tech_firm"}


# A firm's year


def test_revenue_staff_and_size_are_those_that_the_tags_were_tested_on():
    made, state = raw(), raw()["firm_state"]
    year = made["enterprise_year"]
    row, at = year["enterprise_id"] - state["firm"][0], year["year"] - 2015
    paths = made["firm_month"]
    assert len(row) > 3000
    assert np.array_equal(year["revenue"], np.floor(paths["revenue"][row, at] * 100 + 0.5).astype(np.int64))
    assert np.array_equal(year["staff"], paths["staff"][row, at])
    assert np.array_equal(year["size"], paths["size"][row, at])
    ratio = year["rd_spend"] / np.maximum(year["revenue"], 1) * 100
    assert np.abs(ratio - paths["rd_ratio"][row, at])[year["revenue"] > 1e7].max() < 1e-4


def test_handed_on_arrays_are_the_published_columns():
    made = raw()
    year, first = made["enterprise_year"], made["firm_state"]["firm"][0]
    row, at = year["enterprise_id"] - first, year["year"] - 2021
    pairs = {"_revenue": "revenue", "_net_assets": "net_assets", "_patents": "valid_inventions"}
    for hidden, shown in (pairs | {"_points": "innovation_points", "_stage": "stage", "_tco2e": "tco2e"}).items():
        assert year[hidden].shape == (len(made["firm_state"]["firm"]), 7)
        assert np.array_equal(year[hidden][row, at], year[shown]), hidden


def test_all_tech_firms_and_the_larger_others_report():
    made = raw()
    state, year = made["firm_state"], made["enterprise_year"]
    reports = np.isin(state["firm"], year["enterprise_id"])
    alive = (state["founded_month"] <= 2022 * 12) & (made["firm_month"]["exit_month"] > 2023 * 12)
    expected = (state["kind"] < 3) | (state["size"] <= 1)
    assert np.array_equal(reports[alive], expected[alive])


@pytest.mark.parametrize(("year", "total"), [(2022, 1880.49), (2023, 2236.6)])
def test_internal_rd_expenditure_comes_to_the_published_total_with_the_part_of_others(year, total):
    """Firms spend 94 % of it (prior); the largest firms make it vary from prefix to prefix."""
    spent = wide_year(year)["rd_internal"].sum() / CENTS_OF_100M / WIDE
    assert spent == pytest.approx(0.94 * total, rel=0.06)


def test_patents_come_to_the_published_total_and_few_firms_hold_most():
    held = wide_year(2024)["valid_inventions"].sort(descending=True)
    assert held.sum() / WIDE == pytest.approx(250_000, rel=0.15)
    assert held.head(int(100 * WIDE)).sum() / held.sum() > 0.35
    assert (held == 0).mean() > 0.5


def test_firms_with_ip_rights_come_to_the_published_number():
    firms = city(WIDE, tables=("enterprise_year", "enterprise"))["enterprise"]
    on = day("2024-06-30")
    there = pl.col("dissolved_on").is_null() | (pl.col("dissolved_on") > on)
    holders = firms.filter(there & pl.col("in_city") & (pl.col("first_ip_on") <= on)).height
    assert holders / WIDE == pytest.approx(200_000, rel=0.03)


def test_a_stage_follows_from_more_than_age():
    firms = city()["enterprise"].select("enterprise_id", "founded_on")
    years = city()["enterprise_year"].filter(pl.col("year") == 2025).join(firms, on="enterprise_id")
    ten = years.filter(pl.col("founded_on").dt.year().is_between(2014, 2016))
    assert set(years["stage"]) == {"seed", "startup", "growth", "mature"}
    assert ten["stage"].n_unique() >= 3
    by_size = ten.group_by("size").agg((pl.col("stage") == "mature").mean()).sort("size")
    assert by_size["stage"].is_sorted(descending=True)


def test_inventions_do_not_fall_while_a_firm_is_young():
    steps = city()["enterprise_year"].sort("enterprise_id", "year")
    fell = pl.col("valid_inventions").diff().over("enterprise_id") < 0
    assert steps.filter(pl.col("valid_inventions") > 0).height > 1000
    assert steps.filter(fell).is_empty()


def test_tech_smes_keep_below_the_limit_of_assets():
    tested = city()["enterprise_tag"].filter(pl.col("tag") == "TECH_SME")
    both = tested.join(
        city()["enterprise_year"], left_on=["enterprise_id", pl.col("batch") - 1], right_on=["enterprise_id", "year"]
    )
    assert both.height > 500
    assert both["total_assets"].max() <= 20_000_000_000


# Chains


def test_a_supplier_would_supply_before_its_first_link_begins():
    """When a firm would supply is its own; a link waits for a leader of the block."""
    made = raw()
    link, first = made["chain_link"], made["firm_state"]["firm"][0]
    supplies = np.flatnonzero((link["role"] == 1) & (link["link_id"] & 7 == 0))
    starts = pl.DataFrame({"row": link["enterprise_id"][supplies] - first, "on": link["valid_from"][supplies]})
    since = link["_supplier_from"]
    assert supplies.size > 50
    month = (starts["on"].to_numpy().astype("datetime64[D]").astype("datetime64[M]").astype(int)) + 1970 * 12
    assert (since[starts["row"].to_numpy()] <= month).all()
    assert (since < 1 << 40).sum() >= starts["row"].n_unique()


def test_leaders_are_large_and_suppliers_are_not():
    made = raw()
    link, state = made["chain_link"], made["firm_state"]
    row = link["enterprise_id"] - state["firm"][0]
    leads = link["role"] == 0
    assert leads.sum() >= 1 and set(state["size"][row[leads]]) == {0}
    assert set(state["size"][row[~leads]]) == {1, 2}


# Carbon


def test_who_emits_less_than_its_trade_scores_higher():
    account = city()["carbon_account"].join(
        city()["enterprise"].select("enterprise_id", "industry_code"), on="enterprise_id"
    )
    division = pl.col("industry_code").str.slice(0, 3)
    ranks = account.with_columns(rank=(pl.col("intensity").rank() / pl.len()).over(division), n=pl.len().over(division))
    ranks = ranks.filter(pl.col("n") >= 20)
    assert ranks.height > 200
    assert ranks.select(pl.corr("rank", "score", method="spearman")).item() < -0.6


def test_a_firm_has_a_carbon_account_from_its_first_rating():
    made = raw()
    account, first = made["carbon_account"], made["firm_state"]["firm"][0]
    begins = account["rating_no"] == 1
    month = account["rated_on"][begins].astype("datetime64[D]").astype("datetime64[M]").astype(int) + 1970 * 12
    assert begins.sum() > 50
    assert np.array_equal(account["_carbon_from"][account["enterprise_id"][begins] - first], month)
    assert (account["_carbon_from"] < 1 << 40).sum() == begins.sum()


# Lists


def test_a_pushed_firm_is_on_a_list_that_pushes():
    made = raw()
    entry, first = made["list_entry"], made["firm_state"]["firm"][0]
    names = ("relending", "key_project", "coordination", "tech_firm", "seed")
    for hidden, lists in (("_pushed_from", {"coordination", "seed"}), ("_seed_from", {"seed"})):
        pushed = entry["pushed_on"].valid & np.isin(entry["list"], [names.index(name) for name in lists])
        month = entry["pushed_on"].values.astype("datetime64[D]").astype("datetime64[M]").astype(int) + 1970 * 12
        expected = np.full(len(made["firm_state"]["firm"]), 1 << 40)
        np.minimum.at(expected, entry["enterprise_id"][pushed] - first, month[pushed])
        assert pushed.sum() > 20, hidden
        assert np.array_equal(entry[hidden], expected), hidden


def test_three_hundred_and_ten_thousand_firms_are_visited_by_2025_03():
    entries = city(WIDE, tables=("list_entry",))["list_entry"].filter(pl.col("list") == "coordination")
    seen = entries.filter(pl.col("reserved_on") <= day("2025-03-31"))
    assert seen["enterprise_id"].n_unique() / WIDE == pytest.approx(310_000, rel=0.02)


def test_the_funnel_of_a_list_narrows():
    steps = ["reserved_on", "screened_on", "recommended_on", "pushed_on"]
    counts = city()["list_entry"].group_by("list").agg(pl.col(name).count() for name in steps)
    for left, right in pairwise(steps):
        assert counts.filter(pl.col(right) > pl.col(left)).is_empty(), right
    assert counts.filter(pl.col("pushed_on") == 0).is_empty()


# Institutes


def test_institutes_are_a_prefix_that_grows_with_the_scale():
    small, large = (city(scale, tables=("institute",))["institute"] for scale in (SCALE, WIDE))
    assert large.height == pytest.approx(900 * WIDE, abs=2)
    assert large.head(small.height).drop("sponsor_id").equals(small.drop("sponsor_id"))


def test_an_institute_s_code_is_no_enterprise_s():
    institutes = city(WIDE, tables=("institute",))["institute"]
    assert institutes.height > 100
    assert set(institutes["uscc"].str.slice(0, 2)) == {"12", "52"}
    assert institutes["uscc"].str.slice(2, 6).is_between(pl.lit("440390"), pl.lit("440399")).all()


# Credit platform


def test_half_a_million_firms_are_served_by_the_middle_of_2024():
    queries = city(WIDE, tables=("credit_report",))["credit_report"]
    served = queries.filter(pl.col("queried_on") <= day("2024-06-30"))["enterprise_id"].n_unique()
    assert served / WIDE == pytest.approx(500_000, rel=0.02)


def test_the_score_tells_who_will_default():
    """Area under the curve by ranks, against a default within twelve months of the query."""
    made = raw(0, WIDE)
    query, paths, first = made["credit_report"], made["firm_month"], made["firm_state"]["firm"][0]
    row = query["enterprise_id"] - first
    month = query["queried_on"].astype("datetime64[D]").astype("datetime64[M]").astype(int) + 1970 * 12
    default = paths["default_month"][row]
    keep = query["score"].valid & (default >= month) & (month < 2026 * 12)
    bad = default[keep] < month[keep] + 12
    score = pl.Series(query["score"].values[keep]).rank().to_numpy()
    area = (score[~bad].sum() - (~bad).sum() * ((~bad).sum() + 1) / 2) / (bad.sum() * (~bad).sum())
    assert bad.sum() > 100
    assert 0.65 < area < 0.95


# Versions


def test_versions_of_a_firm_join_and_cover_its_life():
    versions = city()["enterprise_version"].sort("enterprise_id", "version_no")
    following = pl.col("valid_from").shift(-1).over("enterprise_id")
    assert versions.filter(pl.col("valid_to").is_not_null()).height > 3000
    assert versions.filter(pl.col("valid_to") != following.dt.offset_by("-1d")).is_empty()
    assert versions.filter(pl.col("valid_to").is_null() != following.is_null()).is_empty()
    assert versions["enterprise_id"].n_unique() == city()["enterprise"].height


def test_only_firms_with_a_change_have_several_versions():
    versions = city()["enterprise_version"].sort("enterprise_id", "version_no")
    later = versions.filter(pl.col("version_no") > 1)
    assert set(later["change"]) == {"move", "size", "ownership", "dissolution", "name"}
    same = pl.all_horizontal(
        pl.col(name).eq_missing(pl.col(name).shift(1)) for name in ("district_id", "size", "ownership", "status")
    )
    before = pl.col("enterprise_id") == pl.col("enterprise_id").shift(1)
    assert versions.filter(same & before & pl.col("former_name_zh").is_null()).is_empty()


def test_a_few_firms_change_their_name_once_and_keep_what_it_says_of_place_trade_and_form():
    firms = city()["enterprise"].select("enterprise_id", "name_zh", "uscc")
    changed = city()["enterprise_version"].filter(pl.col("former_name_zh").is_not_null()).join(firms, "enterprise_id")
    assert 0.02 < changed.height / firms.height < 0.05
    assert changed["enterprise_id"].is_unique().all() and (changed["version_no"] > 1).all()
    head = pl.col("name_zh").str.slice(3, 2), pl.col("former_name_zh").str.slice(3, 2)  # behind 深圳市
    assert changed.filter(head[0] == head[1]).is_empty()
    for start, length in ((0, 3), (5, None)):
        kept = pl.col("name_zh").str.slice(start, length) == pl.col("former_name_zh").str.slice(start, length)
        assert changed.filter(~kept).is_empty()


# New columns of the register


def test_a_group_has_a_head_and_members():
    firms = city()["enterprise"].filter(pl.col("group_id").is_not_null())
    sizes = firms.group_by("group_id").agg(pl.len(), heads=(pl.col("enterprise_id") == pl.col("group_id")).sum())
    assert sizes.height > 20
    assert sizes.filter(pl.col("heads") != 1).is_empty()
    # A head's members have higher numbers than it, so some heads have theirs beyond the end of the data.
    assert sizes.filter(pl.col("len") < 2).height < 0.1 * sizes.height


def test_hard_technology_is_made_by_firms_of_hard_trades():
    firms = city()["enterprise"].with_columns(division=pl.col("industry_code").str.slice(0, 3))
    shares = firms.group_by("division").agg(pl.len(), hard=pl.col("hard_tech").mean())
    hard = shares.filter(pl.col("division").is_in(["C27", "C39", "C40"]))["hard"].min()
    soft = shares.filter(pl.col("division").is_in(["F51", "F52", "H62"]))["hard"].max()
    assert hard > 0.4 and soft == 0


@pytest.mark.parametrize("firms", [6174, 735])
def test_no_firm_supplies_itself_where_a_block_has_no_large_firm(firms):
    """In a last block of thirty firms, or a city of some hundreds, a small firm leads, which may be a supplier, too."""
    share = firms / plan("baseline", scale=1).firms
    own = {}
    for seed in (2, 102):
        link = sfbench.generate(scale=share, seed=seed, tables=["chain_link"])["chain_link"].to_pandas()
        own[seed] = int((link.leader_id == link.enterprise_id).sum())
    assert own == {2: 0, 102: 0}
