"""Tech insurance: premium is sum times rate, shares make a whole, caps hold in turn, claims answer to policies."""

from functools import cache

import polars as pl
import pytest

import sfbench
from sfbench.content import parameters
from tests.world.shared import SEED, frames

SCALE = 0.05
TABLES = ("insurance_product", "insurance_policy", "insurance_share", "insurance_claim", "insurance_subsidy")
BESIDE = ("enterprise", "enterprise_tag", "loan", "loan_balance")
IP = ["ip_overseas", "ip_enforcement", "ip_infringement"]
FIRST_OF_KIND = ["first_equipment", "first_material", "first_software"]
YUAN = 100  # cents


@cache
def tables(scale=SCALE):
    return frames(sfbench.generate("baseline", scale=scale, seed=SEED, tables=TABLES + BESIDE))


def policies():
    return tables()["insurance_policy"]


def test_a_premium_is_the_sum_insured_times_the_rate_to_the_cent():
    """Rates are in 1e-5 percent: a whole is 10**7 of them."""
    assert policies().height > 5_000
    exact = pl.col("sum_insured").cast(pl.Int128) * pl.col("rate")
    assert policies().filter((pl.col("premium").cast(pl.Int128) * 10**7 - exact).abs() > 5 * 10**6).is_empty()


def test_the_shares_of_a_policy_make_a_whole():
    shares = tables()["insurance_share"]
    sums = shares.group_by("policy_id").agg(pl.col("share", "sum_insured", "premium").sum(), insurers=pl.len())
    both = policies().join(sums, on="policy_id", how="left", suffix="_shared")
    assert both.filter(pl.col("share").is_null() | (pl.col("share") != 100 * 10**5)).is_empty()
    for name in ("sum_insured", "premium"):
        assert both.filter(pl.col(name) != pl.col(f"{name}_shared")).is_empty()
    assert both.filter((pl.col("insurers") > 1) != pl.col("coinsured")).is_empty()
    assert both.filter("coinsured").height > 100


def test_chip_makers_property_is_always_shared_by_several_insurers():
    pool = policies().filter(pl.col("line") == "chip_property")
    assert pool.height > 5 and pool["coinsured"].all()


def test_ip_subsidies_stay_within_the_firm_s_and_the_city_s_cap_of_the_year():
    paid = tables()["insurance_subsidy"].filter(pl.col("program") == "ip")
    by_firm = paid.group_by("enterprise_id", "year").agg(pl.col("amount").sum())
    by_year = paid.group_by("year").agg(pl.col("amount").sum())
    assert paid.height > 100
    assert by_firm["amount"].max() <= 200_000 * YUAN
    assert by_year["amount"].max() <= 5_000_000 * YUAN * SCALE


def test_who_comes_first_is_served_first():
    """When the pool has cut one applicant, all who come later in the year get nothing."""
    paid = tables()["insurance_subsidy"].filter(pl.col("program") == "ip").sort("year", "applied_on", "policy_id")
    assert paid.filter(pl.col("cut_by") == "pool").height > 10
    cut = pl.col("cut_by") == "pool"
    after = paid.with_columns(before=cut.cast(pl.Int64).cum_sum().over("year") - cut.cast(pl.Int64))
    assert after.filter((pl.col("before") > 0) & (pl.col("amount") > 0)).is_empty()


def test_a_cut_pool_is_spent_to_the_cent():
    paid = tables()["insurance_subsidy"].filter(pl.col("program") == "ip")
    years = paid.filter(pl.col("cut_by") == "pool")["year"].unique()
    spent = paid.filter(pl.col("year").is_in(years.implode())).group_by("year").agg(pl.col("amount").sum())
    assert len(years) >= 1
    assert (spent["amount"] == int(5_000_000 * YUAN * SCALE)).all()


