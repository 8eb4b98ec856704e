"""Measure 10 in the group `markets`: facilities, Kehuitong, pools, QFLP, credit reports, Hetao funds, outreach."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import polars as pl

from .markets_base import (
    TOTAL,
    YI,
    Figures,
    Row,
    World,
    alive,
    cuts,
    dated,
    ended,
    in_quarter,
    later,
    month_end,
    ratio,
    total,
)


def figures(world: World, out: Figures) -> None:
    first = first_business(world)
    for quarter in world.quarters:
        quota_use(world, out, quarter)
        kehuitong(world, out, quarter)
        cash_pools(world, out, quarter)
        qflp(world, out, quarter)
        reports(world, out, quarter)
        hetao(world, out, quarter)
        outreach(world, out, quarter, first)


def of_quarter(world: World, table: str, quarter: date) -> list[Row]:
    return [row for row in world.rows(table) if row["quarter"] == quarter]


def quota_use(world: World, out: Figures, quarter: date) -> None:
    debts = {row["facility_id"]: row for row in of_quarter(world, "cross_border_debt", quarter)}
    dissolved = {row["enterprise_id"]: row["dissolved_on"] for row in world.rows("enterprise")}
    facilities = alive(world.rows("cross_border_facility"), "registered_on", "replaced_on", quarter)
    facilities = [row for row in facilities if not ended(dissolved[row["enterprise_id"]], quarter)]
    for facility in facilities:
        row = debts.get(facility["facility_id"])
        facility["qualification"] = facility["qualification"] or "none"
        facility["debt"] = row["balance_usd"] if row else 0.0
        facility["qualified"] = bool(row and row["qualified"])
    for cut, rows in [(TOTAL, facilities), *cuts(facilities, "qualification", "qualification")]:
        qualified = [row for row in rows if row["qualified"]]
        out.at(
            "cross_border_quota_use",
            quarter,
            cut,
            use=ratio(total(rows, "debt"), total(rows, "quota_usd")),
            use_qualified=ratio(total(qualified, "debt"), total(qualified, "quota_usd")),
            debt=total(rows, "debt") / YI,
            quota=total(rows, "quota_usd") / YI,
            firms=len({row["enterprise_id"] for row in rows}),
            borrowers=len({row["enterprise_id"] for row in rows if row["debt"] > 0}),
        )


def kehuitong(world: World, out: Figures, quarter: date) -> None:
    parity = {row["month"]: row["usd_cny"] for row in world.rows("month")}
    everything = world.rows("research_transfer")
    rows = in_quarter(everything, "transferred_on", quarter)
    dollars = [
        row["amount"]
        if row["currency"] == "USD"
        else row["amount_cny"] / parity.get(month_end(row["transferred_on"]), parity[quarter])
        for row in rows
    ]
    out.at(
        "kehuitong_amount",
        quarter,
        amount=sum(dollars),
        amount_cny=total(rows, "amount_cny") / YI,
        institutes=len({row["institute_id"] for row in rows}),
        transfers=len(rows),
        institutes_to_date=len({row["institute_id"] for row in dated(everything, "transferred_on", date.min, quarter)}),
    )


def cash_pools(world: World, out: Figures, quarter: date) -> None:
    members = alive(world.rows("cash_pool_member"), "joined_on", "left_on", quarter)
    flows = of_quarter(world, "cash_pool_flow", quarter)
    inflow, outflow = total(flows, "inflow_usd"), total(flows, "outflow_usd")
    out.at(
        "cash_pool_members",
        quarter,
        members=len(members),
        pools=len(dated(world.rows("cash_pool"), "registered_on", date.min, quarter)),
        members_in_city=sum(row["place"] == "shenzhen" for row in members),
        gross_flow=(inflow + outflow) / YI,
        net_inflow=(inflow - outflow) / YI,
        gross_flow_to_date=total(flows, "gross_to_date_usd") / YI,
    )


def deals_of(world: World, funds: Iterable[int], quarter: date) -> list[Row]:
    """Deals with money in them, closed so far."""
    chosen = pl.col("fund_id").is_in(list(funds)) & (pl.col("closed_on") <= quarter) & (pl.col("amount") > 0)
    columns = (pl.col("investee_id"), pl.col("investee_tech"), pl.col("amount").cast(pl.Float64))
    return world.scan("deal").filter(chosen).select(columns).collect().to_dicts()


def qflp(world: World, out: Figures, quarter: date) -> None:
    quotas = alive(world.rows("qflp"), "approved_on", "replaced_on", quarter)
    flows = of_quarter(world, "qflp_inflow", quarter)
    deals = deals_of(world, [row["fund_id"] for row in world.rows("fund") if row["currency_mode"] == "qflp"], quarter)
    tech = [row for row in deals if row["investee_tech"]]
    out.at(
        "qflp_inflow",
        quarter,
        inflow=total(flows, "inflow_usd") / YI,
        inflow_to_date=total(flows, "inflow_to_date_usd") / YI,
        quota=total(quotas, "quota_usd") / YI,
        quota_use=ratio(total(flows, "inflow_to_date_usd"), total(quotas, "quota_usd")),
        managers=len({row["manager_id"] for row in quotas}),
        funds=sum(row["funds"] for row in flows),
        tech_share=ratio(total(tech), total(deals)),
        tech_share_deals=ratio(len(tech), len(deals)),
    )


def reports(world: World, out: Figures, quarter: date) -> None:
    rows = world.rows("cross_border_report")
    delivered = in_quarter(rows, "delivered_on", quarter)
    granted = in_quarter([row for row in rows if row["granted"]], "decided_on", quarter)
    notes = {row["loan_id"] for row in granted if row["loan_id"] is not None}
    lent = world.scan("loan").filter(pl.col("loan_id").is_in(list(notes))).select("amount_rmb").collect()
    out.at(
        "cross_border_credit_reports",
        quarter,
        reports=len(delivered),
        inbound=sum(row["direction"] == "inbound" for row in delivered),
        outbound=sum(row["direction"] == "outbound" for row in delivered),
        granted=len(granted),
        loan_amount=float(lent["amount_rmb"].sum()) / YI,
    )


def hetao(world: World, out: Figures, quarter: date) -> None:
    funds = [row for row in world.rows("fund") if row["layer"] in ("hetao_mother", "hetao_sub")]
    living = {row["fund_id"]: row["layer"] for row in alive(funds, "founded_on", "ends_on", quarter)}
    parents = {number for number, layer in living.items() if layer == "hetao_mother"}
    promised = [row for row in world.rows("fund_commitment") if row["fund_id"] in living]
    promised = dated(promised, "committed_on", date.min, quarter)
    outside = [row for row in promised if row["investor_fund_id"] not in parents]
    tech = [row for row in deals_of(world, [row["fund_id"] for row in funds], quarter) if row["investee_tech"]]
    out.at(
        "hetao_dual_currency_fund",
        quarter,
        committed=total(outside) / YI,
        committed_gross=total(promised) / YI,
        committed_cny=total(row for row in outside if row["currency"] == "CNY") / YI,
        committed_usd=total(row for row in outside if row["currency"] == "USD") / YI,
        parents=len(parents),
        sub_funds=len(living) - len(parents),
        tech_invested=total(tech) / YI,
        tech_firms=len({row["investee_id"] for row in tech}),
    )


def first_business(world: World) -> dict[int, date]:
    """First day of cross-border business of the firms in the city that ever had any."""
    events = [(row["enterprise_id"], row["registered_on"]) for row in world.rows("cross_border_facility")]
    events += [(row["enterprise_id"], row["joined_on"]) for row in world.rows("cash_pool_member")]
    granted = [row for row in world.rows("cross_border_report") if row["granted"]]
    events += [(row["enterprise_id"], row["decided_on"]) for row in granted]
    first: dict[int, date] = {}
    for number, day in events:
        if number in world.firms:
            first[number] = min(day, first.get(number, day))
    return first


def outreach(world: World, out: Figures, quarter: date, first: dict[int, date]) -> None:
    held = [row for row in world.rows("outreach") if row["kind"] == "cross_border"]
    held = in_quarter(held, "held_on", quarter)
    places = [("district", row["district_id"]) for row in held if row["district_id"] is not None]
    for cut in [TOTAL, *dict.fromkeys(places)]:
        rows = [row for row in held if cut == TOTAL or row["district_id"] == cut[1]]
        reached = total(rows, "firms_reached")
        out.at(
            "cross_border_outreach",
            quarter,
            cut,
            events=len(rows),
            firms=reached,
            match_rate=ratio(total(rows, "matches"), reached),
        )
        if not world.is_over(quarter, 6):
            continue
        new = {
            number
            for number, day in first.items()
            for row in rows
            if row["district_id"] in (None, world.firms[number]["district_id"])
            and row["held_on"] < day <= later(row["held_on"], 6)
        }
        out.at(
            "cross_border_outreach",
            quarter,
            cut,
            first_business=len(new),
            first_business_rate=ratio(len(new), reached),
        )
