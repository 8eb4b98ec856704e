"""Five-grade classes: minimums by days overdue since 2023-07, one verdict a firm and bank, what goes with arrears."""

import datetime
from types import SimpleNamespace

import numpy as np
import polars as pl
import pytest

from sfbench.content import tables
from sfbench.draws import Draw
from tests.world.shared import day, world

NEW_RULES = day("2023-07-31")
GRADES = ["FQ01", "FQ02", "FQ03", "FQ04", "FQ05"]
NPL = ["FQ03", "FQ04", "FQ05"]


def rank(column="grade"):
    return pl.col(column).replace_strict(GRADES, range(5), return_dtype=pl.Int64)


def stock():
    """Balances with the static columns of their notes."""
    return world()["loan_balance"].join(world()["loan"].drop("amount", "amount_rmb"), on="loan_id")


@pytest.mark.parametrize(("over", "least"), [(0, 1), (90, 2), (270, 3), (360, 4)])
def test_days_overdue_set_a_least_grade_since_july_2023(over, least):
    late = world()["loan_balance"].filter((pl.col("overdue_days") > over) & (pl.col("month") >= NEW_RULES))
    assert late.height > 20
    assert late.filter(rank() < least).is_empty()


@pytest.mark.parametrize(
    ("days", "grade"),
    [(0, "FQ01"), (1, "FQ02"), (90, "FQ02"), (91, "FQ03"), (270, "FQ03"), (271, "FQ04"), (360, "FQ04"), (361, "FQ05")],
)
def test_the_borders_of_the_grades_are_drawn_to_the_day(days, grade):
    """One note, looked at on 2025-06-30, when it has been overdue for so many days."""
    on = (day("2025-06-30") - datetime.date(1970, 1, 1)).days
    numbers = {"row": 0, "bank": 0, "usd": 0, "instalments": 1, "amount": 100, "period": 12, "tenor": 12, "outcome": 0}
    numbers |= {"attempt": 1 << 15, "granted_on": on - 500, "due_on": on + 90, "final_due": on + 90, "end_on": on + 90}
    numbers |= {"product": 0, "overdue_on": on - days, "resolved_on": on + 60, "rate": 400_000, "lpr": 300_000}
    note = {name: np.array([number]) for name, number in numbers.items()}
    note |= {"impaired": np.array([days > 0]), "usd": np.array([False]), "floating": np.array([False])}
    note |= {"extended": np.array([False]), "restructured": np.array([False])}
    known, block = tables(), SimpleNamespace(first=1, count=1)
    quiet = {"distress": np.zeros((1, 144), bool), "revenue": np.ones((1, 13))}
    needs = {"note": note, "tag_month": {"held": np.zeros((1, 144), np.uint16)}, "firm_month": quiet}
    needs["note_month"] = known["note_month"].functions["rows"](block, needs, {}, Draw(1, "note_month"))
    params = {"risk.special_mention": 0.5, "tengfei.growth_mark": 10, "tengfei.rate_step": 10}
    rows = known["loan_balance"].functions["rows"](block, needs, params, Draw(1, "loan_balance"))
    at = rows["month"] == on
    grades = known["loan_balance"].spec.column("grade").values
    assert [int(found) for found in rows["overdue_days"][at]] == [days]
    assert [grades[int(found)].code for found in rows["grade"][at]] == [grade]


def test_before_july_2023_a_few_days_could_stay_pass_and_90_could_not():
    early = world()["loan_balance"].filter((pl.col("month") < NEW_RULES) & (pl.col("overdue_days") > 0))
    assert "FQ01" in set(early["grade"])
    assert early.filter((pl.col("overdue_days") > 90) & (rank() < 2)).is_empty()


def test_only_the_overdue_are_non_performing():
    assert world()["loan_balance"].filter(pl.col("grade").is_in(NPL) & (pl.col("overdue_days") <= 90)).is_empty()


def test_over_ten_percent_bad_at_a_bank_means_all_bad():
    """More than 10 % of a firm's claims at a bank non-performing: then all are, in force since 2023-07."""
    rows = stock().filter(pl.col("month") >= NEW_RULES)
    bad = pl.col("grade").is_in(NPL)
    claims = rows.group_by("enterprise_id", "institution_id", "month").agg(
        pl.len(), owed=pl.col("balance_rmb").sum(), bad=pl.col("balance_rmb").filter(bad).sum(), notes=bad.sum()
    )
    hit = claims.filter(pl.col("bad") * 10 > pl.col("owed"))
    assert hit.filter(pl.col("len") > 1).height > 0
    assert hit.filter(pl.col("notes") != pl.col("len")).is_empty()


