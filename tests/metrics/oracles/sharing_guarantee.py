"""Measure 14: guarantees on loans: liability, leverage, risk shares, claims, fees, fiscal support, tolerance."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from .sharing_data import HUNDRED_MILLION, TOTAL, Data, Figures, Period, Row, groups, share

CEILING = {"A": 40, "B": 35, "C": 30}
FIRM_CAP, SMALL_BALANCE = 30_000_000, 5_000_000
SHARES = ("share_national", "share_provincial", "share_city", "share_guarantor", "share_bank")


def work_out(data: Data, found: Figures) -> None:
    contracts = [_with_note(data, row) for row in data.rows("guarantee")]
    special = [row for row in contracts if row["kind"] == "special_plan"]
    by_firm: dict[int, list[Row]] = {}
    for row in special:
        by_firm.setdefault(row["enterprise_id"], []).append(row)
    for row in special:
        row["kept"] = _keeps_the_rules(row, by_firm[row["enterprise_id"]])
    balances = data.balances(row["loan_id"] for row in contracts)
    for quarter in data.quarters:
        live = [row for row in contracts if in_force(row, quarter.last)]
        rows = balances[quarter.last]
        tech = [row for row in live if row["loan_id"] in rows and rows[row["loan_id"]]["tech_enterprise"]]
        _balance(found, quarter.last, live, tech, rows)
        _leverage(data, found, quarter.last, live)
        _compliance(found, quarter, special)
        _claims(found, quarter, contracts)
        _fees(data, found, quarter, contracts, tech)
    for year in data.years:
        liability = sum(row["guaranteed_amount"] for row in contracts if in_force(row, year.last))
        _fiscal_support(data, found, year, liability)
        _tolerance(data, found, year, contracts)


def in_force(row: Row, day: date) -> bool:
    return row["started_on"] <= day and (row["released_on"] is None or row["released_on"] > day)


def _with_note(data: Data, row: Row) -> Row:
    note = data.notes[row["loan_id"]]
    more = {name: note[name] for name in ("enterprise_id", "borrower_size", "first_loan", "amount_rmb")}
    return {**row, **more, "own": row["principal"] * row["share_guarantor"] / 100}


def _keeps_the_rules(row: Row, of_firm: list[Row]) -> bool:
    firm = sum(other["principal"] for other in of_firm if in_force(other, row["started_on"]))
    return bool(
        sum(row[name] for name in SHARES) == 100
        and row["share_bank"] >= 20
        and row["share_provincial"] >= 20
        and row["share_national"] <= CEILING.get(row["plan_class"], -1)
        and firm <= FIRM_CAP
    )


def _balance(found: Figures, day: date, live: list[Row], tech: list[Row], rows: dict[int, Row]) -> None:
    metric, flagged = "guarantee_balance", {row["guarantee_id"] for row in tech}
    for where, part in groups(live, ("guarantor", "guarantor_id")):
        own = [row for row in part if row["guarantee_id"] in flagged]
        total = sum(row["guaranteed_amount"] for row in own)
        left = sum(
            float(row["guaranteed_amount"]) * min(1.0, float(rows[row["loan_id"]]["balance_rmb"] / row["amount_rmb"]))
            for row in own
        )
        found.put(metric, "balance", day, where, total / HUNDRED_MILLION)
        found.put(metric, "balance_all", day, where, sum(r["guaranteed_amount"] for r in part) / HUNDRED_MILLION)
        found.put(metric, "balance_own", day, where, sum(r["own"] for r in own) / HUNDRED_MILLION)
        found.put(metric, "balance_outstanding", day, where, left / HUNDRED_MILLION)
        first = sum(row["guaranteed_amount"] for row in own if row["first_loan"])
        found.put(metric, "first_time_share", day, where, share(first, total))


def _leverage(data: Data, found: Figures, day: date, live: list[Row]) -> None:
    metric, total = "guarantee_leverage", [Decimal(0)] * 3
    above = 0
    for guarantor in (row["institution_id"] for row in data.rows("institution") if row["kind"] == "guarantor"):
        reports = [row for row in data.rows("institution_year") if row["institution_id"] == guarantor]
        reports = [row for row in reports if row["year_end"] <= day]
        if not reports:
            continue
        latest = max(reports, key=lambda r: r["year_end"])
        mine = [row for row in live if row["guarantor_id"] == guarantor]
        firm: dict[int, Decimal] = {}
        for row in mine:
            firm[row["enterprise_id"]] = firm.get(row["enterprise_id"], Decimal(0)) + row["guaranteed_amount"]
        gross, own = Decimal(0), Decimal(0)
        for row in mine:
            small = row["borrower_size"] in ("CS03", "CS04") and firm[row["enterprise_id"]] <= SMALL_BALANCE
            weight = Decimal("0.75") if small else Decimal(1)
            gross, own = gross + weight * row["guaranteed_amount"], own + weight * row["own"]
        for bond in data.rows("bond"):
            if bond["guarantor_id"] == guarantor and bond["issued_on"] <= day < (bond["redeemed_on"] or date.max):
                weight = Decimal("0.8") if bond["issuer_rating"] in ("AAA", "AA_PLUS", "AA") else Decimal(1)
                gross, own = gross + weight * bond["amount"], own + weight * bond["amount"]
        above += gross / latest["net_assets"] > latest["multiple_limit"]
        total = [a + b for a, b in zip(total, (gross, own, latest["net_assets"]), strict=True)]
        _put_leverage(found, day, ("guarantor", guarantor), gross, own, latest["net_assets"])
    _put_leverage(found, day, TOTAL, *total)
    found.put(metric, "above_limit", day, TOTAL, above)


def _put_leverage(
    found: Figures, day: date, where: tuple[str, object], gross: Decimal, own: Decimal, net: Decimal
) -> None:
    metric = "guarantee_leverage"
    found.put(metric, "leverage", day, where, gross / net if net else None)
    found.put(metric, "leverage_own", day, where, own / net if net else None)
    found.put(metric, "weighted_liability", day, where, gross / HUNDRED_MILLION)
    found.put(metric, "net_assets", day, where, net / HUNDRED_MILLION)


def _compliance(found: Figures, quarter: Period, special: list[Row]) -> None:
    metric = "guarantee_share_compliance"
    live = [row for row in special if in_force(row, quarter.last)]
    new = [row for row in special if quarter.holds(row["started_on"])]
    kept = sum(row["kept"] for row in live)
    found.put(metric, "compliance", quarter.last, TOTAL, share(kept, len(live)))
    found.put(metric, "compliance_new", quarter.last, TOTAL, share(sum(row["kept"] for row in new), len(new)))
    found.put(metric, "contracts", quarter.last, TOTAL, len(live))
    found.put(metric, "breaches", quarter.last, TOTAL, len(live) - kept)


def _paid_and_released(part: list[Row], window: Period) -> tuple[Decimal, Decimal]:
    paid = sum((r["compensated_amount"] for r in part if window.holds(r["compensated_on"])), Decimal(0))
    released = sum((r["guaranteed_amount"] for r in part if window.holds(r["released_on"])), Decimal(0))
    return paid, released


def _claims(found: Figures, quarter: Period, contracts: list[Row]) -> None:
    metric, day = "guarantee_claim_rate", quarter.last
    since_january = Period(date(day.year, 1, 1), day)
    for where, part in groups(contracts, ("guarantor", "guarantor_id")):
        paid, released = _paid_and_released(part, since_january)
        found.put(metric, "claim_rate", day, where, share(paid, released))
        found.put(metric, "claim_rate_quarter", day, where, share(*_paid_and_released(part, quarter)))
        special = [row for row in part if row["kind"] == "special_plan"]
        found.put(metric, "claim_rate_special_plan", day, where, share(*_paid_and_released(special, since_january)))
        found.put(metric, "claims_paid", day, where, paid / HUNDRED_MILLION)
        found.put(metric, "released", day, where, released / HUNDRED_MILLION)


def _fees(data: Data, found: Figures, quarter: Period, contracts: list[Row], tech: list[Row]) -> None:
    new = [row for row in contracts if quarter.holds(row["started_on"])]
    for component, part in (
        ("fee_rate", [row for row in new if data.is_tech(row["enterprise_id"], row["started_on"])]),
        ("fee_rate_all", new),
        ("fee_rate_special_plan", [row for row in new if row["kind"] == "special_plan"]),
        ("fee_rate_in_force", tech),
    ):
        weighted = sum(row["guaranteed_amount"] * row["fee_rate"] for row in part)
        amount = sum(row["guaranteed_amount"] for row in part)
        found.put("guarantee_fee_rate", component, quarter.last, TOTAL, weighted / amount if amount else None)


def _fiscal_support(data: Data, found: Figures, year: Period, liability: Decimal) -> None:
    metric = "guarantor_fiscal_support"
    paid = [row for row in data.rows("fiscal_support") if year.holds(row["paid_on"])]
    for where, part in groups(paid, ("kind", "kind")):
        total = sum(row["amount"] for row in part)
        found.put(metric, "support", year.last, where, total / HUNDRED_MILLION)
        for level in ("city", "district"):
            of_level = sum(row["amount"] for row in part if row["level"] == level)
            found.put(metric, f"support_{level}", year.last, where, of_level / HUNDRED_MILLION)
        found.put(metric, "support_to_liability", year.last, where, share(total, liability))


def _tolerance(data: Data, found: Figures, year: Period, contracts: list[Row]) -> None:
    metric, sums, above = "guarantor_tolerance_use", [Decimal(0)] * 3, 0
    for report in data.rows("institution_year"):
        if report["year"] != year.last.year or report["claim_tolerance"] is None:
            continue
        mine = [row for row in contracts if row["guarantor_id"] == report["institution_id"]]
        paid, released = _paid_and_released(mine, year)
        if released:
            weighted = released * report["claim_tolerance"]
            sums = [a + b for a, b in zip(sums, (paid, released, weighted), strict=True)]
            above += 100 * paid / released > report["claim_tolerance"]
            _put_tolerance(found, year.last, ("guarantor", report["institution_id"]), paid, released, weighted)
    _put_tolerance(found, year.last, TOTAL, *sums)
    found.put(metric, "above", year.last, TOTAL, above)


def _put_tolerance(
    found: Figures, day: date, where: tuple[str, object], paid: Decimal, released: Decimal, weighted: Decimal
) -> None:
    metric = "guarantor_tolerance_use"
    rate, tolerance = (100 * paid / released, weighted / released) if released else (None, None)
    found.put(metric, "gap", day, where, rate - tolerance if rate is not None and tolerance is not None else None)
    found.put(metric, "claim_rate", day, where, rate)
    found.put(metric, "tolerance", day, where, tolerance)
