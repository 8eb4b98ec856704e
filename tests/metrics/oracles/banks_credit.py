"""Measure 11, loans and queries: conversion, the score, inclusive and tech, farming, funds-flow information."""

from __future__ import annotations

import polars as pl

from .banks_world import NINETY, THIRTY, Figures, World, hundred_million, months_later, quarter_of

BANK = {"bank": "institution_id"}


def add(found: Figures, world: World) -> None:
    queries = world.table(
        "credit_report",
        *("query_id", "enterprise_id", "institution_id", "queried_on", "purpose", "uses_funds_flow", "score"),
        "application_id",
    )
    _conversion(found, world, queries)
    _score(found, world, queries)
    _inclusive(found, world)
    _farming(found, world)
    _funds_flow(found, world, queries)


def _within(queries: pl.DataFrame, notes: pl.DataFrame, on: list[str], days: object) -> pl.DataFrame:
    """Pairs of a query and a note that was granted so many days after it at most."""
    after = pl.col("granted_on") - pl.col("queried_on")
    return queries.join(notes, on=on, suffix="_note").filter(after.is_between(pl.duration(days=0), pl.lit(days)))


def _conversion(found: Figures, world: World, queries: pl.DataFrame) -> None:
    metric, last = "platform_conversion", world.months[-1]
    days = [day for day in world.quarters if day + NINETY <= last]
    notes = world.notes.select("loan_id", "enterprise_id", "institution_id", "application_id", "granted_on")
    hits = {
        "hit": _within(queries, notes.drop("application_id"), ["enterprise_id", "institution_id"], NINETY),
        "linked": _within(queries, notes.select("application_id", "granted_on"), ["application_id"], NINETY),
    }
    rows = queries.with_columns(
        quarter_of("queried_on"),
        pl.lit(1).alias("one"),
        *(pl.col("query_id").is_in(pairs.get_column("query_id").implode()).alias(name) for name, pairs in hits.items()),
    )
    before = rows.filter(pl.col("purpose") == "pre_loan")
    found.ratio(metric, "rate", days, before, pl.col("hit"), pl.col("one"), BANK)
    found.ratio(metric, "rate_linked", days, before, pl.col("linked"), pl.col("one"), BANK)
    found.ratio(metric, "rate_all", days, rows, pl.col("hit"), pl.col("one"), BANK)
    found.amount(metric, "queries", days, before, pl.len(), BANK)


def _score(found: Figures, world: World, queries: pl.DataFrame) -> None:
    metric, months = "credit_score_auc", world.months
    bad = world.stock(months).group_by("day", "enterprise_id").agg(pl.col("bad").any())
    first = (
        queries.drop_nulls("score")
        .sort("queried_on", "query_id")
        .with_columns(pl.col("queried_on").dt.year().alias("year"))
        .group_by("year", "enterprise_id", maintain_order=True)
        .first()
    )
    ends = pl.DataFrame({"before": months}).set_sorted("before")
    first = first.sort("queried_on").join_asof(ends, left_on="queried_on", right_on="before")
    already = bad.filter("bad").select(pl.col("day").alias("before"), "enterprise_id")
    first = first.join(already, on=["before", "enterprise_id"], how="anti")
    window = first.join(bad, on="enterprise_id").filter(
        pl.col("day") > pl.col("queried_on"), pl.col("day") <= pl.col("queried_on").dt.offset_by("12mo")
    )
    outcome = window.group_by("year", "enterprise_id", "score").agg(pl.col("bad").any())
    for end in (day for day in world.years if months_later(day, 12) <= months[-1]):
        of_year = outcome.filter(pl.col("year") == end.year)
        worse = of_year.filter(pl.col("bad")).get_column("score").to_list()
        better = of_year.filter(~pl.col("bad")).get_column("score").to_list()
        found.put(metric, "firms", end, len(worse) + len(better))
        found.put(metric, "defaults", end, len(worse))
        found.put(metric, "auc", end, _auc(worse, better))
        found.put(metric, "ks", end, _ks(worse, better))


