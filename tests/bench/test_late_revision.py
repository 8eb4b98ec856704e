"""S19: releases, their revisions, and the interval that past revisions give; worked out in polars and plain Python."""

import statistics
from dataclasses import replace
from datetime import date
from functools import cache

import duckdb
import polars as pl
import pytest

from sfbench.bench.card import Card
from sfbench.bench.instance import instance, posed
from sfbench.bench.worlds import worlds
from sfbench.content import method, scenario
from sfbench.world.plan import plan

LAST = date(2026, 12, 31)
SEED = 3


@cache
def small():
    found = scenario("s19_late_revision")
    return replace(found, trial=replace(found.trial, scale=0.005))


@cache
def city():
    """All releases of the city, and the notes behind them."""
    names = ("bank_release", "loan", "loan_balance")
    found = worlds(plan(small(), scale=0.005, seed=SEED, tables=names, hidden=True)).real
    return {name: pl.from_arrow(found[name]) for name in names}


@cache
def made():
    return instance(small(), "main", SEED)


def pairs():
    """(first, second or None) by quarter and bank."""
    release = city()["bank_release"].with_columns(pl.col("tech_loans").cast(pl.Float64))
    parts = [release.filter(pl.col("vintage") == number) for number in (1, 2)]
    return parts[0].join(parts[1], on=["period_end", "institution_id"], how="left", suffix="_second")


def test_the_final_release_is_the_sum_of_the_bank_s_tech_notes():
    notes = (
        city()["loan_balance"].join(city()["loan"], on="loan_id").filter(pl.col("tech_enterprise") | pl.col("tech_use"))
    )
    owed = notes.group_by(pl.col("month").alias("period_end"), "institution_id").agg(pl.col("balance_rmb").sum())
    final = city()["bank_release"].sort("vintage").group_by("period_end", "institution_id").last()
    both = final.join(owed, on=["period_end", "institution_id"], how="left")
    assert both.height == 24 * 60
    out = both.filter(pl.col("period_end") <= date(2027, 6, 30))  # later revisions come after the data end
    assert (out["tech_loans"] == out["balance_rmb"].fill_null(0)).all()


def test_one_release_in_ten_is_revised_two_quarters_later_by_up_to_fifteen_percent():
    found = pairs()
    revised = found.filter(pl.col("tech_loans_second").is_not_null())
    assert len(revised) / len(found) == pytest.approx(0.1, abs=0.03)
    months = pl.col("reported_on_second").dt.year() * 12 + pl.col("reported_on_second").dt.month()
    lag = months - pl.col("period_end").dt.year() * 12 - pl.col("period_end").dt.month()
    assert (revised.select(lag).to_series() == 6).all()
    off = revised.filter(pl.col("tech_loans_second") > 0).select(pl.col("tech_loans") / pl.col("tech_loans_second") - 1)
    off = off.to_series()
    assert off.abs().max() < 0.1501 and off.min() < -0.1 and off.max() > 0.1


def test_a_method_sees_what_was_released_by_the_last_day_and_the_truth_is_what_came_out_in_the_end():
    seen = pl.from_arrow(made().seen["bank_release"])
    assert seen["reported_on"].max() == LAST
    assert not (seen.filter(pl.col("period_end") > date(2026, 6, 30))["vintage"] == 2).any()
    last = pairs().filter(pl.col("period_end") == LAST)
    final = last.select(pl.coalesce("tech_loans_second", "tech_loans").sum()).item()
    assert made().value == pytest.approx(final)
    assert final != pytest.approx(last["tech_loans"].sum(), rel=1e-6)


def test_the_interval_is_that_of_the_revisions_that_were_out():
    connection = duckdb.connect()
    connection.register("bank_release", made().seen["bank_release"])
    card = Card.of(posed(small()))
    naive, better = (
        method(name).answer(connection, card).to_pylist()[0] for name in ("first_release", "past_revisions")
    )
    rows = pairs().to_dicts()
    moved = [
        (row["tech_loans_second"] or row["tech_loans"]) / row["tech_loans"] - 1
        for row in rows
        if row["period_end"] <= date(2026, 6, 30) and row["tech_loans"] > 0
    ]
    first = [row["tech_loans"] for row in rows if row["period_end"] == LAST]
    half = 1.96 * statistics.pstdev(moved) * sum(x * x for x in first) ** 0.5
    value = sum(first) * (1 + statistics.fmean(moved))
    assert naive == {name: pytest.approx(sum(first)) for name in ("value", "low", "high")}
    assert better == {"value": pytest.approx(value)} | {
        "low": pytest.approx(value - half),
        "high": pytest.approx(value + half),
    }
