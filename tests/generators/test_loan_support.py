"""What hangs on a loan: guarantees, collateral, relending, subsidies, the risk pool and accountability cases."""

import polars as pl
import pytest

from tests.world.shared import IN_SCOPE, day, world

SCALE = 0.05  # claims and draws are few
YUAN, MILLION = 100, 100_000_000  # cents
SMES = ["CS02", "CS03", "CS04"]
PLANS = ["special_plan", "seed_plan", "batch"]
NPL = ["FQ03", "FQ04", "FQ05"]
PERCENT = 100_000  # a rate of 1 % as it is stored
FOREVER = day("2099-12-31")


def table(name):
    return world(SCALE)[name]


def with_loan(name, *columns):
    """The table with columns of its note."""
    return table(name).join(table("loan").select("loan_id", *columns), on="loan_id")


# guarantee


def guarantees():
    return with_loan("guarantee", "enterprise_id", "amount_rmb", "guarantee", "due_on", "tenor_months", "borrower_size")


def test_the_shares_of_a_guarantee_are_the_whole_principal():
    shares = guarantees().select(pl.sum_horizontal("^share_.*$").alias("sum"), "share_bank", "kind")
    assert shares.height > 5000
    assert (shares["sum"] == 100 * PERCENT).all()
    assert set(shares.filter(pl.col("share_bank") > 0)["kind"]) == set(PLANS)