def test_first_of_kind_subsidies_are_eighty_percent_of_the_premium_up_to_three_percent_for_three_years():
    paid = tables()["insurance_subsidy"].filter(pl.col("program") == "first_of_kind")
    both = paid.join(policies(), on="policy_id", suffix="_policy")
    assert both.height > 20 and set(both["line"]) == set(FIRST_OF_KIND)
    counted = pl.min_horizontal("premium", pl.col("sum_insured") * 3 // 100)
    assert both.filter(pl.col("amount") != counted * 80 // 100).is_empty()
    assert both["support_year"].is_between(1, 3).all()


def test_an_ip_subsidy_is_half_the_premium_unless_a_cap_cuts_it():
    paid = tables()["insurance_subsidy"].join(policies().select("policy_id", "line", "payer"), on="policy_id")
    assert set(paid["line"]) == set(IP + FIRST_OF_KIND)
    ip = paid.filter(pl.col("program") == "ip")
    assert ip.filter(pl.col("amount_due") != pl.col("premium") // 2).is_empty()
    assert ip.filter((pl.col("cut_by") == "none") != (pl.col("amount") == pl.col("amount_due"))).is_empty()
    assert (paid["payer"] == "enterprise").all()


def test_a_firm_that_renews_has_no_two_policies_of_a_line_at_a_time():
    yearly = policies().filter(pl.col("loan_id").is_null()).sort("enterprise_id", "line", "starts_on")
    before = pl.col("ends_on").shift(1).over("enterprise_id", "line")
    assert yearly.filter(before.is_not_null()).height > 2_000
    assert yearly.filter(pl.col("starts_on") <= before).is_empty()


def test_the_insured_holds_a_tag_in_scope_when_cover_begins():
    yearly = policies().filter(pl.col("loan_id").is_null())
    spells = tables()["enterprise_tag"].filter("in_scope")
    held = yearly.select("policy_id", "enterprise_id", "starts_on").join(spells, on="enterprise_id")
    held = held.filter(pl.col("starts_on").is_between("valid_from", "valid_to"))
    assert yearly.join(held, on="policy_id", how="anti").is_empty()


def test_claims_on_a_policy_never_exceed_what_it_insures():
    claims = tables()["insurance_claim"]
    sums = claims.group_by("policy_id").agg(pl.col("amount_claimed", "amount_paid").sum())
    both = sums.join(policies(), on="policy_id")
    assert both.height == sums.height > 200
    assert both.filter(pl.col("amount_claimed") > pl.col("sum_insured")).is_empty()
    assert claims.filter(pl.col("amount_paid") > pl.col("amount_claimed")).is_empty()


def test_a_loan_guarantee_policy_is_claimed_on_when_its_note_first_falls_overdue():
    """At the end of the month of the loss the note is overdue, and at the month end before it was not."""
    secured = policies().filter(pl.col("loan_id").is_not_null()).select("policy_id", "loan_id", "sum_insured")
    claims = tables()["insurance_claim"].join(secured, on="policy_id")
    stock = tables()["loan_balance"].select("loan_id", "month", "overdue_days", "balance")
    now = claims.with_columns(month=pl.col("occurred_on").dt.month_end())
    at = now.join(stock, on=["loan_id", "month"])
    assert claims.height > 20 and at.height > 15
    assert at.filter(pl.col("overdue_days") == 0).is_empty()
    before = now.with_columns(month=pl.col("month").dt.offset_by("-1mo").dt.month_end())
    before = before.join(stock, on=["loan_id", "month"])
    assert before.filter(pl.col("overdue_days") > 0).is_empty()
    share = int(parameters()["insurance.guarantee_share"].value)
    assert before.filter(pl.col("amount_claimed") != pl.col("balance") * share // 100).is_empty()


def test_every_overdue_note_that_is_insured_is_claimed():
    secured = policies().filter(pl.col("loan_id").is_not_null())
    overdue = tables()["loan_balance"].filter(pl.col("overdue_days") > 0).group_by("loan_id").agg(pl.col("month").min())
    bad = secured.join(overdue, on="loan_id")
    # Two months to the report and one to spare before the data end; not overdue before the window opens.
    bad = bad.filter(pl.col("month").is_between(pl.date(2022, 3, 31), pl.date(2027, 8, 31)))
    bad = bad.filter(pl.col("month") <= pl.col("ends_on").dt.month_start())
    assert bad.height > 15
    assert bad.join(tables()["insurance_claim"], on="policy_id", how="anti").is_empty()


@pytest.mark.parametrize("year", [2022, 2023, 2024, 2025, 2026, 2027])
def test_policies_of_all_stages_are_written_in_every_year(year):
    written = policies().filter(pl.col("written_on").dt.year() == year)
    assert set(written["stage"]) == {"rd", "conversion", "operation"}
    assert set(written["scope"]) == {"special", "general"}


def test_there_were_81_ip_products_in_the_spring_of_2025():
    launched = tables()["insurance_product"].filter(pl.col("launched_on") <= pl.date(2025, 4, 24))
    assert launched.filter(pl.col("line").is_in(IP)).height == 81


def test_the_city_s_cover_and_premium_of_2025_are_the_baseline_s():
    """Broad scope: 9,000 firms, 30,000 policies, cover 38,000 and premium 30 (CNY 100m); narrow: 4,200 and 4.6.

    A heavy tail at a twentieth of the city: within a fifth for counts, within 40 % for amounts.
    """
    year = policies().filter(pl.col("written_on").dt.year() == 2025)
    narrow = year.filter(pl.col("scope") == "special")
    city = YUAN * 10**8 * SCALE
    assert year["enterprise_id"].n_unique() / SCALE == pytest.approx(9_000, rel=0.2)
    assert year.height / SCALE == pytest.approx(30_000, rel=0.2)
    assert narrow.height / SCALE == pytest.approx(4_200, rel=0.25)
    assert year["sum_insured"].sum() / city == pytest.approx(38_000, rel=0.4)
    assert year["premium"].sum() / city == pytest.approx(30, rel=0.4)
