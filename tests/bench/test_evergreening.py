"""S21: what is rolled over, what honest books would show, and what tells a roll-over from a genuine extension."""

from dataclasses import replace
from datetime import date
from functools import cache

import duckdb
import polars as pl

from sfbench.bench.card import Card
from sfbench.bench.instance import instance, posed, wished
from sfbench.bench.worlds import worlds
from sfbench.content import method, scenario

DAY = date(2025, 12, 31)
BAD = ["FQ03", "FQ04", "FQ05"]


@cache
def small():
    found = scenario("s21_evergreening")
    return replace(found, trial=replace(found.trial, scale=0.02))


@cache
def frames(world):
    """The tables of a world, codes as text."""
    found = getattr(worlds(wished(small(), "main", 3)), world)
    texts = pl.col(pl.Categorical).cast(pl.String)
    return {name: pl.from_arrow(table).with_columns(texts) for name, table in found.items()}


@cache
def made(variant="main"):
    return instance(small(), variant, 3)


def answer(name):
    """Scores by note, of the keys that are asked for."""
    connection = duckdb.connect()
    for table, rows in made().seen.items():
        connection.register(table, rows)
    card = Card.of(posed(small()))
    found = pl.from_arrow(method(name).answer(connection, card))
    return pl.from_arrow(made().truth).join(found, on="loan_id", how="left")


def hidden():
    """Notes of the asked-for ones that honest books would call bad, with their terms."""
    return pl.from_arrow(made().truth).filter("label").join(frames("real")["loan"], on="loan_id")


def test_only_notes_past_their_first_due_date_and_graded_sound_are_asked_for():
    books = frames("real")["loan_balance"].filter(pl.col("month") == DAY).join(frames("real")["loan"], on="loan_id")
    asked = books.filter(~pl.col("grade").is_in(BAD), pl.col("due_on") <= DAY)
    assert sorted(asked["loan_id"]) == made().truth["loan_id"].to_pylist()


def test_what_is_hidden_is_bad_in_the_books_without_roll_overs_and_in_no_other_case():
    honest = frames("twin")["loan_balance"].filter(pl.col("month") == DAY, pl.col("grade").is_in(BAD))
    truth = pl.from_arrow(made().truth)
    assert (truth["loan_id"].is_in(honest["loan_id"].implode()) == truth["label"]).all()
    assert truth["label"].sum() > 20 and not any(made("null_twin").truth["label"].to_pylist())


def test_rolling_over_lowers_the_ratio_of_bad_loans_that_is_reported():
    def ratio(world):
        books = frames(world)["loan_balance"].filter(pl.col("month") == DAY)
        balance = pl.col("balance_rmb").cast(pl.Float64)
        return books.select(balance.filter(pl.col("grade").is_in(BAD)).sum() / balance.sum()).item()

    assert 0.6 < ratio("real") / ratio("twin") < 0.95


def test_nobody_pays_on_a_hidden_note_after_its_first_due_date_and_it_is_repaid_at_once():
    flows = frames("real")["loan_flow"].join(hidden().select("loan_id", "due_on"), on="loan_id")
    after = flows.filter(pl.col("event_on").is_between("due_on", DAY))
    assert set(after["kind"]) <= {"extension", "restructuring", "valuation"}
    before = flows.filter(pl.col("event_on") < pl.col("due_on"))
    assert set(before["kind"]) <= {"drawdown", "opening", "valuation"}


def test_genuine_extensions_look_alike():
    """Most extended notes hide nothing: the decoys."""
    books = frames("real")["loan_balance"].filter(pl.col("month") == DAY, pl.col("status") == "LS02")
    both = pl.from_arrow(made().truth).join(books, on="loan_id")
    assert 0.7 < 1 - both["label"].mean() < 0.98


def test_scores_count_half_a_year_without_cash_and_what_other_books_say():
    loan = frames("real")["loan"].select("loan_id", "enterprise_id")
    flows = frames("real")["loan_flow"].join(loan, on="loan_id")
    late = flows.filter(pl.col("event_on") > date(2025, 6, 30), pl.col("event_on") <= DAY)
    drew, paid = (
        set(late.filter(pl.col("kind").is_in(kinds))["enterprise_id"])
        for kinds in (["drawdown"], ["repayment", "recovery"])
    )
    books = frames("real")["loan_balance"].filter(pl.col("month") == DAY, pl.col("grade").is_in(BAD))
    bad = set(books.join(loan, on="loan_id")["enterprise_id"])
    both = answer("rolled_without_cash").join(answer("bad_elsewhere"), on="loan_id", suffix="_two")
    both = both.join(loan, on="loan_id")
    for row in both.iter_rows(named=True):
        firm = row["enterprise_id"]
        still = (firm not in drew) + (firm not in paid)
        assert (row["score"], row["flagged"]) == (still, still == 2)
        assert row["score_two"] == still + 2 * (firm in bad) and row["flagged_two"] == (row["score_two"] >= 2)


def test_nothing_is_rolled_over_in_the_baseline():
    assert scenario("baseline").params["risk.evergreening"] == 0
