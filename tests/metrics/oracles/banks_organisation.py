"""Measure 9: branches, approval, tolerance for bad loans, exemption, incentives."""

from __future__ import annotations

import polars as pl

from .banks_world import Figures, World, quarter_of, year_of

BANK, TYPE = {"bank": "institution_id"}, {"bank_type": "bank_type"}


def add(found: Figures, world: World) -> None:
    _branches(found, world)
    _approval_days(found, world)
    asked = world.applications.filter(pl.col("tech")).with_columns(quarter_of("applied_on"), pl.lit(1).alias("one"))
    for component, what in (("share", "one"), ("share_amount", "amount_requested")):
        green = pl.col(what) * (pl.col("channel") == "green")
        found.ratio("green_channel_share", component, world.quarters, asked, green, pl.col(what), BANK)
    _tolerance(found, world)
    _exemption(found, world)
    _incentives(found, world)


def _branches(found: Figures, world: World) -> None:
    metric, days, day = "tech_branch_count", world.quarters, pl.col("day")
    dates = ("opened_on", "closed_on", "specialised_on", "team_on", "approval_delegated_on", "pricing_delegated_on")
    outlets = world.table("branch", "institution_id", "tech_staff", *dates).join(
        world.banks.drop("founded_on"), on="institution_id"
    )
    rows = pl.DataFrame({"day": days}).join(outlets, how="cross")
    rows = rows.filter(pl.col("opened_on") <= day, pl.col("closed_on").is_null() | (pl.col("closed_on") > day))
    since = {
        name: (pl.col(f"{name}_on") <= day).fill_null(False) for name in ("approval_delegated", "pricing_delegated")
    }
    special, teams = rows.filter(pl.col("specialised_on") <= day), rows.filter(pl.col("team_on") <= day)
    teams = teams.with_columns(pl.lit(1).alias("one"), **since)
    found.amount(metric, "branches", days, special, pl.len(), TYPE)
    found.amount(metric, "teams", days, teams, pl.len(), TYPE)
    found.amount(metric, "staff", days, teams, pl.col("tech_staff").sum(), TYPE)
    approval, pricing = pl.col("approval_delegated"), pl.col("pricing_delegated")
    shares = {"delegated_share": approval & pricing, "approval_share": approval, "pricing_share": pricing}
    for component, has in shares.items():
        found.ratio(metric, component, days, teams, has, pl.col("one"), TYPE)


def _approval_days(found: Figures, world: World) -> None:
    metric, quarters = "approval_days", world.quarters
    rows = world.applications.filter(pl.col("tech"), pl.col("decision").is_in(["approved", "refused"])).with_columns(
        quarter_of("decided_on"),
        pl.when(pl.col("channel") == "green").then(pl.lit("green")).otherwise(pl.lit("ordinary")).alias("way"),
    )
    cuts = {"total": None, "channel": "way", "bank": "institution_id"}
    days = pl.col("days")
    green, other = days.filter(pl.col("way") == "green"), days.filter(pl.col("way") == "ordinary")
    for cut, column in cuts.items():
        keys = ["day"] + ([column] if column else [])
        figures = rows.group_by(keys).agg(
            days.median().alias("median_days"),
            days.quantile(0.9, "linear").alias("p90_days"),
            days.count().cast(pl.Float64).alias("decisions"),
            (green.median() - other.median()).alias("green_gap"),
        )
        for row in figures.iter_rows(named=True):
            for component in ("median_days", "p90_days", "decisions") + (() if cut == "channel" else ("green_gap",)):
                if row["day"] in quarters:
                    of = row[column] if column else "total"
                    found.put(metric, component, row["day"], row[component], cut, of)
    for day in quarters:
        for component in ("median_days", "p90_days", "decisions", "green_gap"):
            empty = 0.0 if component == "decisions" else None
            found.setdefault((metric, component, day.isoformat(), "total", "total"), empty)