def test_the_bad_were_granted_before_the_day_they_fell_overdue():
    late = stock().filter(pl.col("overdue_days") > 0)
    since = pl.col("month") - pl.duration(days=pl.col("overdue_days"))
    assert late.filter(pl.col("granted_on") >= since).is_empty()


def test_the_notes_of_a_firm_at_a_bank_fall_overdue_on_one_day():
    late = stock().filter(pl.col("overdue_days") > 0)
    since = late.with_columns(since=pl.col("month") - pl.duration(days=pl.col("overdue_days")))
    days = since.group_by("enterprise_id", "institution_id").agg(pl.col("since").n_unique())
    assert days["since"].unique().to_list() == [1]


def test_no_credit_is_granted_by_anyone_to_a_firm_in_arrears():
    late = stock().filter(pl.col("overdue_days") > 90)
    since = late.with_columns(since=pl.col("month") - pl.duration(days=pl.col("overdue_days")))
    spans = since.group_by("enterprise_id").agg(pl.col("since").min(), until=pl.col("month").max())
    new = world()["loan"].join(spans, on="enterprise_id")
    assert new.filter(pl.col("granted_on").is_between("since", "until")).is_empty()


def test_status_kind_and_days_of_arrears_agree():
    rows = world()["loan_balance"]
    overdue, late = pl.col("status") == "LS03", pl.col("overdue_days") > 0
    assert rows.filter(overdue != late).is_empty()
    assert rows.filter(pl.col("overdue_kind").is_not_null() != late).is_empty()


def test_days_overdue_grow_by_the_days_of_the_month():
    rows = world()["loan_balance"].sort("loan_id", "month")
    both = (pl.col("loan_id") == pl.col("loan_id").shift(1)) & (pl.col("overdue_days").shift(1) > 0)
    both &= pl.col("overdue_days") > 0
    grown = pl.col("overdue_days") - pl.col("overdue_days").shift(1)
    assert rows.filter(both & (grown != (pl.col("month") - pl.col("month").shift(1)).dt.total_days())).is_empty()


def test_nothing_is_repaid_while_a_note_is_overdue():
    rows = world()["loan_balance"].sort("loan_id", "month")
    both = (pl.col("loan_id") == pl.col("loan_id").shift(1)) & (pl.col("overdue_days").shift(1) > 0)
    stuck = rows.filter(both & (pl.col("overdue_days") > 0) & (pl.col("balance") != pl.col("balance").shift(1)))
    assert stuck.is_empty()


def test_a_note_past_its_due_date_is_extended_or_overdue():
    rows = stock().filter(pl.col("month") > pl.col("due_on"))
    assert rows.filter(pl.col("status") == "LS01").is_empty()


def test_an_extended_date_exists_only_for_an_extended_note():
    rows = stock()
    extended = pl.col("status") == "LS02"
    assert rows.filter(extended).height > 10
    assert rows.filter(pl.col("extended_due_on").is_not_null() != extended).is_empty()
    assert rows.filter(extended & (pl.col("extended_due_on") <= pl.col("due_on"))).is_empty()
    flows = world()["loan_flow"].filter(pl.col("kind").is_in(["extension", "restructuring"]))
    told = rows.filter(extended & (pl.col("due_on") >= day("2022-01-01"))).select("loan_id").unique()
    assert told.join(flows, on="loan_id", how="anti").is_empty()


def test_a_restructured_note_is_watched_for_a_year():
    begun = world()["loan_flow"].filter(pl.col("kind") == "restructuring").select("loan_id", begun="event_on")
    rows = world()["loan_balance"].join(begun, on="loan_id")
    year = (pl.col("month") >= pl.col("begun")) & (pl.col("month") < pl.col("begun").dt.offset_by("12mo"))
    watched = rows.filter(year & (pl.col("month") >= NEW_RULES))
    assert watched.height > 10
    assert watched.filter(rank() < 1).is_empty()


def test_a_written_off_note_was_non_performing():
    gone = world()["loan_flow"].filter(pl.col("kind").is_in(["write_off", "transfer"]))
    last = world()["loan_balance"].sort("month").group_by("loan_id").agg(pl.col("grade").last())
    assert gone.height > 10
    assert gone.join(last, on="loan_id").filter(~pl.col("grade").is_in(NPL)).is_empty()