def _auc(worse: list[int], better: list[int]) -> float | None:
    if not worse or not better:
        return None
    wins = sum((good > bad) + 0.5 * (good == bad) for bad in worse for good in better)
    return wins / (len(worse) * len(better))


def _ks(worse: list[int], better: list[int]) -> float | None:
    if not worse or not better:
        return None
    steps = sorted({*worse, *better})
    return max(
        abs(sum(s <= at for s in worse) / len(worse) - sum(s <= at for s in better) / len(better)) for at in steps
    )


def _inclusive(found: Figures, world: World) -> None:
    metric, months = "inclusive_tech_overlap", world.months
    limits = {"2024": 10_000_000_00, "2025": 20_000_000_00}
    stock = world.stock(months)
    owed = stock.filter(pl.col("balance_rmb") > 0).group_by("day", "institution_id", "enterprise_id")
    lines = owed.agg(pl.col("amount_rmb").sum().alias("line"))
    scopes = world.reports.select("day", "institution_id", "scope_version")
    rows = (
        stock.filter(pl.col("tech_enterprise"), pl.col("borrower_size").is_in(["CS03", "CS04"]))
        .join(lines, on=["day", "institution_id", "enterprise_id"])
        .join(scopes, on=["day", "institution_id"])
        .with_columns(pl.col("scope_version").replace_strict(limits, return_dtype=pl.Int64).alias("limit"))
    )
    inside = rows.filter(pl.col("line") <= pl.col("limit"))
    found.amount(metric, "balance", months, inside, hundred_million("balance_rmb"), BANK)
    tenth = rows.filter(pl.col("line") <= limits["2024"])
    found.amount(metric, "balance_10m", months, tenth, hundred_million("balance_rmb"), BANK)
    borrowers = inside.filter(pl.col("balance_rmb") > 0)
    found.amount(metric, "borrowers", months, borrowers, pl.col("enterprise_id").n_unique(), BANK)


def _farming(found: Figures, world: World) -> None:
    metric, days = "agri_tech_loans", world.quarters
    classes = world.table("industry", "industry_code", "section", "division").rename({"industry_code": "use_industry"})
    related = pl.col("division").is_in(["C13", "C14", "C15"]) | pl.col("use_industry").is_in(["C262", "C263", "C357"])
    primary = pl.col("section") == "A"
    rows = world.quarter_stock.join(classes, on="use_industry").filter(primary | related)
    tech = rows.filter(pl.col("tech"))
    found.amount(metric, "balance", days, tech, hundred_million("balance_rmb"))
    found.amount(metric, "firms", days, tech.filter(pl.col("balance_rmb") > 0), pl.col("enterprise_id").n_unique())
    found.amount(metric, "balance_primary", days, tech.filter(primary), hundred_million("balance_rmb"))
    found.amount(metric, "agri_balance", days, rows, hundred_million("balance_rmb"))


def _funds_flow(found: Figures, world: World, queries: pl.DataFrame) -> None:
    metric, days = "funds_flow_loans", world.quarters
    names = ("loan_id", "enterprise_id", "institution_id", "contract_code", "granted_on", "amount_rmb", "first_loan")
    used = queries.filter(pl.col("uses_funds_flow")).select("enterprise_id", "institution_id", "queried_on")
    notes = _within(used, world.notes.select(names), ["enterprise_id", "institution_id"], THIRTY).unique("loan_id")
    notes = notes.with_columns(quarter_of("granted_on"))
    contracts = pl.struct("institution_id", "contract_code").n_unique()
    first = notes.filter(pl.col("first_loan"))
    for component, rows in (("first_loans", first), ("loans", notes)):
        found.amount(metric, component, days, rows, contracts, BANK)
    for component, rows in (("first_amount", first), ("amount", notes)):
        found.amount(metric, component, days, rows, hundred_million("amount_rmb"), BANK)
