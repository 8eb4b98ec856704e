"""A bank's report is the sum of its notes plus the stated part without notes: every aggregate, scope and version."""

from functools import cache

import polars as pl
import pytest

from tests.world.shared import day, held_at, world

VERSIONS = ["2024", "2025"]
ALWAYS = {
    "enterprise_loans": pl.lit(True),
    "tech_industry_loans": pl.any_horizontal(pl.col(f).is_not_null() for f in ("htp", "hts", "se", "pa")),
    "green_loans": pl.col("green"),
    "manufacturing_loans": pl.col("manufacturing"),
    "manufacturing_long_term_loans": pl.col("manufacturing") & (pl.col("tenor_months") > 12),
    "digital_loans": pl.col("digital"),
    "npl_loans": pl.col("grade").is_in(["FQ03", "FQ04", "FQ05"]),
}
# In 2024 tech SMEs and specialised SMEs of the city (SRDI) did not count; their little giants did.
IN_SCOPE = {
    "2025": ["HNTE", "TECH_SME", "SRDI", "LITTLE_GIANT", "CHAMPION", "DEMONSTRATION"],
    "2024": ["HNTE", "LITTLE_GIANT", "CHAMPION", "DEMONSTRATION"],
}
LINE = {"2024": 10_000_000_00, "2025": 20_000_000_00}  # yuan in cents: most that a small borrower may owe in all


@cache
def stock():
    """Notes at month ends with what the aggregates ask for."""
    notes = world()["loan"].drop("amount", "amount_rmb")
    rows = world()["loan_balance"].join(notes, on="loan_id")
    owed = pl.col("balance_rmb").sum().over("enterprise_id", "month")
    rows = rows.with_columns(owed=owed)
    for version, tags in IN_SCOPE.items():
        held = held_at(tags).with_columns(pl.lit(True).alias(f"tech_{version}"))
        rows = rows.join(held, on=["enterprise_id", "month"], how="left")
        rows = rows.with_columns(pl.col(f"tech_{version}").fill_null(False))
    return rows


def of_notes(item, version):
    tech, use = pl.col(f"tech_{version}"), ALWAYS["tech_industry_loans"]
    small = pl.col("borrower_size").is_in(["CS03", "CS04"])
    own = {
        "tech_enterprise_loans": tech,
        "tech_loans": tech | use,
        "inclusive_loans": small & (pl.col("owed") <= LINE[version]),
    }
    return stock().filter({**ALWAYS, **own}[item]).group_by("month", "institution_id").agg(pl.col("balance_rmb").sum())


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("item", [*ALWAYS, "tech_loans", "tech_enterprise_loans", "inclusive_loans"])
def test_an_aggregate_is_its_notes_plus_the_stated_rest(item, version):
    told = world()["bank_month"].filter(pl.col("scope_version") == version)
    both = told.join(of_notes(item, version), on=["month", "institution_id"], how="left").with_columns(
        pl.col("balance_rmb").fill_null(0)
    )
    assert both["balance_rmb"].sum() > 0
    assert both.filter(pl.col(item) != pl.col("balance_rmb") + pl.col(f"{item}_other")).is_empty()


def test_all_loans_are_their_parts():
    whole = pl.col("enterprise_loans") + pl.col("household_loans") + pl.col("overseas_loans") + pl.col("non_bank_loans")
    assert world()["bank_month"].filter(pl.col("all_loans") != whole).is_empty()


def test_a_part_is_no_larger_than_its_whole():
    parts = {
        "bill_loans": "enterprise_loans_other",
        "tech_industry_loans": "tech_loans",
        "tech_enterprise_loans": "tech_loans",
        "manufacturing_long_term_loans": "manufacturing_loans",
        "manufacturing_loans": "enterprise_loans",
        "npl_loans": "all_loans",
        "tech_loans": "enterprise_loans",
    }
    for part, whole in parts.items():
        totals = (
            world()["bank_month"]
            .group_by("month", "reporting_scope", "scope_version")
            .agg(pl.col(part).sum().alias("part"), pl.col(whole).sum().alias("whole"))
        )
        assert totals.filter(pl.col("part") > pl.col("whole")).is_empty(), (part, whole)


def test_one_version_a_month_is_current_and_the_break_is_in_march_2025():
    told = world()["bank_month"]
    current = told.filter("current").group_by("month", "institution_id", "reporting_scope").len()
    assert current["len"].unique().to_list() == [1]
    assert current["month"].n_unique() == 72
    first_new = told.filter(pl.col("current") & (pl.col("scope_version") == "2025"))["month"].min()
    assert first_new == day("2025-03-31")
    overlap = told.group_by("month").agg(pl.col("scope_version").n_unique()).filter(pl.col("scope_version") == 2)
    assert sorted(overlap["month"]) == [day("2024-12-31"), day("2025-01-31"), day("2025-02-28"), day("2025-03-31")]


def test_every_bank_reports_in_every_month():
    banks = world()["institution"].filter(pl.col("kind") == "bank")["institution_id"]
    for (_, _), part in world()["bank_month"].group_by("month", "scope_version"):
        assert sorted(part["institution_id"].unique()) == sorted(banks)