def _tolerance(found: Figures, world: World) -> None:
    metric, days, day = "tech_npl_tolerance_use", world.quarters, pl.col("day")
    cents = pl.col("balance_rmb")
    tech = world.quarter_stock.filter(pl.col("tech")).group_by("day", "institution_id")
    rules = world.table("bank_policy", "institution_id", "valid_from", "valid_to", "npl_tolerance")
    reports = world.reports.filter(day.is_in(days))
    allowed = reports.select("day", "institution_id").join(rules, on="institution_id")
    allowed = allowed.filter(pl.col("valid_from") <= day, pl.col("valid_to").is_null() | (pl.col("valid_to") >= day))
    rows = (
        reports.join(
            tech.agg(cents.sum().alias("lent"), (cents * pl.col("bad")).sum().alias("bad")),
            on=["day", "institution_id"],
            how="left",
        )
        .join(allowed.select("day", "institution_id", "npl_tolerance"), on=["day", "institution_id"], how="left")
        .with_columns(pl.col("lent", "bad", "npl_tolerance").fill_null(0))
    )
    over = dict.fromkeys(days, 0)
    for end in days:
        of_day = rows.filter(day == end)
        lines = [
            (bank, [line]) for bank, line in zip(of_day["institution_id"], of_day.iter_rows(named=True), strict=True)
        ]
        for of, group in [*lines, ("total", list(of_day.iter_rows(named=True)))]:
            lent, bad = sum(line["lent"] for line in group), sum(line["bad"] for line in group)
            book, npl = sum(line["all_loans"] for line in group), sum(line["npl_loans"] for line in group)
            weighted = sum(line["npl_tolerance"] * line["lent"] for line in group)
            own = 100 * npl / book if book else None
            ratio = 100 * bad / lent if lent else None
            tolerance = group[0]["npl_tolerance"] if of != "total" else weighted / lent if lent else None
            gap = None if ratio is None or own is None else ratio - own
            beyond = None if gap is None else gap - tolerance
            cut = "total" if of == "total" else "bank"
            values = {
                "over_tolerance": beyond,
                "gap": gap,
                "tech_npl_ratio": ratio,
                "all_npl_ratio": own,
                "tolerance": tolerance,
            }
            for component, value in values.items():
                found.put(metric, component, end, value, cut, of)
            over[end] += of != "total" and beyond is not None and beyond > 0
        known = found[metric, "over_tolerance", end.isoformat(), "total", "total"] is not None
        found.put(metric, "banks_over", end, over[end] if known else None)


def _exemption(found: Figures, world: World) -> None:
    metric, days = "accountability_exemption_rate", world.years
    cases = world.table(
        "accountability_case", "case_id", "loan_id", "npl_principal", "opened_on", "decided_on", "outcome"
    )
    notes = world.notes.select("loan_id", "enterprise_id", "institution_id", "tech_use")
    closed = cases.filter(pl.col("decided_on").is_not_null()).join(notes, on="loan_id")
    closed = world.flagged(closed, "opened_on", ["case_id"]).with_columns(
        year_of("decided_on"),
        pl.lit(1).alias("one"),
        (pl.col("outcome") == "exempted").alias("exempted"),
        pl.col("outcome").is_in(["exempted", "partly"]).alias("eased"),
    )
    tech = closed.filter(pl.col("tech") | pl.col("tech_use"))
    one, principal, exempted = pl.col("one"), pl.col("npl_principal"), pl.col("exempted")
    found.ratio(metric, "rate", days, closed, exempted, one, BANK)
    found.ratio(metric, "rate_with_partly", days, closed, pl.col("eased"), one, BANK)
    found.ratio(metric, "rate_principal", days, closed, principal * exempted, principal, BANK)
    found.ratio(metric, "rate_tech", days, tech, exempted, one, BANK)
    found.amount(metric, "closed", days, closed, pl.len(), BANK)


def _incentives(found: Figures, world: World) -> None:
    metric, days, day = "incentive_adoption", world.years, pl.col("day")
    names = ("institution_id", "valid_from", "valid_to", "ftp_cut_bp", "kpi_weight", "exemption_rule")
    banks = pl.DataFrame({"day": days}).join(world.banks, how="cross").filter(pl.col("founded_on") <= day)
    rules = banks.select("day", "institution_id").join(world.table("bank_policy", *names), on="institution_id")
    rules = rules.filter(pl.col("valid_from") <= day, pl.col("valid_to").is_null() | (pl.col("valid_to") >= day))
    rows = banks.join(rules, on=["day", "institution_id"], how="left").with_columns(
        pl.col("ftp_cut_bp", "kpi_weight").fill_null(0),
        pl.col("exemption_rule").fill_null(False),
        pl.lit(1).alias("one"),
    )
    cut = pl.col("ftp_cut_bp")
    whole = (cut > 0) & (pl.col("kpi_weight") > 0) & pl.col("exemption_rule")
    found.ratio(metric, "adoption", days, rows, whole, pl.col("one"), TYPE)
    found.ratio(metric, "mean_ftp_cut", days, rows, cut, pl.col("one"), TYPE, times=1.0)
    found.ratio(metric, "mean_ftp_cut_adopters", days, rows, cut, (cut > 0).cast(pl.Int64), TYPE, times=1.0)
