"""Oracle of measure 1: relending, its lists and the interest subsidy."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import numpy as np
import polars as pl

from metrics.oracles.credit_policy_tools import City, Row, by, month_end, percent

TOTAL = ("total", "total")
FLOOR = 1 / 0.6
OLD_TAGS = {"HNTE", "SRDI", "LITTLE_GIANT", "CHAMPION", "DEMONSTRATION"}


def ledger(city: City) -> list[Row]:
    columns = "loan_id application_id enterprise_id institution_id tenor_months use_industry borrower_size "
    notes = city.loans.select([*columns.split(), "borrower_ownership"])
    return city.frame("relending_loan").join(notes, on="loan_id").sort("loan_id").to_dicts()


def entries(city: City) -> list[Row]:
    return sorted((e for e in city.rows("list_entry") if e["list"] == "relending"), key=lambda e: e["entry_id"])


def with_banks(rows: list[Row]) -> list[tuple[tuple[str, object], list[Row]]]:
    return [(TOTAL, rows), *((("bank", bank), part) for bank, part in by(rows, lambda r: r["institution_id"]).items())]


def loan_balance(city: City, notes: list[Row]) -> None:
    entered = {row["loan_id"]: row["entered_on"] for row in notes}
    held = city.balances.filter(pl.col("loan_id").is_in(list(entered))).to_dicts()
    held = [row for row in held if entered[row["loan_id"]] <= row["month"]]
    amounts = {row["application_id"]: row["amount_approved"] for row in city.rows("credit_application")}
    signed: dict[int, Row] = {}
    for row in sorted(notes, key=lambda r: r["entered_on"]):
        signed.setdefault(row["application_id"], row)
    for month in city.months:
        parts = {
            "balance": [(r["institution_id"], r["balance_rmb"]) for r in held if r["month"] == month],
            "signed": [(r["institution_id"], amounts[a] or 0.0) for a, r in signed.items() if r["entered_on"] <= month],
            "issued": [(r["institution_id"], r["eligible_principal"]) for r in notes if r["entered_on"] <= month],
        }
        for name, pairs in parts.items():
            city.put("relending_loan_balance", month, TOTAL, **{name: sum(v for _, v in pairs) / 1e8})
            for bank in {b for b, _ in pairs}:
                amount = sum(v for b, v in pairs if b == bank) / 1e8
                city.put("relending_loan_balance", month, ("bank", bank), **{name: amount})


def leverage(city: City, notes: list[Row]) -> None:
    def ratio(rows: list[Row]) -> float | None:
        drawn = sum(r["refinanced_amount"] for r in rows)
        return sum(r["eligible_principal"] for r in rows) / drawn if drawn else None

    drawn = [r for r in notes if r["drawn_on"]]
    for quarter in city.quarters:
        for cut, rows in with_banks([r for r in drawn if r["drawn_on"] <= quarter]):
            now = [r for r in rows if r["drawn_on"] > month_end(quarter, 3)]
            one = ratio(now)
            city.put("relending_leverage", quarter, cut, leverage=one, cumulative=ratio(rows), floor=FLOOR)
            city.put("relending_leverage", quarter, cut, above_floor=None if one is None else one - FLOOR)


def during(entry: Row, day: date | None) -> bool:
    """The day lies within the entry's time on the list."""
    return bool(day and entry["pushed_on"] <= day and (not entry["removed_on"] or day < entry["removed_on"]))


