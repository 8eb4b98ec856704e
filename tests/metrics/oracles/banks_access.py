"""Measure 11, firms: first loans, access, credit profiles, the coordination list."""

from __future__ import annotations

from datetime import date

import polars as pl

from .banks_world import Figures, World, hundred_million, quarter_of, year_before

DISTRICT, BANK = {"district": "district"}, {"bank": "institution_id"}


def add(found: Figures, world: World) -> None:
    _first_loans(found, world)
    _access(found, world)
    _profiles(found, world)
    _coordination(found, world)


def _first_loans(found: Figures, world: World) -> None:
    metric, days, cuts = "first_loan_firms", world.quarters, {**BANK, **DISTRICT}
    notes = world.notes.filter(pl.col("first_loan")).sort("granted_on", "loan_id")
    firms = notes.group_by("enterprise_id", maintain_order=True).first()
    firms = firms.join(world.firms, on="enterprise_id").filter(
        pl.col("first_credit_on").is_null() | (pl.col("first_credit_on") >= pl.col("granted_on"))
    )
    firms = world.flagged(firms, "granted_on", ["enterprise_id"]).with_columns(quarter_of("granted_on"))
    tech = firms.filter(pl.col("tech"))
    found.amount(metric, "firms", days, tech, pl.len(), cuts)
    found.amount(metric, "firms_tech_loan", days, firms.filter(pl.col("tech") | pl.col("tech_use")), pl.len(), cuts)
    lent = notes.with_columns(quarter_of("granted_on")).select("day", "enterprise_id", "amount_rmb")
    drawn = tech.drop("amount_rmb").join(lent, on=["day", "enterprise_id"])
    found.amount(metric, "amount", days, drawn, hundred_million("amount_rmb"), cuts)


def _alive(firms: pl.DataFrame, day: date) -> pl.DataFrame:
    """Firms of the city on the register on a day."""
    ended = pl.col("dissolved_on")
    return firms.filter(pl.col("in_city"), pl.col("founded_on") <= day, ended.is_null() | (ended > day))


def _access(found: Figures, world: World) -> None:
    metric = "access_rate"
    years = world.table("enterprise_year", "enterprise_id", "year", "reported_on", "size").sort("year")
    owing = world.quarter_stock.group_by("day", "enterprise_id").agg(pl.col("balance_rmb").sum())
    owing = owing.filter(pl.col("balance_rmb") > 0)

    def listed(day: date) -> pl.DataFrame:
        """A row per firm and tag on the list of the day."""
        firms = _alive(world.firms, day).with_columns(pl.lit(day).alias("on"))
        known = years.filter(pl.col("reported_on") <= day).group_by("enterprise_id", maintain_order=True).last()
        held = world.tagged(firms, "on", ["enterprise_id"]).join(known, on="enterprise_id", how="left")
        return held.with_columns(pl.col("size").fill_null("unknown"))

    with_notes = set(world.quarter_stock.get_column("day"))
    for day in world.quarters:
        borrowers = owing.filter(pl.col("day") == day).get_column("enterprise_id")
        for rate, of_day in (("rate", day), ("rate_frozen", year_before(day))):
            rows = listed(of_day).with_columns(pl.col("enterprise_id").is_in(borrowers.implode()).alias("owes"))
            found.put(metric, rate, day, None)
            for cut, column in (("total", None), ("tag", "tag"), ("district", "district"), ("size", "size")):
                once = rows.unique(["enterprise_id", column or "on"])
                groups = once.group_by(column or pl.lit("total")).agg(pl.len().alias("n"), pl.col("owes").sum())
                for of, n, owe in groups.iter_rows():
                    known = day in with_notes
                    found.put(metric, rate, day, 100 * owe / n if known else None, cut, of)
                    if rate == "rate":
                        found.put(metric, "listed", day, n, cut, of)
                        found.put(metric, "borrowers", day, owe if known else None, cut, of)
        found.setdefault((metric, "listed", day.isoformat(), "total", "total"), 0.0)
        none = 0.0 if day in with_notes else None
        found.setdefault((metric, "borrowers", day.isoformat(), "total", "total"), none)