def test_each_class_of_the_special_plan_has_its_ceiling():
    plan = guarantees().filter(pl.col("kind") == "special_plan")
    highest = dict(plan.group_by("plan_class").agg(pl.col("share_national").max() // PERCENT).rows())
    assert highest == {"A": 40, "B": 35, "C": 30}
    assert plan["share_bank"].min() == plan["share_provincial"].min() == 20 * PERCENT


def test_a_seed_loan_is_split_five_three_two_of_eighty():
    seed = guarantees().filter(pl.col("kind") == "seed_plan")
    assert seed.height > 5
    shares = ["share_national", "share_city", "share_guarantor", "share_bank"]
    assert {tuple(x // PERCENT for x in row) for row in seed.select(shares).rows()} == {(40, 24, 16, 20)}


def test_a_firm_s_live_contracts_with_the_national_fund_stay_within_its_cap():
    """At each start, in the words of the rule: 30 million under the special plan, 10 million otherwise."""
    mine = guarantees().filter(pl.col("kind").is_in(PLANS))
    mine = mine.select("enterprise_id", "kind", "principal", "started_on", pl.col("released_on").fill_null(FOREVER))
    pairs = mine.with_row_index().join(mine, on="enterprise_id", suffix="_other")
    pairs = pairs.filter(
        (pl.col("started_on_other") <= pl.col("started_on")) & (pl.col("released_on_other") >= pl.col("started_on"))
    )
    live = pairs.group_by("index").agg(pl.col("principal_other").sum(), pl.col("kind").first(), pl.len())
    assert live.filter(pl.col("len") > 1).height > 100
    cap = pl.when(pl.col("kind") == "batch").then(10 * MILLION).otherwise(30 * MILLION)
    assert live.filter(pl.col("principal_other") > cap).is_empty()


def test_only_a_note_in_default_is_claimed_on_and_no_more_than_is_owed():
    claimed = guarantees().filter(pl.col("claimed_on").is_not_null() & (pl.col("claimed_on") > day("2022-04-30")))
    late = table("loan_balance").filter(pl.col("overdue_days") > 0)
    first = late.group_by("loan_id").agg(pl.col("month").min(), pl.col("balance_rmb").first())
    both = claimed.join(first, on="loan_id", how="left")
    assert both.height > 150
    assert both.filter(pl.col("month").is_null() | (pl.col("month") > pl.col("claimed_on"))).is_empty()
    assert both.filter(pl.col("claimed_amount") > pl.col("balance_rmb")).is_empty()
    assert both.filter(pl.col("claimed_amount") > pl.col("guaranteed_amount")).is_empty()


def test_the_special_plan_claims_less_than_its_ceiling():
    over = guarantees().filter((pl.col("kind") == "special_plan") & pl.col("released_on").is_not_null())
    assert over.height > 300
    assert over["compensated_amount"].sum() < 0.05 * over["guaranteed_amount"].sum()


def test_the_fee_is_below_one_percent_with_the_national_fund():
    plan = guarantees().filter(pl.col("kind").is_in(PLANS))
    assert plan["fee_rate"].max() < PERCENT
    paid = (plan["fee"] * 12 * 100 * PERCENT / (plan["guaranteed_amount"] * plan["tenor_months"])).to_numpy()
    assert abs(paid - plan["fee_rate"].to_numpy()).max() < 2


# collateral


def test_a_thing_secures_the_note_that_says_so():
    kinds = with_loan("collateral", "guarantee", "amount_rmb", "granted_on")
    assert kinds.height > 50_000
    secured = table("loan").filter(pl.col("guarantee").is_in(["A", "B01", "B99", "E"]))
    assert set(secured["loan_id"]) == set(kinds["loan_id"])
    assert set(kinds.filter(pl.col("guarantee") == "B01")["kind"]) == {"property"}
    assert set(kinds.filter(pl.col("guarantee") == "A")["form"]) == {"pledge"}
    assert kinds.filter(pl.col("valued_on") >= pl.col("granted_on")).is_empty()


def test_the_loan_to_value_ratio_is_the_amount_over_the_value():
    things = table("collateral")
    ratio = things["secured_amount"] / things["value"] * 100 * PERCENT
    assert (ratio - things["loan_to_value"]).abs().max() < 2
    highest = dict(things.group_by("kind").agg(pl.col("loan_to_value").max() / PERCENT).rows())
    ceilings = {"property": 70, "receivable": 80, "equity": 60, "equipment": 50, "ip": 50, "data_asset": 50}
    assert all(highest[kind] <= ceilings[kind] for kind in highest)
    assert len(highest) == 6


# relending


def ledger():
    return with_loan("relending_loan", "enterprise_id", "institution_id", "amount_rmb", "borrower_size")


def test_a_draw_is_the_sum_of_its_ledger_to_the_cent():
    sums = (
        ledger()
        .drop_nulls("draw_id")
        .group_by("draw_id")
        .agg(
            pl.len(),
            pl.col("eligible_principal").sum(),
            pl.col("refinanced_amount").sum(),
            pl.col("institution_id").unique(),
        )
    )
    both = table("relending_draw").join(sums, on="draw_id", how="full", suffix="_sum")
    assert both.height > 100
    assert both.filter(
        pl.col("draw_id").is_null()
        | pl.col("draw_id_sum").is_null()
        | (pl.col("loans") != pl.col("len"))
        | (pl.col("eligible_principal") != pl.col("eligible_principal_sum"))
        | (pl.col("amount") != pl.col("refinanced_amount"))
        | (pl.col("institution_id_sum").list.len() != 1)
        | (pl.col("institution_id_sum").list.first() != pl.col("institution_id"))
    ).is_empty()


def test_a_draw_refinances_sixty_percent_at_most_of_what_was_lent_before():
    draws = table("relending_draw")
    assert draws.filter(pl.col("amount") * 10 > pl.col("eligible_principal") * 6).is_empty()
    assert draws.filter(pl.col("drawn_on") <= pl.col("quarter")).is_empty()
    lent = ledger().drop_nulls("draw_id")
    assert lent.filter(pl.col("granted_on") >= pl.col("drawn_on")).is_empty()


def in_a_span(loans, spans, since, until):
    """The loans of whose borrower some span holds at grant; an end that is null has not come."""
    both = loans.join(spans.select("enterprise_id", since, until), on="enterprise_id")
    return both.filter(
        (pl.col(since) < pl.col("granted_on")) & (pl.col(until).fill_null(FOREVER) > pl.col("granted_on"))
    )


def test_only_eligible_lenders_and_firms_that_are_still_listed_are_on_the_ledger():
    eligible = table("institution").filter("relending_eligible")
    assert ledger().join(eligible, on="institution_id", how="anti").is_empty()
    entries = table("list_entry").filter((pl.col("list") == "relending") & pl.col("pushed_on").is_not_null())
    assert ledger().height > 300
    fits = in_a_span(ledger(), entries, "pushed_on", "removed_on")
    assert ledger().join(fits, on="loan_id", how="anti").is_empty()


def test_a_lot_for_tech_firms_serves_none_between_the_end_of_its_tag_and_the_late_list_that_renews_it():
    lot = ledger().filter(pl.col("lot").is_in(["TI2022", "FL2024", "TS2025"]))
    tags = table("enterprise_tag").filter("in_scope")
    since = pl.max_horizontal("valid_from", "published_on").dt.offset_by("-1d")
    fits = in_a_span(lot, tags.with_columns(since=since, until=pl.col("valid_to").dt.offset_by("1d")), "since", "until")
    assert lot.height > 200
    assert lot.join(fits, on="loan_id", how="anti").is_empty()


def test_the_equipment_lot_pays_for_equipment_of_a_project_in_work():
    lot = with_loan("relending_loan", "enterprise_id", "product_class", "purpose").filter(pl.col("lot") == "EQ2024")
    renewals = table("project").filter(pl.col("kind") == "equipment_renewal")
    assert lot.height > 30
    fits = in_a_span(lot, renewals, "approved_on", "completed_on")
    assert lot.join(fits, on="loan_id", how="anti").is_empty()
    stated = pl.col("purpose").str.ends_with("设备购置") | pl.col("purpose").str.ends_with("技术改造")
    assert lot.filter((pl.col("product_class") != "F023") & ~stated).is_empty()


def test_no_relending_goes_to_finance_or_property():
    uses = with_loan("relending_loan", "use_industry")["use_industry"].str.slice(0, 1)
    assert not set(uses) & {"J", "K"}


def test_the_rate_of_a_draw_is_that_of_its_day():
    steps = [("2022-04-28", 1.75), ("2025-05-07", 1.50), ("2026-01-19", 1.25)]
    rate = pl.lit(None, pl.Int64)
    for start, percent in steps:
        rate = pl.when(pl.col("drawn_on") >= day(start)).then(round(percent * PERCENT)).otherwise(rate)
    draws = table("relending_draw").with_columns(expected=rate)
    assert draws["rate"].n_unique() == 3
    assert (draws["rate"] == draws["expected"]).all()


# interest subsidy


def subsidies():
    return with_loan("interest_subsidy", "enterprise_id", "first_loan", "granted_on", "borrower_size", "fiscal_support")


@pytest.mark.parametrize(("span", "cap"), [(["enterprise_id", "year"], 1), (["enterprise_id"], 3)])
def test_a_firm_gets_no_more_from_the_city_than_its_caps(span, cap):
    city = subsidies().filter(pl.col("scheme") == "city_sme").with_columns(year=pl.col("period_to").dt.year())
    firms = city.group_by(span).agg(pl.col("entitled").sum(), pl.col("computed").sum())
    assert firms.height > 40
    assert firms["entitled"].max() <= cap * MILLION
    assert firms.filter(pl.col("computed") > cap * MILLION).height > 3, "the cap binds somewhere"
    loose = firms.filter(pl.col("computed") <= cap * MILLION)
    if cap == 3:  # whoever stays below the total cap loses only to the cap of a year
        loose = city.group_by("enterprise_id", "year").agg(pl.col("entitled").sum(), pl.col("computed").sum())
        loose = loose.filter(pl.col("computed") > MILLION)
        assert (loose["entitled"] <= MILLION).all()
    else:
        reached = city.group_by("enterprise_id").agg(total=pl.col("entitled").sum())
        loose = loose.join(reached.filter(pl.col("total") < 3 * MILLION), on="enterprise_id")
        assert (loose["entitled"] == loose["computed"]).all()


def test_the_interest_is_that_of_the_balances_at_the_rates_in_force():
    rows = subsidies().select("loan_id", "period_from", "period_to", "interest")
    stock = table("loan_balance").filter(pl.col("overdue_days") == 0)
    months = rows.join(stock, on="loan_id").filter(pl.col("month").is_between("period_from", "period_to"))
    worked = months.with_columns(one=pl.col("balance_rmb") * pl.col("rate") // (12 * 100 * PERCENT))
    worked = worked.group_by("loan_id", "period_to").agg(pl.col("one").sum())
    both = rows.join(worked, on=["loan_id", "period_to"], how="left")
    assert both.height > 500
    assert (both["interest"] == both["one"]).all()


def test_the_city_pays_half_of_the_interest_and_more_for_first_loans():
    city = subsidies().filter(pl.col("scheme") == "city_sme")
    share = pl.when("first_loan").then(70).otherwise(50)
    assert city.filter((pl.col("computed") - pl.col("interest") * share / 100).abs() > 1).is_empty()
    assert set(city["borrower_size"]) <= set(SMES)


def test_a_subsidised_note_says_so_in_its_reporting_field():
    scheme = {"central_equipment": "A0101", "city_sme": "A0201"}
    rows = subsidies().with_columns(expected=pl.col("scheme").replace_strict(scheme))
    assert set(rows["expected"]) == set(scheme.values())
    assert rows.filter(pl.col("fiscal_support") != pl.col("expected")).is_empty()


# risk pool


def pool():
    columns = ["amount_rmb", "borrower_size", "institution_id", "enterprise_id", "granted_on"]
    return with_loan("risk_claim", *columns)


def test_the_pool_covers_small_loans_that_turned_substandard():
    claims = pool()
    assert claims.height > 200
    assert set(claims["borrower_size"]) <= {"CS03", "CS04"}
    assert claims["amount_rmb"].max() <= 30 * MILLION
    assert claims["institution_id"].n_unique() <= 43
    bad = table("loan_balance").filter(pl.col("grade").is_in(NPL)).group_by("loan_id").agg(pl.col("month").min())
    seen = claims.filter(pl.col("filed_on") > day("2022-06-30")).join(bad, on="loan_id", how="left")
    assert seen.filter(pl.col("month").is_null() | (pl.col("month").dt.month_start() > pl.col("filed_on"))).is_empty()


def test_the_pool_pays_half_of_the_loss_at_most_and_nothing_twice():
    paid = pool().drop_nulls("paid").join(table("guarantee"), on="loan_id", how="left", suffix="_g")
    assert paid.height > 100
    assert paid.filter(pl.col("paid") * 2 > pl.col("npl_principal")).is_empty()
    both = pl.col("paid") + pl.col("compensated_amount").fill_null(0)
    assert paid.filter(pl.col("compensated_amount").is_not_null()).height > 0
    assert paid.filter(both > pl.col("npl_principal")).is_empty()


def test_the_payments_of_a_year_are_within_the_pool():
    years = pool().drop_nulls("paid").group_by(pl.col("paid_on").dt.year()).agg(pl.col("paid").sum())
    assert years["paid"].max() < 50 * 100 * MILLION * SCALE


def test_filings_are_decided_faster_under_the_action_plan():
    days = (
        pool().drop_nulls("decided_on").with_columns(days=(pl.col("decided_on") - pl.col("filed_on")).dt.total_days())
    )
    before = days.filter(pl.col("filed_on") < day("2025-03-01"))["days"]
    after = days.filter(pl.col("filed_on") >= day("2025-03-01"))["days"]
    assert len(before) > 50 and len(after) > 50
    assert after.median() < before.median() * 0.75


# accountability


def cases():
    return with_loan("accountability_case", "enterprise_id", "institution_id")


def test_a_case_is_on_a_bad_loan_and_there_is_one_a_borrower_and_bank():
    found = cases()
    assert found.height > 1000
    assert found.select("enterprise_id", "institution_id").is_unique().all()
    bad = table("loan_balance").filter(pl.col("grade").is_in(NPL)).select("loan_id").unique()
    seen = found.filter(pl.col("opened_on") > day("2022-09-30"))
    assert seen.join(bad, on="loan_id", how="anti").is_empty()


def test_a_written_rule_exempts_more_often():
    policy = table("bank_policy").select("institution_id", "valid_from", "exemption_rule").sort("valid_from")
    decided = cases().drop_nulls("decided_on").sort("decided_on")
    both = decided.join_asof(policy, left_on="decided_on", right_on="valid_from", by="institution_id")
    share = dict(
        both.drop_nulls("exemption_rule")
        .group_by("exemption_rule")
        .agg((pl.col("outcome") == "exempted").mean())
        .rows()
    )
    assert share[True] > share[False] + 0.15


# shared


def test_a_tech_product_of_the_state_goes_to_tech_firms():
    """Special plan and the ledger's lots for tech firms: the borrower holds a tag on the day of the grant."""
    plan = guarantees().filter(pl.col("kind") == "special_plan").select("loan_id", "enterprise_id", on="started_on")
    lots = ledger().filter(pl.col("lot").is_in(["TI2022", "FL2024", "TS2025"]))
    both = pl.concat([plan, lots.select("loan_id", "enterprise_id", on="granted_on")])
    tags = table("enterprise_tag").filter(pl.col("tag").is_in([*IN_SCOPE, "INNOVATIVE_SME"]))
    held = both.join(tags, on="enterprise_id").filter(pl.col("on").is_between("valid_from", "valid_to"))
    assert both.height > 500
    assert both.join(held, on="loan_id", how="anti").is_empty()