def conversion(city: City, notes: list[Row]) -> None:
    eligible = {i["institution_id"] for i in city.rows("institution") if i["relending_eligible"]}
    pushed = [e for e in entries(city) if e["pushed_on"]]
    mine = {e["enterprise_id"] for e in pushed}
    approved = by(
        (
            a
            for a in city.rows("credit_application")
            if a["decision"] == "approved" and a["enterprise_id"] in mine and a["institution_id"] in eligible
        ),
        lambda a: a["enterprise_id"],
    )
    held = by(notes, lambda n: (n["enterprise_id"], n["subject"]))
    for e in pushed:
        firm = e["enterprise_id"]
        e["unit"] = (e["subject"], e["project_id"] if e["subject"] == "project" else firm)
        e["signed"] = min((a["decided_on"] for a in approved.get(firm, []) if during(e, a["decided_on"])), default=None)
        granted = [n["granted_on"] for n in held.get((firm, e["subject"]), [])]
        e["supported"] = min((day for day in granted if during(e, day)), default=None)

    def units(rows: list[Row], step: str | None, quarter: date) -> int:
        return len({e["unit"] for e in rows if step is None or (e[step] and e[step] <= quarter)})

    for quarter in city.quarters:
        listed = [e for e in pushed if e["pushed_on"] <= quarter]
        cuts = [(TOTAL, listed)]
        cuts += [(("batch", b), rows) for b, rows in by(listed, lambda e: e["batch"]).items()]
        cuts += [(("kind", k), rows) for k, rows in by(listed, lambda e: e["subject"]).items()]
        for cut, rows in cuts:
            current = [e for e in rows if not e["removed_on"] or e["removed_on"] > quarter]
            whole, signed = units(rows, None, quarter), units(rows, "signed", quarter)
            city.put(
                "relending_list_conversion",
                quarter,
                cut,
                rate=percent(signed, whole),
                rate_current=percent(units(current, "signed", quarter), units(current, None, quarter)),
                supported_rate=percent(units(rows, "supported", quarter), whole),
                signed=float(signed),
                listed=float(whole),
            )


def days_to_loan(city: City, notes: list[Row]) -> None:
    pushed = by((e for e in entries(city) if e["pushed_on"]), lambda e: (e["enterprise_id"], e["subject"]))
    first: dict[int, Row] = {}
    for note in sorted(notes, key=lambda n: (n["granted_on"], n["loan_id"])):
        before = [
            e for e in pushed.get((note["enterprise_id"], note["subject"]), []) if e["pushed_on"] <= note["granted_on"]
        ]
        if before:
            entry = max(before, key=lambda e: (e["pushed_on"], -e["entry_id"]))
            first.setdefault(entry["entry_id"], {**note, "days": (note["granted_on"] - entry["pushed_on"]).days})
    for quarter in city.quarters:
        rows = [n for n in first.values() if month_end(quarter, 3) < n["granted_on"] <= quarter]
        for cut, part in with_banks(rows):
            days = [n["days"] for n in part]
            at: Callable[[float], float | None] = lambda q, d=days: float(np.quantile(d, q)) if d else None  # noqa: E731
            city.put("relending_days_to_loan", quarter, cut, median=at(0.5), p90=at(0.9), first_loans=float(len(part)))


def pass_through(city: City) -> None:
    bank = city.loans.select("loan_id", "institution_id")
    claims = city.frame("interest_subsidy").join(bank, on="loan_id").to_dicts()
    for quarter in city.quarters:
        for cut, rows in with_banks([c for c in claims if c["applied_on"] <= quarter]):

            def sums(part: list[Row], quarter: date = quarter) -> tuple[float, float]:
                paid = sum(c["paid"] or 0.0 for c in part if c["paid_on"] and c["paid_on"] <= quarter)
                return paid, sum(c["entitled"] for c in part)

            received, entitled = sums(rows)
            recent = percent(*sums([c for c in rows if c["applied_on"] > month_end(quarter, 12)]))
            city.put("subsidy_pass_through", quarter, cut, rate=percent(received, entitled), rate_recent=recent)
            city.put("subsidy_pass_through", quarter, cut, received=received / 1e8, entitled=entitled / 1e8)