def _profiles(found: Figures, world: World) -> None:
    metric, bands = "credit_report_coverage", {"age_band": "band"}
    queries = world.table("credit_report", "enterprise_id", "queried_on", "sources").filter(pl.col("sources") >= 3)
    frames = []
    for day in world.quarters:
        firms = _alive(world.firms, day).with_columns(pl.lit(day).alias("day"))
        age = (
            (day.year - pl.col("founded_on").dt.year()) * 12
            + day.month
            - pl.col("founded_on").dt.month().cast(pl.Int32)
        )
        band = pl.when(age < 36).then(pl.lit("under_3y")).when(age < 60).then(pl.lit("3_to_5y"))
        band = band.when(age < 120).then(pl.lit("5_to_10y")).otherwise(pl.lit("10y_and_over")).alias("band")
        ever = queries.filter(pl.col("queried_on") <= day)
        late = ever.filter(pl.col("queried_on") > year_before(day)).get_column("enterprise_id").unique()
        seen = ever.get_column("enterprise_id").unique()
        held = world.flagged(firms, "day", ["enterprise_id"])
        frames.append(
            held.with_columns(
                band,
                pl.lit(1).alias("one"),
                pl.col("enterprise_id").is_in(seen.implode()).alias("profile"),
                pl.col("enterprise_id").is_in(late.implode()).alias("late"),
            )
        )
    rows = pl.concat(frames)
    one, profile, days = pl.col("one"), pl.col("profile"), world.quarters
    found.ratio(metric, "coverage", days, rows, profile, one, bands)
    found.ratio(metric, "coverage_12m", days, rows, pl.col("late"), one, bands)
    found.ratio(metric, "coverage_tech", days, rows.filter(pl.col("tech")), profile, one, bands)
    found.amount(metric, "profiled", days, rows, profile.sum(), bands)


def _coordination(found: Figures, world: World) -> None:
    metric, days, day = "coordination_credit_rate", world.quarters, pl.col("day")
    entries = world.table("list_entry", "list", "enterprise_id", "recommended_on").filter(
        pl.col("list") == "coordination"
    )
    since = (
        entries.drop_nulls("recommended_on").group_by("enterprise_id").agg(pl.col("recommended_on").min().alias("r"))
    )
    firms = pl.DataFrame({"day": days}).join(since, how="cross").filter(pl.col("r") <= day)
    firms = firms.join(world.firms.select("enterprise_id", "district"), on="enterprise_id")
    asked = firms.join(
        world.applications.select(
            "application_id", "enterprise_id", "institution_id", "channel", "applied_on", "decided_on", "decision"
        ),
        on="enterprise_id",
    ).filter(pl.col("applied_on") >= pl.col("r"), pl.col("applied_on") <= day)
    granted = (pl.col("decision") == "approved").fill_null(False) & (pl.col("decided_on") <= day).fill_null(False)
    asked = asked.with_columns(granted.alias("granted")).with_columns(
        (pl.col("granted") & (pl.col("channel") == "list_push")).alias("pushed")
    )
    won = asked.filter("granted")
    drawn = won.join(world.notes.select("application_id", "granted_on", "amount_rmb"), on="application_id")
    drawn = drawn.filter(pl.col("granted_on") <= day)
    whole = asked.group_by("day", "enterprise_id").agg(pl.col("granted", "pushed").any())
    by_firm = firms.join(whole, on=["day", "enterprise_id"], how="left").with_columns(
        pl.col("granted", "pushed").fill_null(False), pl.lit(1).alias("one")
    )
    by_bank = asked.group_by("day", "enterprise_id", "institution_id").agg(
        pl.col("granted", "pushed").any(), pl.lit(1).alias("one")
    )
    for rows, cuts in ((by_firm, DISTRICT), (by_bank, BANK)):
        part = Figures()
        part.ratio(metric, "rate", days, rows, pl.col("granted"), pl.col("one"), cuts)
        part.ratio(metric, "rate_push", days, rows, pl.col("pushed"), pl.col("one"), cuts)
        part.amount(metric, "recommended", days, rows, pl.len(), cuts)
        part.amount(metric, "granted", days, rows, pl.col("granted").sum(), cuts)
        found.update({key: value for key, value in part.items() if cuts is DISTRICT or key[3] != "total"})
    found.amount(metric, "drawn", days, drawn, hundred_million("amount_rmb"), {**DISTRICT, **BANK})
