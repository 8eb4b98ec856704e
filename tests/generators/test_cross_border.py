"""Across the border: debt within quota by qualification and day, pools, Kehuitong, QFLP, credit reports."""

from functools import cache

import polars as pl
import pytest

import sfbench
from tests.world.shared import SEED, day, frames

SCALE = 0.3
TABLES = (
    *("cross_border_facility", "cross_border_debt", "cash_pool", "cash_pool_member", "cash_pool_flow"),
    *("research_transfer", "qflp", "qflp_inflow", "cross_border_report"),
)
BESIDE = (
    *("enterprise", "enterprise_tag", "loan", "month", "institute", "fund", "fund_commitment", "capital_call"),
    "institution",
)
USD = 100  # cents
QUALIFYING = ["HNTE", "LITTLE_GIANT", "SRDI"]


@cache
def tables():
    return frames(sfbench.generate("baseline", scale=SCALE, seed=SEED, tables=TABLES + BESIDE))


def debt():
    return tables()["cross_border_debt"].sort("enterprise_id", "quarter")


def test_external_debt_is_what_it_was_plus_drawn_less_repaid():
    steps = debt().with_columns(before=pl.col("balance").shift(1).over("enterprise_id"))
    assert steps.height > 500
    assert steps.filter(pl.col("opening") + pl.col("drawn") - pl.col("repaid") != pl.col("balance")).is_empty()
    assert steps.filter(pl.col("before").is_not_null() & (pl.col("opening") != pl.col("before"))).is_empty()


def test_external_debt_stays_within_the_quota_in_dollars():
    assert (debt()["balance_usd"] > 0).sum() > 200
    assert debt().filter(pl.col("balance_usd") > pl.col("quota_usd")).is_empty()


def test_debt_in_yuan_is_converted_at_the_parity_of_the_quarter_s_end():
    """`usd_cny` is published in 1e-5 yuan."""
    yuan = (
        debt()
        .filter(pl.col("currency") == "CNY")
        .join(tables()["month"].select(quarter="month", rate="usd_cny"), on="quarter")
    )
    assert (yuan["balance"] > 0).sum() > 10
    assert yuan.filter((pl.col("balance") / (pl.col("rate") / 1e5) - pl.col("balance_usd")).abs() > 1.01).is_empty()


def test_a_quota_is_that_of_its_rule_and_the_rule_that_of_its_day():
    facilities = tables()["cross_border_facility"]
    sizes = {"pilot": 5_000_000, "rule_2022": 10_000_000, "points": 20_000_000}
    assert set(facilities["basis"]) == set(sizes)
    for basis, dollars in sizes.items():
        assert set(facilities.filter(pl.col("basis") == basis)["quota_usd"]) == {dollars * USD}
    start = day("2022-06-01")
    assert facilities.filter((pl.col("basis") == "pilot") != (pl.col("registered_on") < start)).is_empty()
    assert facilities.filter(pl.col("basis") == "points")["registered_on"].min() >= day("2024-01-01")


def test_a_firm_registers_and_draws_only_while_it_holds_a_qualification():
    spells = tables()["enterprise_tag"].filter(pl.col("tag").is_in(QUALIFYING))
    facilities = tables()["cross_border_facility"].join(spells, on="enterprise_id")
    held = facilities.filter(
        (pl.col("tag") == pl.col("qualification")) & pl.col("registered_on").is_between("valid_from", "valid_to")
    )
    assert tables()["cross_border_facility"].join(held, on="facility_id", how="anti").is_empty()
    drawn = debt().filter(pl.col("drawn") > 0).select("enterprise_id", "quarter")
    starts = pl.col("quarter").dt.offset_by("-2mo").dt.month_start()
    held = drawn.join(spells, on="enterprise_id").filter(
        (pl.col("valid_from") <= pl.col("quarter")) & (pl.col("valid_to") >= starts)
    )
    assert drawn.height > 50
    assert drawn.join(held, on=["enterprise_id", "quarter"], how="anti").is_empty()


def test_debt_runs_off_when_the_qualification_has_lapsed():
    """Firms that may not draw any more still owe, and repay."""
    lapsed = debt().filter(~pl.col("qualified"))
    assert lapsed.filter(pl.col("balance") > 0).height > 0


def test_a_pool_has_its_leader_and_members_abroad():
    pools, members = tables()["cash_pool"], tables()["cash_pool_member"]
    leaders = members.filter(pl.col("member_no") == 0)
    assert pools.height > 10
    assert leaders.sort("pool_id")["enterprise_id"].to_list() == pools.sort("pool_id")["enterprise_id"].to_list()
    elsewhere = members.filter(pl.col("place") != "shenzhen")
    assert set(elsewhere["pool_id"]) == set(pools["pool_id"])
    assert members["enterprise_id"].drop_nulls().is_unique().all()


