"""Measure 12: green tech loans, decarbonisation loans, carbon accounts, ecological science platforms."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import polars as pl

from .sharing_data import HUNDRED_MILLION, TOTAL, Data, Figures, Row, groups, share

PLATFORMS = ("major_facility", "key_laboratory", "engineering_centre")


def work_out(data: Data, found: Figures) -> None:
    _balances(data, found)
    _rate_cut(data, found)
    _intensity(data, found)
    _accounts(data, found)
    _platforms(data, found)


def _balances(data: Data, found: Figures) -> None:
    """Measures 12 and 13 have one balance each by month: green and tech, digital."""
    notes = data.frame("loan", ["loan_id", "institution_id", "tech_use", "green", "digital"]).filter(
        pl.col("green") | pl.col("digital")
    )
    rows = data.frame("loan_balance", ["month", "loan_id", "balance_rmb", "tech_enterprise"])
    rows = rows.filter(pl.col("month").is_in(data.months)).join(notes, on="loan_id")
    tech = pl.col("tech_enterprise") | pl.col("tech_use")
    yuan = pl.col("balance_rmb").cast(pl.Decimal(38, 2))
    parts = {
        "green_all": yuan.filter(pl.col("green")),
        "green_tech": yuan.filter(pl.col("green") & tech),
        "green_firm": yuan.filter(pl.col("green") & pl.col("tech_enterprise")),
        "green_use": yuan.filter(pl.col("green") & pl.col("tech_use")),
        "digital": yuan.filter(pl.col("digital")),
        "digital_tech": yuan.filter(pl.col("digital") & tech),
    }
    sums = rows.group_by("month", "institution_id").agg(**{k: v.sum() for k, v in parts.items()}).collect().to_dicts()
    for month in data.months:
        for where, part in groups([row for row in sums if row["month"] == month], ("bank", "institution_id")):
            total = {name: sum(row[name] for row in part) for name in parts}
            for metric, component, name in (
                ("green_tech_loan_balance", "balance", "green_tech"),
                ("green_tech_loan_balance", "tech_enterprise_part", "green_firm"),
                ("green_tech_loan_balance", "tech_use_part", "green_use"),
                ("digital_industry_loan_balance", "balance", "digital"),
                ("digital_industry_loan_balance", "tech_loan_part", "digital_tech"),
            ):
                found.put(metric, component, month, where, total[name] / HUNDRED_MILLION)
            of_green = share(total["green_tech"], total["green_all"])
            found.put("green_tech_loan_balance", "share_of_green", month, where, of_green)


def _rate_cut(data: Data, found: Figures) -> None:
    ratings: dict[int, list[Row]] = {}
    for row in data.rows("carbon_account"):
        ratings.setdefault(row["enterprise_id"], []).append(row)

    def score(note: Row) -> float | None:
        mine, day = ratings.get(note["enterprise_id"], ()), note["granted_on"]
        valid = [row for row in mine if row["rated_on"] <= day <= row["valid_to"]]
        return float(max(valid, key=lambda r: (r["rated_on"], r["rating_no"]))["score"]) if valid else None

    def put(component: str, where: tuple[str, object], value: float | None, day: date) -> None:
        found.put("carbon_loan_rate_cut", component, day, where, value)

    yuan_notes = [note for note in data.notes.values() if note["currency"] == "CNY"]
    for year in data.years:
        new = []
        for note in yuan_notes:
            if year.holds(note["granted_on"]):
                lpr = data.lpr(note)
                spread = None if lpr is None else 100 * float(note["grant_rate"] - lpr)
                decarb = note["code"] == "decarbonisation"
                new.append({**note, "spread": spread, "score": score(note), "decarb": decarb})
        peers: dict[str, list[float]] = {}
        for note in new:
            if not note["decarb"] and note["spread"] is not None:
                money = peers.setdefault(note["borrower_size"], [0.0, 0.0])
                money[0] += float(note["amount_rmb"]) * note["spread"]
                money[1] += float(note["amount_rmb"])
        for where, part in groups(new, ("bank", "institution_id")):
            own = [note for note in part if note["decarb"]]
            put("slope", where, _slope(own), year.last)
            put("slope_all_rated", where, _slope(part), year.last)
            cut = weight = 0.0
            for note in own:
                if note["spread"] is not None and note["borrower_size"] in peers:
                    weighted, amount = peers[note["borrower_size"]]
                    cut += float(note["amount_rmb"]) * (weighted / amount - note["spread"])
                    weight += float(note["amount_rmb"])
            put("realised_cut", where, cut / weight if weight else None, year.last)
            put("notes", where, len(own), year.last)
            put("rated_notes", where, sum(note["score"] is not None for note in own), year.last)


def _slope(notes: Sequence[Row]) -> float | None:
    """Minus the least-squares slope of spread on score, with three notes and two scores at least."""
    points = [(n["score"], n["spread"]) for n in notes if n["score"] is not None and n["spread"] is not None]
    if len(points) < 3 or len({x for x, _ in points}) == 1:
        return None
    mean_x, mean_y = (sum(values) / len(points) for values in zip(*points, strict=True))
    return -sum((x - mean_x) * (y - mean_y) for x, y in points) / sum((x - mean_x) ** 2 for x, _ in points)


def _intensity(data: Data, found: Figures) -> None:
    years = {(row["enterprise_id"], row["year"]): row for row in data.rows("enterprise_year")}
    metric = "carbon_intensity_change"
    for period in data.years:
        now, before = period.last.year, period.last.year - 2
        weight: dict[int, float] = {}
        for note in data.notes.values():
            if note["granted_on"].year == now - 1 and (note["green"] or note["code"] == "decarbonisation"):
                weight[note["enterprise_id"]] = weight.get(note["enterprise_id"], 0) + float(note["amount_rmb"])
        pairs = {}
        for firm, year in years:
            a, b = years.get((firm, before)), years.get((firm, now))
            if year == now and a and b and a["revenue"] > 0 and b["revenue"] > 0 and a["tco2e"] > 0:
                pairs[firm] = (a["tco2e"], float(a["revenue"]), b["tco2e"], float(b["revenue"]))
        borrowers = {firm: pair for firm, pair in pairs.items() if firm in weight}
        loans = sum(weight[firm] for firm in borrowers)
        changed = sum(weight[f] * ((tb / rb) / (ta / ra) - 1) for f, (ta, ra, tb, rb) in borrowers.items())
        found.put(metric, "change", period.last, TOTAL, share(changed, loans))
        for component, firms in (("pooled_change", borrowers), ("pooled_change_all", pairs)):
            ta, ra, tb, rb = (sum(column) for column in zip(*firms.values(), strict=True)) if firms else (0, 0, 0, 0)
            found.put(metric, component, period.last, TOTAL, 100 * ((tb / rb) / (ta / ra) - 1) if firms else None)
        found.put(metric, "borrowers", period.last, TOTAL, len(borrowers))


def _accounts(data: Data, found: Figures) -> None:
    metric = "carbon_account_coverage"
    green = [note["loan_id"] for note in data.notes.values() if note["green"]]
    dissolved = {row["enterprise_id"]: row["dissolved_on"] for row in data.rows("enterprise")}
    for day, rows in data.balances(green).items():
        balance: dict[int, int] = {}
        for loan, row in rows.items():
            if row["balance_rmb"] > 0:
                firm = data.notes[loan]["enterprise_id"]
                balance[firm] = balance.get(firm, 0) + row["balance_rmb"]
        ever = {row["enterprise_id"] for row in data.rows("carbon_account") if row["rated_on"] <= day}
        valid = {r["enterprise_id"] for r in data.rows("carbon_account") if r["rated_on"] <= day <= r["valid_to"]}
        covered = sum(money for firm, money in balance.items() if firm in valid)
        found.put(metric, "coverage", day, TOTAL, share(len(balance.keys() & valid), len(balance)))
        found.put(metric, "coverage_ever", day, TOTAL, share(len(balance.keys() & ever), len(balance)))
        found.put(metric, "coverage_balance", day, TOTAL, share(covered, sum(balance.values())))
        existing = [firm for firm in valid if dissolved[firm] is None or dissolved[firm] > day]
        found.put(metric, "accounts", day, TOTAL, len(existing))
        found.put(metric, "green_borrowers", day, TOTAL, len(balance))


def _platforms(data: Data, found: Figures) -> None:
    metric = "eco_science_finance"
    all_platforms = [row for row in data.rows("institute") if row["eco_topic"] and row["kind"] in PLATFORMS]
    sponsors = {row["sponsor_id"] for row in all_platforms} - {None}
    notes = [note for note in data.notes.values() if note["enterprise_id"] in sponsors]
    deals = [
        deal
        for deal in data.rows("deal")
        if deal["enterprise_id"] in sponsors
        and not deal["secondary"]
        and deal["instrument"] in ("common", "preferred", "convertible")
    ]
    balances = data.balances(note["loan_id"] for note in notes)
    for quarter in data.quarters:
        day = quarter.last
        standing = [row for row in all_platforms if row["founded_on"] <= day]
        for where, part in groups(standing, ("topic", "eco_topic")):
            since: dict[int, date] = {}
            for row in part:
                if row["sponsor_id"] is not None:
                    since[row["sponsor_id"]] = min(row["founded_on"], since.get(row["sponsor_id"], date.max))
            granted = [n for n in notes if quarter.holds(n["granted_on"]) and _since(n, since, "granted_on")]
            bought = [d for d in deals if quarter.holds(d["closed_on"]) and _since(d, since, "closed_on")]
            loans = sum(note["amount_rmb"] for note in granted)
            equity = sum(deal["amount"] for deal in bought)
            open_notes = [n["loan_id"] for n in notes if n["enterprise_id"] in since and n["loan_id"] in balances[day]]
            balance = sum(balances[day][loan]["balance_rmb"] for loan in open_notes) / HUNDRED_MILLION
            events = [(n["enterprise_id"], n["granted_on"]) for n in granted]
            events += [(d["enterprise_id"], d["closed_on"]) for d in bought]
            financed = sum(any(f == r["sponsor_id"] and on >= r["founded_on"] for f, on in events) for r in part)
            for component, value in (
                ("finance", (loans + equity) / HUNDRED_MILLION),
                ("loans_granted", loans / HUNDRED_MILLION),
                ("equity", equity / HUNDRED_MILLION),
                ("loan_balance", balance),
                ("platforms", len(part)),
                ("platforms_financed", financed),
            ):
                found.put(metric, component, day, where, value)


def _since(event: Row, since: dict[int, date], column: str) -> bool:
    return event["enterprise_id"] in since and event[column] >= since[event["enterprise_id"]]