def misuse(city: City, notes: list[Row]) -> None:
    listed = by((e for e in entries(city) if e["pushed_on"]), lambda e: e["enterprise_id"])
    renewals = by((p for p in city.rows("project") if p["kind"] == "equipment_renewal"), lambda p: p["enterprise_id"])
    lender = {i["institution_id"]: i["relending_eligible"] for i in city.rows("institution")}
    section = {i["industry_code"]: i["section"] for i in city.rows("industry", ["industry_code", "section"])}
    for n in notes:
        firm, day, lot = n["enterprise_id"], n["granted_on"], n["lot"]
        tags = city.tags_on(firm, day)
        fits = {
            "TI2022": bool(tags & OLD_TAGS),
            "FL2024": bool(tags) and n["borrower_size"] in ("CS02", "CS03", "CS04"),
            "TS2025": bool(tags),
            "PR2026": n["borrower_size"] in ("CS02", "CS03", "CS04") and n["borrower_ownership"].startswith("B01"),
        }.get(lot, True)
        running = any(
            p["approved_on"] <= day and (not p["completed_on"] or p["completed_on"] >= day)
            for p in renewals.get(firm, [])
        )
        n["borrower"] = not (fits and any(during(e, day) for e in listed.get(firm, [])))
        n["lender"] = not lender[n["institution_id"]]
        n["tenor"] = lot == "EQ2024" and n["tenor_months"] < 12
        n["use"] = section[n["use_industry"]] in ("J", "K") or (lot == "EQ2024" and not running)
        n["any"] = n["borrower"] or n["lender"] or n["tenor"] or n["use"]
    for quarter in city.quarters:
        rows = [n for n in notes if month_end(quarter, 3) < n["entered_on"] <= quarter]
        for cut, part in with_banks(rows):
            broken = [n for n in part if n["any"]]
            amount, whole = (sum(n["eligible_principal"] for n in some) for some in (broken, part))
            rules = {
                f"{r}_rate": percent(sum(n[r] for n in part), len(part)) for r in ("borrower", "lender", "tenor", "use")
            }
            city.put(
                "relending_misuse_rate",
                quarter,
                cut,
                rate=percent(len(broken), len(part)),
                amount_rate=percent(amount, whole),
                **rules,
                broken=float(len(broken)),
                matched=float(len(part)),
            )


def funnel(city: City) -> None:
    steps = ("screened", "declared", "recommended", "pushed")
    whole = entries(city)
    for quarter in city.quarters:
        reserved = [e for e in whole if e["reserved_on"] <= quarter]
        batches = by(reserved, lambda e: e["batch"])
        for cut, rows in [(TOTAL, reserved), *((("batch", b), part) for b, part in batches.items())]:
            reach = {s: sum(1 for e in rows if e[f"{s}_on"] and e[f"{s}_on"] <= quarter) for s in steps}
            city.put("project_funnel_rate", quarter, cut, rate=percent(reach["pushed"], len(rows)))
            rates = {f"{s}_rate": percent(reach[s], len(rows)) for s in steps[:3]}
            city.put("project_funnel_rate", quarter, cut, **rates, reserved=float(len(rows)))
            if cut == TOTAL and rows:
                for step in steps:
                    city.put("project_funnel_rate", quarter, ("step", step), rate=percent(reach[step], len(rows)))


def coverage(city: City, notes: list[Row]) -> None:
    renewals = by((p for p in city.rows("project") if p["kind"] == "equipment_renewal"), lambda p: p["enterprise_id"])
    entered = {n["loan_id"]: n["entered_on"] for n in notes}
    held = city.balances.filter(pl.col("loan_id").is_in(list(entered)), pl.col("balance_rmb") > 0).to_dicts()
    firms = [f for f in city.enterprises.values() if f["in_city"]]
    has_rows = set(city.balances["month"].unique())
    for quarter in city.quarters:
        now = {r["enterprise_id"] for r in held if r["month"] == quarter and entered[r["loan_id"]] <= quarter}
        ever = {n["enterprise_id"] for n in notes if n["entered_on"] <= quarter}
        groups: dict[tuple[str, object], set[int]] = {TOTAL: set()}
        for firm in firms:
            one = firm["enterprise_id"]
            tags = city.tags_on(one, quarter)
            project = any(
                p["approved_on"] <= quarter and (not p["completed_on"] or p["completed_on"] > quarter)
                for p in renewals.get(one, [])
            )
            if not (tags or project) or (firm["dissolved_on"] and firm["dissolved_on"] <= quarter):
                continue
            year = city.latest_year(one, quarter)
            cuts: list[tuple[str, object]] = [TOTAL, *(("tag", tag) for tag in tags)]
            cuts += [("district", firm["district_id"])] if firm["district_id"] is not None else []
            cuts += [("size", year["size"])] if year else []
            for cut in cuts:
                groups.setdefault(cut, set()).add(one)
        for cut, some in groups.items():
            city.put(
                "relending_firm_coverage",
                quarter,
                cut,
                coverage=percent(len(some & now), len(some)) if quarter in has_rows else None,
                coverage_ever=percent(len(some & ever), len(some)),
                supported=float(len(some & now)),
                eligible=float(len(some)),
            )


def measure_1(city: City) -> None:
    notes = ledger(city)
    loan_balance(city, notes)
    leverage(city, notes)
    conversion(city, notes)
    days_to_loan(city, notes)
    pass_through(city)
    misuse(city, notes)
    funnel(city)
    coverage(city, notes)