@pytest.mark.parametrize("seed", [10, 22, 45])
def test_a_city_of_a_thousand_firms_has_a_pool_though_no_old_group(seed):
    made = sfbench.generate(scale=1000 / 714285, seed=seed, tables=["cash_pool", "cash_pool_member", "cash_pool_flow"])
    assert made["cash_pool"].num_rows == 1
    assert made["cash_pool_member"].num_rows > 1 and made["cash_pool_flow"].num_rows > 0


def test_a_pool_s_flow_to_date_grows_by_what_goes_in_and_out():
    flows = tables()["cash_pool_flow"].sort("pool_id", "quarter")
    steps = flows.with_columns(before=pl.col("gross_to_date_usd").shift(1).over("pool_id"))
    grown = steps.filter(pl.col("before").is_not_null())
    assert grown.height > 200
    assert grown.filter(
        pl.col("before") + pl.col("inflow_usd") + pl.col("outflow_usd") != pl.col("gross_to_date_usd")
    ).is_empty()


def test_as_many_pools_as_the_city_had_in_the_middle_of_2024():
    """51 groups (facts.csv cash_pool_mnc)."""
    begun = tables()["cash_pool"].filter(pl.col("registered_on") <= day("2024-06-30"))
    assert begun.height / SCALE == pytest.approx(51, rel=0.25)


def test_research_funds_cross_the_border_only_under_the_right_to_it():
    transfers = tables()["research_transfer"].join(tables()["institute"], on="institute_id")
    assert transfers.height == tables()["research_transfer"].height > 30
    assert transfers["hk_funded"].all()
    assert transfers.filter(pl.col("transferred_on") < pl.col("kehuitong_from")).is_empty()
    yuan = transfers.filter(pl.col("currency") == "CNY")
    assert yuan.height > 5 and (yuan["amount"] == yuan["amount_cny"]).all()


def test_qflp_inflow_is_what_foreign_investors_paid_in():
    """Worked out from the funds' calls, at the parity of the month: in dollar cents, each call rounded down."""
    funds = tables()["fund"].filter(pl.col("currency_mode") != "rmb").select("fund_id", "manager_id")
    foreign = tables()["fund_commitment"].filter(pl.col("investor_kind") == "foreign")
    foreign = foreign.join(funds, on="fund_id").select("commitment_id", "manager_id")
    calls = tables()["capital_call"].join(foreign, on="commitment_id")
    calls = calls.with_columns(month=pl.col("paid_on").dt.month_end()).join(tables()["month"], on="month")
    calls = calls.with_columns(
        quarter=pl.col("paid_on").dt.quarter(), year=pl.col("paid_on").dt.year(), dollars=pl.col("amount") * 10**5
    ).with_columns(dollars=pl.col("dollars") // pl.col("usd_cny"))
    paid = calls.group_by("manager_id", "year", "quarter").agg(pl.col("dollars").sum())
    inflow = tables()["qflp_inflow"].with_columns(
        year=pl.col("quarter").dt.year(), quarter=pl.col("quarter").dt.quarter()
    )
    both = inflow.join(paid, on=["manager_id", "year", "quarter"], how="left").with_columns(
        pl.col("dollars").fill_null(0)
    )
    assert (both["dollars"] > 0).sum() > 10
    assert both.filter(pl.col("dollars") != pl.col("inflow_usd")).is_empty()


def test_what_comes_in_stays_within_the_manager_s_quota():
    inflow = tables()["qflp_inflow"]
    assert (inflow["inflow_to_date_usd"] > 0).sum() > 50
    assert inflow.filter(pl.col("inflow_to_date_usd") > pl.col("quota_usd")).is_empty()


def test_the_first_three_total_quotas_are_nine_hundred_million_dollars_of_the_city():
    """USD 0.9bn in January 2024, the largest 0.5bn (facts.csv qflp_total_quota_first3)."""
    first = tables()["qflp"].filter((pl.col("kind") == "total") & (pl.col("approved_on") < day("2024-02-01")))
    assert first.height == 3
    assert first["quota_usd"].sum() == 900_000_000 * USD * SCALE
    assert first["quota_usd"].max() == 500_000_000 * USD * SCALE


def test_a_loan_granted_on_a_report_is_of_its_firm_and_bank_and_comes_after_it():
    reports = tables()["cross_border_report"].filter(pl.col("loan_id").is_not_null())
    both = reports.join(tables()["loan"], on="loan_id", suffix="_loan")
    assert both.height == reports.height > 50
    assert both.filter(
        (pl.col("enterprise_id") != pl.col("enterprise_id_loan"))
        | (pl.col("institution_id") != pl.col("institution_id_loan"))
        | (pl.col("delivered_on") > pl.col("granted_on"))
    ).is_empty()


def test_reports_go_both_ways_through_credit_platforms():
    reports = tables()["cross_border_report"]
    assert set(reports["direction"]) == {"inbound", "outbound"}
    platforms = tables()["institution"].filter(pl.col("kind") == "credit_platform")["institution_id"]
    assert set(reports["platform_id"]) <= set(platforms)
