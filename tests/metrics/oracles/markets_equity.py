"""Listings, the specialised board, NEEQ, mergers, warrants and their funds of the group `markets`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

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
    ratio,
    total,
)

LEAVES_NEEQ = ("neeq_left", "listed", "delisted")


def figures(world: World, out: Figures) -> None:
    steps = [row for row in world.rows("listing") if row["enterprise_id"] in world.firms]
    steps.sort(key=lambda row: (row["step_on"], row["step_no"]))
    by_firm = {cut[1]: rows for cut, rows in cuts(steps, "firm", "enterprise_id")}
    listings(world, out, steps, by_firm)
    conversion(world, out, by_firm)
    for quarter in world.quarters:
        specialised(world, out, quarter, steps)
        neeq(world, out, quarter, steps, by_firm)
        mergers(world, out, quarter)
        warrants(out, quarter, world.rows("warrant"), world.rows("warrant_valuation"))
        warrant_funds(world, out, quarter)
    for year in world.years:
        exercise(out, year, dated(world.rows("warrant"), "ended_on", year.replace(month=1, day=1), year))


def firms(rows: Iterable[Row]) -> set[int]:
    return {row["enterprise_id"] for row in rows}


def of(rows: Iterable[Row], *steps: str) -> list[Row]:
    return [row for row in rows if row["step"] in steps]


def from_specialised(row: Row) -> bool:
    return bool(row["step"] == "moved_up" and row["moved_from"] == "specialised")


def listings(world: World, out: Figures, steps: list[Row], by_firm: dict[int, list[Row]]) -> None:
    first = {number: of(rows, "listed")[0] for number, rows in by_firm.items() if of(rows, "listed")}
    for quarter in world.quarters:
        raised = in_quarter(of(steps, "listed", "refinanced"), "step_on", quarter)
        for cut, rows in [(TOTAL, raised), *cuts(raised, "board", "board")]:
            new = [row for row in of(rows, "listed") if first[row["enterprise_id"]] is row]
            out.at(
                "new_listings",
                quarter,
                cut,
                listings=len(new),
                funds_raised=total(of(rows, "listed"), "proceeds") / YI,
                refinanced=total(of(rows, "refinanced"), "proceeds") / YI,
                tech_listings=sum(row["enterprise_id"] in world.tech(row["step_on"]) for row in new),
            )


def conversion(world: World, out: Figures, by_firm: dict[int, list[Row]]) -> None:
    entries = [of(rows, "coached", "filed", "accepted")[:1] for rows in by_firm.values()]
    for year in world.years:
        if not world.is_over(year, 36):
            continue
        cohort = [row for entry in entries for row in entry if row["step_on"].year == year.year]
        for cut, rows in [(TOTAL, cohort), *cuts(cohort, "board", "board")]:
            in_time = [
                row
                for row in rows
                if dated(
                    of(by_firm[row["enterprise_id"]], "listed"), "step_on", row["step_on"], later(row["step_on"], 36)
                )
            ]
            out.at("listing_conversion", year, cut, listed_share=ratio(len(in_time), len(rows)), entered=len(rows))


def specialised(world: World, out: Figures, quarter: date, steps: list[Row]) -> None:
    so_far = dated(steps, "step_on", date.min, quarter)
    joined = firms(of(so_far, "specialised"))
    moves = [row for row in so_far if row["step"] == "specialised" or from_specialised(row)]
    last = {row["enterprise_id"]: row["step"] for row in moves}  # steps are in order: the latest stays
    there = [
        number
        for number, step in last.items()
        if step == "specialised" and not ended(world.firms[number]["dissolved_on"], quarter)
    ]
    out.at(
        "srdi_board_firms",
        quarter,
        firms=len(there),
        joined=len(joined),
        financed_share=ratio(len(firms(of(so_far, "financed")) & joined), len(joined)),
        moved_up_share=ratio(len(firms(row for row in so_far if from_specialised(row)) & joined), len(joined)),
        financed_amount=total(in_quarter(of(steps, "financed"), "step_on", quarter), "proceeds") / YI,
    )


def neeq(world: World, out: Figures, quarter: date, steps: list[Row], by_firm: dict[int, list[Row]]) -> None:
    quoted: list[str] = []
    stock: list[str] = []
    for number, rows in by_firm.items():
        so_far = dated(rows, "step_on", date.min, quarter)
        entered = [place for place, row in enumerate(so_far) if row["step"] == "neeq"]
        if not entered:
            continue
        since = so_far[entered[-1] :]
        tier = "upper" if of(since, "neeq_upper") else "base"
        if in_quarter(of(rows, "neeq"), "step_on", quarter):
            quoted.append(tier)
        up = [row for row in since if row["step"] == "moved_up" and row["moved_from"] in ("neeq_base", "neeq_upper")]
        if not of(since, *LEAVES_NEEQ) and not up and not ended(world.firms[number]["dissolved_on"], quarter):
            stock.append(tier)
    moved = firms(in_quarter(of(steps, "neeq_upper"), "step_on", quarter))
    out.at("neeq_quotations", quarter, quoted=len(quoted), stock=len(stock), moved_upper=len(moved))
    for tier in ("base", "upper"):
        out.at("neeq_quotations", quarter, ("tier", tier), quoted=quoted.count(tier), stock=stock.count(tier))


def mergers(world: World, out: Figures, quarter: date) -> None:
    ours = [row for row in world.rows("merger") if row["acquirer_tech"] and row["acquirer_id"] in world.firms]
    closed, agreed = in_quarter(ours, "closed_on", quarter), in_quarter(ours, "agreed_on", quarter)
    out.at(
        "listed_mergers",
        quarter,
        deals=len(closed),
        value=total(closed, "price") / YI,
        agreed_deals=len(agreed),
        agreed_value=total(agreed, "price") / YI,
        control_deals=sum(row["kind"] in ("control", "absorption") for row in closed),
        listed_deals=sum(row["acquirer_listed"] for row in closed),
    )


def warrants(out: Figures, quarter: date, all_warrants: list[Row], valuations: list[Row]) -> None:
    valuations = sorted(valuations, key=lambda row: row["valued_on"])
    latest = {row["warrant_id"]: row["warrant_value"] for row in dated(valuations, "valued_on", date.min, quarter)}
    valued = {row["warrant_id"] for row in in_quarter(valuations, "valued_on", quarter)}
    for cut, rows in [(TOTAL, all_warrants), *cuts(all_warrants, "venue", "venue")]:
        over = [row["outcome"] for row in in_quarter(rows, "ended_on", quarter)]
        running = alive(rows, "registered_on", "ended_on", quarter)
        out.at(
            "warrant_register",
            quarter,
            cut,
            registered=len(in_quarter(rows, "registered_on", quarter)),
            outstanding=len(running),
            valued=sum(row["warrant_id"] in valued for row in rows),
            exercised=over.count("exercised"),
            lapsed=over.count("lapsed"),
            terminated=over.count("terminated"),
            valued_amount=sum(latest.get(row["warrant_id"], 0.0) for row in running) / YI,
        )


def exercise(out: Figures, year: date, over: list[Row]) -> None:
    exercised = [row for row in over if row["outcome"] == "exercised"]
    lapsed = [row for row in over if row["outcome"] == "lapsed"]
    cost = sum(row["size"] / 100 * row["strike_value"] for row in exercised)
    out.at(
        "warrant_exercise_rate",
        year,
        rate=ratio(len(exercised), len(exercised) + len(lapsed)),
        rate_with_terminated=ratio(len(exercised), len(over)),
        gain=total(exercised, "gain") / YI,
        gain_rate=ratio(total(exercised, "gain"), cost),
    )


def warrant_funds(world: World, out: Figures, quarter: date) -> None:
    funds = [fund for fund in world.rows("fund") if fund["layer"] == "warrant"]
    living = {fund["fund_id"] for fund in alive(funds, "founded_on", "ends_on", quarter)}
    promised = [row for row in world.rows("fund_commitment") if row["fund_id"] in living]
    wealth = {row["commitment_id"] for row in promised if row["investor_kind"] == "bank_wealth"}
    promised = dated(promised, "committed_on", date.min, quarter)
    called = [row for row in world.rows("capital_call") if row["fund_id"] in living and row["paid_on"] <= quarter]
    out.at(
        "warrant_fund_scale",
        quarter,
        committed=total(promised) / YI,
        paid_in=total(called) / YI,
        wealth_share=ratio(total(r for r in promised if r["commitment_id"] in wealth), total(promised)),
        wealth_paid_share=ratio(total(r for r in called if r["commitment_id"] in wealth), total(called)),
        funds=len(living),
    )
