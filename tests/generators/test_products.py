"""Every note obeys the rules of its product, and its own dates, rates and classes agree."""

import polars as pl

from tests.world.shared import IN_SCOPE, held_at, world


def notes():
    """Notes with their product's rules (amounts in yuan) and their borrower's dates."""
    rules = world()["product"].drop("product_class", "name_zh", "name_en")
    firms = world()["enterprise"].select("enterprise_id", "founded_on", "dissolved_on", "first_credit_on")
    return world()["loan"].join(rules, on="product_id").join(firms, on="enterprise_id")


def test_amount_and_tenor_lie_within_the_product_s_bounds():
    assert notes().filter(~pl.col("amount_rmb").is_between("min_amount", "max_amount")).is_empty()
    assert notes().filter(~pl.col("tenor_months").is_between("min_tenor", "max_tenor")).is_empty()


def test_a_product_is_granted_between_its_launch_and_its_end():
    assert notes().filter(pl.col("granted_on") < pl.col("launched_on")).is_empty()
    assert notes().filter(pl.col("granted_on") > pl.col("ended_on")).is_empty()


def test_products_for_tech_firms_go_to_holders_of_a_tag_in_scope():
    """At the month end of the grant, which is when the borrower's flag is read."""
    held = held_at(IN_SCOPE)
    only = notes().filter(pl.col("tech_only") & (pl.col("requires_tag").fill_null("") != "unlisted"))
    recent = only.with_columns(month=pl.col("granted_on").dt.month_end()).filter(pl.col("granted_on").dt.year() >= 2022)
    assert recent.height > 100
    assert recent.join(held, on=["enterprise_id", "month"], how="anti").is_empty()


def test_the_start_up_scheme_goes_to_firms_on_no_list():
    first = notes().filter(pl.col("requires_tag") == "unlisted").select("application_id")
    asked = world()["credit_application"].join(first, on="application_id")
    asked = asked.with_columns(month=pl.col("applied_on").dt.month_end())
    assert asked.height > 5
    assert asked.join(held_at(IN_SCOPE), on=["enterprise_id", "month"], how="semi").is_empty()


def test_a_firm_is_young_enough_for_the_product():
    years = pl.format("{}y", pl.col("max_firm_age").fill_null(999))
    bound = notes().filter(pl.col("max_firm_age").is_not_null())
    assert bound.height > 5
    assert bound.filter(pl.col("granted_on") > pl.col("founded_on").dt.offset_by(years)).is_empty()


def test_the_guarantee_is_one_that_the_product_allows():
    allowed = pl.col("guarantee_kinds").str.split("|").list.contains(pl.col("guarantee"))
    assert notes().filter(~allowed).is_empty()


def test_a_floating_rate_lies_within_the_product_s_spread():
    floating = notes().filter(pl.col("rate_kind") == "RF02")
    spread = pl.col("grant_rate") - pl.col("benchmark_rate")
    bound = spread.is_between("min_spread", "max_spread") | (pl.col("grant_rate") == 50_000)  # 0.5 % is the floor
    assert floating.height > 1_000
    assert floating.filter(~bound).is_empty()


def test_new_rates_may_fall_below_the_loan_prime_rate():
    """Corporate rates lie below it since late 2024; nothing floors them there."""
    recent = notes().filter((pl.col("rate_kind") == "RF02") & (pl.col("granted_on").dt.year() >= 2025))
    assert recent.filter(pl.col("grant_rate") < pl.col("benchmark_rate")).height > 0


def test_the_benchmark_rate_is_empty_for_a_fixed_rate():
    assert notes().filter((pl.col("rate_kind") == "RF01") != pl.col("benchmark_rate").is_null()).is_empty()


def test_a_fixed_rate_never_moves_but_under_tengfei_1():
    tied = world()["product"].filter(pl.col("code") == "tengfei_1").select("product_id")
    fixed = world()["loan"].filter(pl.col("rate_kind") == "RF01").join(tied, on="product_id", how="anti")
    both = world()["loan_balance"].join(fixed.select("loan_id", "grant_rate"), on="loan_id")
    assert both.filter(pl.col("rate") != pl.col("grant_rate")).is_empty()


def test_a_note_falls_due_its_tenor_after_the_grant():
    due = pl.col("granted_on").dt.offset_by(pl.format("{}mo", "tenor_months"))
    assert notes().filter(pl.col("due_on") != due).is_empty()
    assert notes().filter(pl.col("due_on") <= pl.col("granted_on")).is_empty()


def test_a_repricing_lies_between_grant_and_maturity():
    assert notes().filter(~pl.col("repricing_on").is_between("granted_on", "due_on")).is_empty()


def test_the_product_class_is_the_product_s():
    classes = world()["product"].select("product_id", own="product_class")
    assert world()["loan"].join(classes, on="product_id").filter(pl.col("own") != pl.col("product_class")).is_empty()


def test_industry_flags_belong_to_the_use():
    """High-tech and patent-intensive classes follow the industry of the use; tech use is any of the four."""
    rows = world()["loan"]
    for flag in ("htp", "hts", "pa"):
        assert rows.group_by("use_industry").agg(pl.col(flag).n_unique())[flag].unique().to_list() == [1], flag
    assert rows.group_by("use_industry").agg(pl.col("se").n_unique())["se"].max() > 1  # drawn given the class
    any_flag = pl.any_horizontal(pl.col(flag).is_not_null() for flag in ("htp", "hts", "se", "pa"))
    assert rows.filter(pl.col("tech_use") != any_flag).is_empty()


def test_the_first_loan_is_one_contract_and_the_first_credit_anywhere():
    first = notes().filter("first_loan")
    assert first.height > 50
    assert first.filter(pl.col("granted_on") != pl.col("first_credit_on")).is_empty()
    assert first.group_by("enterprise_id").agg(pl.col("contract_code").n_unique())["contract_code"].max() == 1


def test_who_first_gets_credit_in_the_window_has_a_first_loan():
    firms = world()["enterprise"].filter(pl.col("first_credit_on").dt.year() >= 2022)
    flagged = world()["loan"].filter("first_loan")
    assert firms.height > 50
    assert firms.join(flagged, on="enterprise_id", how="anti").is_empty()


def test_no_loan_comes_before_the_first_credit():
    assert notes().filter(pl.col("first_credit_on").is_null()).is_empty()
    assert notes().filter(pl.col("granted_on") < pl.col("first_credit_on")).is_empty()
