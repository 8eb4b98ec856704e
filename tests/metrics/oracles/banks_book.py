"""Measure 7: what banks of each type lend to technology."""

from __future__ import annotations

import polars as pl

from .banks_world import Figures, World, hundred_million, months_later, quarter_of

TYPE = {"bank_type": "bank_type"}
CENTS = pl.col("balance_rmb")


def add(found: Figures, world: World) -> None:
    days, tech = world.quarters, world.quarter_stock.filter(pl.col("tech"))
    _own_book(found, world, tech)
    metric = "tech_market_share_by_bank_type"
    city = tech.group_by("day").agg(CENTS.sum().alias("city"))
    kinds = tech.group_by("day", "bank_type").agg(CENTS.sum()).join(city, on="day")
    for day, kind, one, all_banks in kinds.iter_rows():
        if all_banks:
            found.put(metric, "share", day, 100 * one / all_banks, "bank_type", kind)
    found.ratio(metric, "share", days, tech, CENTS, CENTS)
    found.amount(metric, "balance", days, tech, hundred_million("balance_rmb"), TYPE)
    _concentration(found, world, tech)
    _long_term(found, world, tech.filter(pl.col("bank_type") == "policy"))
    local = tech.filter(pl.col("bank_type") == "local")
    for component, sizes in (("share", ["CS03", "CS04"]), ("share_sme", ["CS02", "CS03", "CS04"])):
        above = CENTS * pl.col("borrower_size").is_in(sizes)
        found.ratio("local_bank_micro_share", component, days, local, above, CENTS)
    _key_projects(found, world)
    _partners(found, world, tech)
    approved = world.applications.filter(pl.col("tech"), pl.col("decision") == "approved").with_columns(
        quarter_of("decided_on"), pl.lit(1).alias("one")
    )
    for component, what in (("share", "one"), ("share_amount", "amount_approved")):
        above = pl.col(what) * (pl.col("decision_model") == "tech_scorecard")
        found.ratio("tech_scorecard_share", component, days, approved, above, pl.col(what), TYPE)


def _own_book(found: Figures, world: World, tech: pl.DataFrame) -> None:
    metric, days = "tech_loan_share_by_bank_type", world.quarters
    lent = tech.group_by("day", "institution_id").agg(CENTS.sum().alias("lent"))
    rows = world.reports.join(lent, on=["day", "institution_id"], how="left").with_columns(pl.col("lent").fill_null(0))
    for component, above in (("share", "lent"), ("share_reported", "tech_loans")):
        found.ratio(metric, component, days, rows, pl.col(above), pl.col("all_loans"), TYPE)


def _concentration(found: Figures, world: World, tech: pl.DataFrame) -> None:
    metric = "tech_loan_concentration"
    of_bank = tech.group_by("day", "institution_id").agg(CENTS.sum())
    for day in world.quarters:
        lent = sorted(of_bank.filter(pl.col("day") == day).get_column("balance_rmb").to_list(), reverse=True)
        city = sum(lent)
        found.put(metric, "hhi", day, sum((100 * one / city) ** 2 for one in lent) if city else None)
        found.put(metric, "top5_share", day, 100 * sum(lent[:5]) / city if city else None)
        found.put(metric, "lenders", day, sum(one > 0 for one in lent))


def _long_term(found: Figures, world: World, tech: pl.DataFrame) -> None:
    metric, days = "policy_bank_long_term_share", world.quarters
    in_five_years = {day: months_later(day, 60) for day in days}
    limit = pl.col("day").replace_strict(in_five_years, return_dtype=pl.Date)
    rows = tech.with_columns(
        (pl.col("tenor_months") > 60).alias("long"),
        (pl.coalesce("extended_due_on", "due_on") > limit).alias("long_residual"),
    )
    found.ratio(metric, "share", days, rows, CENTS * pl.col("long"), CENTS)
    found.ratio(metric, "share_residual", days, rows, CENTS * pl.col("long_residual"), CENTS)
    found.amount(metric, "long_balance", days, rows.filter("long"), hundred_million("balance_rmb"))


def _key_projects(found: Figures, world: World) -> None:
    metric, days = "key_project_policy_loans", world.quarters
    projects = world.table("project", "enterprise_id", "kind", "approved_on", "completed_on")
    projects = projects.filter(pl.col("kind") == "key").drop("kind")
    granted = pl.col("granted_on")
    of_firm = (
        world.notes.filter(pl.col("bank_type") == "policy")
        .join(projects, on="enterprise_id")
        .filter(
            granted >= pl.col("approved_on"), pl.col("completed_on").is_null() | (pl.col("completed_on") >= granted)
        )
        .unique("loan_id")
    )
    of_project = of_firm.filter(pl.col("product_class") == "F023")
    led = of_project.select("enterprise_id", pl.col("granted_on").alias("led_on")).unique()
    follow = (
        world.notes.filter(pl.col("bank_type") != "policy", pl.col("product_class") == "F023")
        .join(led, on="enterprise_id")
        .filter(granted > pl.col("led_on"), granted <= pl.col("led_on").dt.offset_by("12mo"))
    )
    stock = world.quarter_stock.with_columns(
        led=CENTS * pl.col("loan_id").is_in(of_project.get_column("loan_id").implode()),
        led_firm=CENTS * pl.col("loan_id").is_in(of_firm.get_column("loan_id").implode()),
        following=CENTS * pl.col("loan_id").is_in(follow.get_column("loan_id").implode()),
    )
    for component, column in (("balance", "led"), ("follow_balance", "following"), ("firm_balance", "led_firm")):
        found.amount(metric, component, days, stock, hundred_million(column))
    found.ratio(metric, "follow_ratio", days, stock, pl.col("following"), pl.col("led"), times=1.0)


def _partners(found: Figures, world: World, tech: pl.DataFrame) -> None:
    metric, days = "partner_loan_share", world.quarters
    asked = world.table("credit_application", "application_id", "partner_kind")
    rows = tech.join(asked, on="application_id", how="left").with_columns((CENTS > 0).cast(pl.Int64).alias("one"))
    for component, what in (("share", "balance_rmb"), ("share_count", "one")):
        base = pl.col(what)
        with_partner = pl.col("partner_kind").is_in(["investment", "guarantee"]).fill_null(False)
        found.ratio(metric, component, days, rows, base * with_partner, base, TYPE)
        for kind in ("investment", "guarantee"):
            part = Figures()
            part.ratio(metric, component, days, rows, base * (pl.col("partner_kind") == kind).fill_null(False), base)
            for (_, _, day, _, _), value in part.items():
                found[metric, component, day, "partner_kind", kind] = value
