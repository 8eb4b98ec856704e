"""Measure 8: Tengfei loans, the start-up scheme, innovation products, pricing that follows growth."""

from __future__ import annotations

from datetime import date

import polars as pl

from .banks_world import Figures, World, hundred_million, quarter_of, year_of

TENGFEI = ["tengfei_1", "tengfei_2", "tengfei_3"]
INNOVATION = ["rd", "warrant", "innovation_points", "ip_pledge", "data_pledge", "supply_chain"]


def add(found: Figures, world: World) -> None:
    _tengfei(found, world)
    _startup(found, world)
    _innovation(found, world)
    _pricing(found, world)


def _up_to(days: list[date], frame: pl.DataFrame, on: str) -> pl.DataFrame:
    """Every row once for each day that is not before the date `on`."""
    return pl.DataFrame({"day": days}).join(frame, how="cross").filter(pl.col(on) <= pl.col("day"))


def _tengfei(found: Figures, world: World) -> None:
    metric, days, version = "tengfei_loans", world.quarters, {"version": "code"}
    mine = pl.col("code").is_in(TENGFEI)
    contracts = _up_to(days, world.applications.filter(mine, pl.col("decision") == "approved"), "decided_on")
    drawn = _up_to(days, world.notes.filter(mine), "granted_on")
    found.amount(metric, "firms", days, contracts, pl.col("enterprise_id").n_unique(), version)
    found.amount(metric, "banks", days, contracts, pl.col("institution_id").n_unique(), version)
    found.amount(metric, "contract_amount", days, contracts, hundred_million("amount_approved"), version)
    found.amount(metric, "drawn_amount", days, drawn, hundred_million("amount_rmb"), version)
    found.amount(metric, "balance", days, world.quarter_stock.filter(mine), hundred_million("balance_rmb"), version)


def _startup(found: Figures, world: World) -> None:
    metric, days = "startup_loans", world.quarters
    notes = world.notes.filter(pl.col("code") == "startup")
    ever, new = _up_to(days, notes, "granted_on"), notes.with_columns(quarter_of("granted_on"))
    found.amount(metric, "firms", days, ever, pl.col("enterprise_id").n_unique())
    found.amount(metric, "amount", days, ever, hundred_million("amount_rmb"))
    found.amount(metric, "firms_new", days, new, pl.col("enterprise_id").n_unique())
    firms = new.group_by("day", "enterprise_id").agg(pl.col("first_loan").any(), pl.lit(1).alias("one"))
    found.ratio(metric, "first_time_share", days, firms, pl.col("first_loan"), pl.col("one"))
    asked = world.applications.filter(pl.col("code") == "startup", pl.col("decision") == "approved")
    medians = dict(asked.group_by(quarter_of("decided_on")).agg(pl.col("days").median()).iter_rows())
    for day in days:
        found.put(metric, "median_days", day, medians.get(day))


def _innovation(found: Figures, world: World) -> None:
    metric, days, stock = "innovation_product_loans", world.quarters, world.quarter_stock
    cuts = {"product": "code", "bank": "institution_id"}
    mine = stock.filter(pl.col("code").is_in(INNOVATION))
    found.amount(metric, "balance", days, mine, hundred_million("balance_rmb"), cuts)
    open_notes = mine.filter(pl.col("balance_rmb") > 0)
    found.amount(metric, "borrowers", days, open_notes, pl.col("enterprise_id").n_unique(), cuts)
    pledges = world.table("collateral", "loan_id", "kind").unique()
    of = {"ip_pledge": "ip", "data_pledge": "data_asset"}
    either = pledges.filter(pl.col("kind").is_in(list(of.values()))).select("loan_id").unique()
    component = "balance_by_pledge"
    pledged = stock.join(either, on="loan_id")
    found.amount(metric, component, days, pledged, hundred_million("balance_rmb"), {"bank": "institution_id"})
    for product, kind in of.items():
        rows = (
            stock.join(pledges.filter(pl.col("kind") == kind), on="loan_id")
            .group_by("day")
            .agg(pl.col("balance_rmb").sum())
        )
        for day, cents in rows.iter_rows():
            found.put(metric, component, day, cents / 1e10, "product", product)


def _pricing(found: Figures, world: World) -> None:
    metric, days, version = "equity_linked_growth_pricing", world.years, {"version": "version"}
    names = ("loan_id", "outcome", "ended_on", "strike_value", "value_at_end", "gain")
    warrants = world.table("warrant", *names)
    with_warrant = pl.col("loan_id").is_in(warrants.get_column("loan_id").implode())
    of = pl.when(pl.col("code").is_in(TENGFEI)).then("code").when(with_warrant).then(pl.lit("warrant")).alias("version")
    lpr = world.table("month", "month", "lpr_1y", "lpr_5y").with_columns(
        year=pl.col("month").dt.year(), of_month=pl.col("month").dt.month()
    )
    rows = (
        world.stock(days)
        .with_columns(of, year=pl.col("day").dt.year(), of_month=pl.col("repricing_on").dt.month())
        .filter(pl.col("version").is_not_null())
        .join(lpr.drop("month"), on=["year", "of_month"], how="left")
    )
    like = pl.when(pl.col("tenor_months") >= 60).then("lpr_5y").otherwise("lpr_1y")
    fixed, floating = pl.col("rate_kind") == "RF01", pl.col("benchmark") == "TR05"
    moved = pl.when(fixed).then(0.0).when(floating & (pl.col("repricing_on") > pl.col("day"))).then(0.0)
    rows = rows.with_columns(benchmark_move=moved.when(floating).then(100 * (like - pl.col("benchmark_rate"))))
    rows = rows.filter(pl.col("benchmark_move").is_not_null()).with_columns(
        weight=pl.col("balance_rmb").cast(pl.Float64), rate_move=100 * (pl.col("rate") - pl.col("grant_rate"))
    )
    moves = {"rate_change": pl.col("rate_move"), "benchmark_change": pl.col("benchmark_move")}
    moves["rate_adjustment"] = pl.col("rate_move") - pl.col("benchmark_move")
    for component, move in moves.items():
        found.ratio(metric, component, days, rows, move * pl.col("weight"), pl.col("weight"), version, times=1.0)
    gains = warrants.filter(pl.col("outcome") == "exercised").join(world.notes.select("loan_id", "code"), on="loan_id")
    gains = gains.with_columns(of, year_of("ended_on"))
    found.amount(metric, "gain_paid", days, gains, hundred_million("gain"), version)
    rise = pl.col("value_at_end") - pl.col("strike_value")
    found.ratio(metric, "gain_share", days, gains, pl.col("gain"), rise, version)
