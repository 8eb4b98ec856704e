"""S9's effect at a floor: who is asked for, what the subsidy did to their rates, and whom a donut leaves out."""

from dataclasses import replace
from datetime import date
from functools import cache

import duckdb
import numpy as np
import polars as pl
import pytest

from sfbench.bench.card import Card
from sfbench.bench.effects.regression_discontinuity import regression_discontinuity
from sfbench.bench.floor_sample import floor_sample
from sfbench.bench.instance import instance, posed, wished
from sfbench.bench.worlds import worlds
from sfbench.content import method, scenario


@cache
def small():
    found = scenario("s09_eligibility")
    return replace(found, trial=replace(found.trial, scale=0.05))


@cache
def made(variant="main"):
    return instance(small(), variant, 3)


@cache
def connection():
    found = duckdb.connect()
    for table, rows in made().seen.items():
        found.register(table, rows)
    return found


CARD = Card.of(posed(small()))


@cache
def firms():
    """Ratio of 2024 and mean rate with and without the subsidy, by firm that is asked about."""
    found = worlds(wished(small(), "main", 3))
    money = [pl.col(name).cast(pl.Float64) for name in ("revenue", "rd_spend", "high_tech_revenue")]
    years = pl.from_arrow(found.real["enterprise_year"]).filter(pl.col("year") == 2024).with_columns(money)
    years = years.filter(pl.col("revenue").is_between(0, 5e7, closed="right"))
    years = years.filter(pl.col("high_tech_revenue") >= 0.6 * pl.col("revenue"))
    ratio = years.select("enterprise_id", ratio=100 * pl.col("rd_spend") / pl.col("revenue"))
    rates = [
        pl.from_arrow(tables["loan"])
        .filter(pl.col("granted_on").is_between(date(2025, 7, 1), date(2027, 6, 30)))
        .group_by("enterprise_id")
        .agg(pl.col("grant_rate").cast(pl.Float64).mean().alias(name))
        for name, tables in (("rate", found.real), ("usual", found.twin))
    ]
    return ratio.join(rates[0], on="enterprise_id").join(rates[1], on="enterprise_id").sort("enterprise_id")


def test_the_truth_is_what_firms_just_above_the_floor_pay_less():
    near = firms().filter(pl.col("ratio").is_between(5, 6))
    assert made().value == pytest.approx((near["rate"] - near["usual"]).mean())
    assert -0.2 <= made().value < -0.18  # 0.2 points, less where a product's price lies at its bound
    assert made("null_twin").value == 0


def test_a_unit_is_a_firm_with_its_ratio_and_its_mean_rate():
    found = floor_sample(connection(), CARD)
    assert found.running == pytest.approx(firms()["ratio"].to_numpy())
    assert found.y == pytest.approx(firms()["rate"].to_numpy())


def test_a_donut_is_a_regression_without_who_could_have_stretched():
    sample = floor_sample(connection(), CARD)
    far = np.abs(sample.running - 5) >= 1
    whole = replace(sample, y=sample.y[far], running=sample.running[far], cluster=sample.cluster[far])
    expected = regression_discontinuity(whole, bandwidth=4.0)
    found = method("rd_donut").answer(connection(), CARD)
    assert (found.value, found.low) == pytest.approx((expected.value, expected.low))
    naive = method("rd_all_points").answer(connection(), CARD)
    assert naive.value == pytest.approx(regression_discontinuity(sample, bandwidth=3.0).value) != found.value


def test_without_a_heap_nobody_is_left_out():
    """The same firms with ratios spread evenly: the density test is silent."""
    even = duckdb.connect()
    even.register("loan", made().seen["loan"])
    even.execute(
        "CREATE TABLE enterprise_year AS SELECT enterprise_id, 2024 AS year, 4e7 AS revenue, 4e7 AS high_tech_revenue, "
        "4e5 * (1 + 8 * row_number() OVER (ORDER BY enterprise_id) / count(*) OVER ()) AS rd_spend "
        "FROM (SELECT DISTINCT enterprise_id FROM loan WHERE granted_on BETWEEN '2025-07-01' AND '2027-06-30')"
    )
    sample = floor_sample(even, CARD)
    found = method("rd_donut").answer(even, CARD)
    assert found.value == pytest.approx(regression_discontinuity(sample, bandwidth=4.0).value)
