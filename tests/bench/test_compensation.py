"""S16: who pads cheap figures, what grade they deserve, and what a mean makes of it; worked out in polars."""

from dataclasses import replace
from datetime import date
from functools import cache

import duckdb
import numpy as np
import polars as pl
import pytest

from sfbench.bench.card import Card
from sfbench.bench.instance import instance, posed, wished
from sfbench.bench.worlds import worlds
from sfbench.content import method, scenario

KEY = ["month", "institution_id", "reporting_scope", "scope_version"]
CHEAP = ["tech_industry_loans", "green_loans", "inclusive_loans"]
SEED = 3


@cache
def small():
    found = scenario("s16_compensation")
    return replace(found, trial=replace(found.trial, scale=0.02))


@cache
def made():
    """(instance, books as reported beside what they are, months of 2025 of the published scope)."""
    found = worlds(wished(small(), "main", SEED))
    seen, real = (pl.from_arrow(tables["bank_month"]) for tables in (found.seen, found.real))
    return instance(small(), "main", SEED), real.join(seen, on=KEY, suffix="_seen")


def shares(suffix=""):
    """Mean shares of 2025 by bank: the three cheap figures and bad loans."""
    published = pl.col("current") & (pl.col("reporting_scope").cast(pl.String) == "PBOC")
    books = made()[1].filter(published, pl.col("month").dt.year() == 2025)
    part = [pl.col(f"{name}{suffix}").cast(pl.Float64) for name in [*CHEAP, "npl_loans"]]
    mean = [(one / pl.col("all_loans").cast(pl.Float64)).mean() for one in part]
    return books.group_by("institution_id").agg(mean).sort("institution_id")


def answer(name):
    connection = duckdb.connect()
    for table, rows in made()[0].seen.items():
        connection.register(table, rows)
    found = method(name).answer(connection, Card.of(posed(small())))
    return pl.from_arrow(found).sort("institution_id")["score"].to_numpy()


def test_only_the_worst_by_bad_loans_pad_and_most_of_them_do():
    books = made()[1].filter(pl.col("month").dt.year() == 2025)
    padded = books.filter(pl.col("green_loans_seen") > pl.col("green_loans"))["institution_id"].unique()
    ratio = pl.col("npl_loans").cast(pl.Float64).sum() / pl.col("all_loans").cast(pl.Float64).sum()
    worst = books.group_by("institution_id").agg(ratio.alias("bad")).sort("bad", descending=True)[:12]
    assert padded.is_in(worst["institution_id"].implode()).all() and 6 <= len(padded) <= 12


def test_nobody_pads_before_the_scheme_and_bad_loans_are_told_as_they_are():
    books = made()[1]
    assert (books["npl_loans"] == books["npl_loans_seen"]).all() and (
        books["all_loans"] == books["all_loans_seen"]
    ).all()
    early = books.filter(pl.col("month") < date(2025, 1, 1))
    assert early.filter(pl.col("green_loans") != pl.col("green_loans_seen")).is_empty()


def test_within_a_padded_report_all_adds_up():
    books = made()[1]
    more = {name: books[f"{name}_seen"] - books[name] for name in [*CHEAP, "tech_loans"]}
    assert all(extra.min() == 0 and (books[f"{name}_seen"] <= books["all_loans"]).all() for name, extra in more.items())
    assert (more["tech_loans"] == more["tech_industry_loans"]).all() and more["tech_loans"].max() > 0
    part = books.filter(pl.col("green_loans_seen") > pl.col("green_loans"), pl.col("all_loans") > 1e9)
    share = (part["green_loans_seen"] - part["green_loans"]).cast(pl.Float64) / part["enterprise_loans"].cast(
        pl.Float64
    )
    assert 0.049 < share.min() < share.max() < 0.151  # of the loans to enterprises: a tenth, times 0.5 to 1.5


def test_grades_are_of_true_figures_and_the_worst_fifth_has_the_lowest():
    found = shares().join(pl.from_arrow(made()[0].truth), on="institution_id")
    place = [(pl.col(name).rank("min") - 1) / (len(found) - 1) for name in CHEAP]
    beyond = pl.col("npl_loans").rank(descending=True) <= len(found) / 5
    support = sum(place) / 3
    found = found.with_columns(mine=support - beyond.cast(pl.Int8), beyond=beyond)
    assert found["quality"].to_list() == pytest.approx(found["mine"].to_list())
    assert found["grade"].value_counts().sort("grade")["count"].to_list() == [12, 16, 16, 16]
    assert (found.filter("beyond")["grade"] == 0).all()
    ordered = found.filter(~pl.col("beyond")).sort("mine")["grade"]
    assert ordered.is_sorted()


@pytest.mark.parametrize(
    ("name", "mean"),
    [
        ("arithmetic_mean", lambda p: p.mean(axis=1)),
        ("geometric_mean", lambda p: np.prod(p, axis=1) ** 0.25),
        ("risk_floor", lambda p: p[:, :3].mean(axis=1) - (p[:, 3] <= 0.2)),
    ],
)
def test_methods_differ_in_what_they_do_with_percentiles_only(name, mean):
    seen = shares("_seen").with_columns(npl_loans_seen=-pl.col("npl_loans_seen"))
    ranks = seen.select(pl.exclude("institution_id").rank()).to_numpy()
    assert answer(name) == pytest.approx(mean((ranks - 0.5) / len(ranks)))
