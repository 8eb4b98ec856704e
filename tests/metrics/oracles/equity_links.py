"""Equity beside credit: five channels, linked loans, merger loans, relays through the stages, coverage."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl

from .equity_common import (
    EQUITY,
    YUAN,
    Book,
    Data,
    Figures,
    Row,
    add_months,
    percent,
    quantile,
    quarter_end,
    ratio,
    survival,
    total,
    year_end,
)

HKD_PER_USD = Decimal("7.8")  # the linked exchange rate
CHAIN = ("angel", "venture", "pe", "loan", "market")
RELAY = {"seed": "angel", "angel": "angel", "series_a": "venture", "series_b": "venture"}  # later rounds: pe
DAYS_A_MONTH = 365.25 / 12
FIRST_COHORT = 2016  # deals of funds begin then


def link_figures(found: Figures, data: Data) -> None:
    _five_channels(found, data)
    _linked_credit(found, data)
    _direct_investment(found, data)
    _merger_loans(found, data)
    _relay(found, data)
    _coverage(found, data)


def _five_channels(found: Figures, data: Data) -> None:
    book = Book(found, "five_channel_financing")
    home = {e["enterprise_id"] for e in data.rows("enterprise") if e["in_city"]}
    dollar = {m["month"]: m["usd_cny"] for m in data.rows("month")}
    gross, back, guaranteed = (defaultdict(Decimal) for _ in range(3))  # (quarter end, channel) -> yuan

    def money_in_firm(d: Row) -> bool:
        return bool(d["in_city"] and d["investee_tech"])

    rounds = [d for d in data.rounds if money_in_firm(d)]
    for d in rounds:
        gross[quarter_end(d["closed_on"]), "equity"] += d["round_amount"]
    for d in data.rows("deal"):
        if money_in_firm(d) and d["instrument"] == "debt" and not d["secondary"]:
            gross[quarter_end(d["closed_on"]), "equity"] += d["amount"]
        if money_in_firm(d) and d["instrument"] == "guarantee":
            guaranteed[quarter_end(d["closed_on"]), "equity"] += d["exposure"]
    with_round = {(d["enterprise_id"], quarter_end(d["closed_on"])) for d in data.rows("deal") if d["round_amount"] > 0}
    for s in data.rows("listing"):
        firm, quarter = s["enterprise_id"], quarter_end(s["step_on"])
        seen = s["step"] == "financed" and (firm, quarter) in with_round
        if s["proceeds"] is not None and firm in home and data.tech(firm, s["step_on"]) and not seen:
            gross[quarter, "equity"] += s["proceeds"]
    for b in data.rows("bond"):
        if b["issuer_type"] != "financial":
            counted = b["amount"] * (100 - (b["fund_share"] or 0)) / 100
            gross[quarter_end(b["issued_on"]), "bond"] += counted
            if b["redeemed_on"]:
                back[quarter_end(b["redeemed_on"]), "bond"] += counted
            if b["guarantor_id"] is not None:
                guaranteed[quarter_end(b["issued_on"]), "bond"] += counted
    for x in data.rows("cross_border_debt"):
        if x["enterprise_id"] in home and x["quarter"] in dollar:
            parity = {"USD": 1, "HKD": 1 / HKD_PER_USD, "CNY": 1 / dollar[x["quarter"]]}[x["currency"]]
            gross[x["quarter"], "cross_border"] += x["drawn"] * parity * dollar[x["quarter"]]
            back[x["quarter"], "cross_border"] += x["repaid"] * parity * dollar[x["quarter"]]
    drawn, covered, balance = _tech_notes(data, home)
    for quarter in data.quarters:
        gross[quarter, "loan"] = drawn.get(quarter, Decimal(0))
        guaranteed[quarter, "loan"] = covered.get(quarter, Decimal(0))
        before = add_months(quarter.replace(day=1), -2).replace(day=1)  # the quarter's first day
        base = next((m for m in data.months if (before - m).days == 1), None)
        net: dict[str, Decimal | None] = {}
        for channel in ("loan", "equity", "bond", "cross_border"):
            key = quarter, channel
            book.put("gross", quarter, "channel", channel, gross[key] / YUAN)
            book.put("guaranteed", quarter, "channel", channel, guaranteed[key] / YUAN)
            net[channel] = gross[key] - back[key]
            if channel == "loan":
                known = {base, quarter} <= balance.keys()
                net[channel] = balance[quarter] - balance[base] if base and known else None
            book.put("net", quarter, "channel", channel, None if net[channel] is None else net[channel] / YUAN)
        book.put("gross", quarter, "total", "total", sum(gross[quarter, c] for c in net) / YUAN)
        book.put("guaranteed", quarter, "total", "total", sum(guaranteed[quarter, c] for c in net) / YUAN)
        whole = None if None in net.values() else sum(net.values()) / YUAN
        book.put("net", quarter, "total", "total", whole)


def _tech_notes(data: Data, home: set[int]) -> tuple[dict[date, Decimal], ...]:
    """Quarter end -> drawn and guaranteed in the quarter; month end -> balance; of tech loans of firms of the city.

    A month without any note has no balance.
    """
    notes = data.frame("loan", "loan_id", "enterprise_id", "tech_use")
    notes = notes.filter(pl.col("enterprise_id").is_in(list(home)))
    state = data.frame("loan_balance", "month", "loan_id", "balance_rmb", "tech_enterprise")
    months = state.get_column("month").unique()
    state = state.join(notes, on="loan_id")
    state = state.filter(pl.col("tech_enterprise") | pl.col("tech_use"))
    flagged = state.select("loan_id", "month", tech=pl.lit(True))

    def quarters(frame: pl.DataFrame, day: str, amount: str) -> dict[date, Decimal]:
        frame = frame.with_columns(month=pl.col(day).dt.month_end()).join(notes, on="loan_id")
        frame = frame.join(flagged, on=["loan_id", "month"], how="left").filter(pl.col("tech") | pl.col("tech_use"))
        sums: dict[date, Decimal] = defaultdict(Decimal)
        for month, cents in frame.group_by("month").agg((pl.col(amount) * 100).cast(pl.Int64).sum()).iter_rows():
            sums[quarter_end(month)] += Decimal(cents) / 100
        return sums

    drawn = data.frame("loan_flow", "loan_id", "event_on", "kind", "amount_rmb").filter(pl.col("kind") == "drawdown")
    contracts = data.frame("guarantee", "loan_id", "started_on", "guaranteed_amount")
    balance = state.group_by("month").agg((pl.col("balance_rmb") * 100).cast(pl.Int64).sum())
    return (
        quarters(drawn, "event_on", "amount_rmb"),
        quarters(contracts, "started_on", "guaranteed_amount"),
        dict.fromkeys(months, Decimal(0)) | {month: Decimal(cents) / 100 for month, cents in balance.iter_rows()},
    )


def _linked_credit(found: Figures, data: Data) -> None:
    book = Book(found, "linked_credit_ratio")
    of_firm = defaultdict(list)
    for d in data.rounds:
        if d["enterprise_id"] is not None:
            of_firm[d["enterprise_id"]].append(d)
    lent: dict[int, Decimal] = defaultdict(Decimal)
    notes = data.frame("loan", "enterprise_id", "granted_on", "amount_rmb")
    for n in notes.filter(pl.col("enterprise_id").is_in(list(of_firm))).to_dicts():
        earlier = [d for d in of_firm[n["enterprise_id"]] if d["closed_on"] < n["granted_on"]]
        if earlier:
            last = max(earlier, key=lambda d: (d["closed_on"], d["round_id"]))
            if n["granted_on"] <= add_months(last["closed_on"], 12):
                lent[last["round_id"]] += n["amount_rmb"]

    def figures(rows: list[Row]) -> dict[str, Any]:
        loans = sum((lent[r["round_id"]] for r in rows if r["round_id"] in lent), Decimal(0))
        equity = total(rows, "round_amount")
        return {
            "ratio": ratio(loans, equity),
            "loans": loans / YUAN,
            "equity": equity / YUAN,
            "followed": percent(sum(r["round_id"] in lent for r in rows), len(rows)),
        }

    for day in data.years:
        rows = [d for rounds in of_firm.values() for d in rounds if d["closed_on"].year == day.year - 1]
        book.each(day, rows, {"stage": lambda r: r["stage"]}, figures)


def _direct_investment(found: Figures, data: Data) -> None:
    book = Book(found, "loan_direct_investment_cases")
    bank = dict(data.frame("loan", "loan_id", "institution_id").iter_rows())
    links = [{**k, "bank": bank[k["loan_id"]]} for k in data.rows("investment_link")]
    signed, tied = defaultdict(list), defaultdict(list)
    for k in sorted(links, key=lambda k: (k["linked_on"] or date.max, k["link_id"])):
        signed[quarter_end(k["agreed_on"])].append({**k, "new": True})
        if k["deal_id"] is not None:
            tied[quarter_end(k["linked_on"])].append({**k, "new": False})
    for day in data.quarters:
        for cut, banks in (("total", [None]), ("bank", sorted(set(bank.values())))):
            for one in banks:
                mine = [k for k in links if k["deal_id"] is not None and one in (None, k["bank"])]
                pairs = [k for k in tied[day] if one in (None, k["bank"])]
                agreed = [k for k in signed[day] if one in (None, k["bank"])]
                if one is not None and not pairs and not agreed:
                    continue
                first: dict[int, date] = {}
                for k in mine:
                    first[k["deal_id"]] = min(k["linked_on"], first.get(k["deal_id"], date.max))
                new = {k["deal_id"]: k["invested_amount"] for k in pairs if quarter_end(first[k["deal_id"]]) == day}
                value = "total" if one is None else one
                book.put("pairs", day, cut, value, len(pairs))
                book.put("loan_amount", day, cut, value, total(pairs, "loan_amount") / YUAN)
                book.put("invested_amount", day, cut, value, sum(new.values(), Decimal(0)) / YUAN)
                book.put("agreements", day, cut, value, len(agreed))


def _merger_loans(found: Figures, data: Data) -> None:
    book = Book(found, "merger_loan_balance")
    notes = data.frame("loan", "loan_id", "institution_id", "product_class", "tenor_months")
    notes = notes.filter(pl.col("product_class") == "F12")
    state = data.frame("loan_balance", "month", "loan_id", "balance_rmb").join(notes, on="loan_id").to_dicts()
    merger = {m["loan_id"]: m for m in data.rows("merger") if m["loan_id"] is not None}

    def figures(rows: list[Row]) -> dict[str, Any]:
        mergers = [merger[r["loan_id"]] for r in rows if r["loan_id"] in merger]
        balance = total(rows, "balance_rmb")
        return {
            "balance": balance / YUAN,
            "loan_share": percent(total(mergers, "loan_amount"), total(mergers, "price")),
            "tenor": ratio(sum((r["balance_rmb"] * r["tenor_months"] for r in rows), Decimal(0)), balance),
        }

    for day in data.quarters:
        rows = [r for r in state if r["month"] == day]
        book.each(day, rows, {"bank": lambda r: r["institution_id"]}, figures)


def _relay(found: Figures, data: Data) -> None:
    """First day of every stage of every tech firm of the city, then cohorts by the year of the first stage."""
    rate, interval = Book(found, "relay_rate"), Book(found, "relay_interval")
    firms = {e["enterprise_id"] for e in data.rows("enterprise") if e["in_city"]} & data.ever_tech
    events: list[tuple[int, str, date | None]] = []
    events += [(d["enterprise_id"], RELAY.get(d["stage"], "pe"), d["closed_on"]) for d in data.new_equity]
    events += [(e["enterprise_id"], "loan", e["first_credit_on"]) for e in data.rows("enterprise")]
    events += [(s["enterprise_id"], "market", s["step_on"]) for s in data.rows("listing") if s["proceeds"] is not None]
    events += [(b["enterprise_id"], "market", b["issued_on"]) for b in data.rows("bond")]
    first: dict[int, dict[str, date]] = defaultdict(dict)
    for firm, stage, day in events:
        if firm in firms and day is not None and day <= data.last_day:
            first[firm][stage] = min(day, first[firm].get(stage, date.max))
    cohorts = defaultdict(list)
    for stages in first.values():
        path = sorted(stages.items(), key=lambda item: (item[1], CHAIN.index(item[0])))
        limit = add_months(path[0][1], 60)
        path = [(stage, day) for stage, day in path if day <= limit]
        passed = len(path) >= 3
        end = path[2][1] if passed else data.last_day
        days = (
            (end - path[0][1]).days if passed or limit > data.last_day else 10**6
        )  # followed through: at risk to the end
        cohorts[year_end(path[0][1])].append({"path": path, "spell": (days, passed)})

    def share(rows: list[Row], day: date) -> float | None:
        if add_months(day, 60) <= data.last_day:
            return percent(sum(r["spell"][1] for r in rows), len(rows))
        curve = survival(r["spell"] for r in rows)
        return 100 * (1 - (curve[-1][1] if curve else 1.0)) if rows else None

    def spans(rows: list[Row]) -> dict[str, Any]:
        days = [r["days"] for r in rows]
        middle, high = quantile(days, 0.5), quantile(days, 0.9)
        return {
            "median": None if middle is None else middle / DAYS_A_MONTH,
            "p90": None if high is None else high / DAYS_A_MONTH,
            "intervals": len(days),
        }

    years = range(FIRST_COHORT, data.last_day.year + 1)
    for day in (date(year, 12, 31) for year in years if date(year, 12, 31) <= data.last_day):
        rows = cohorts[day]
        began_with_equity = [r for r in rows if r["path"][0][0] in ("angel", "venture", "pe")]
        passed = sum(r["spell"][1] for r in rows)
        rate.put("rate", day, "total", "total", share(rows, day))
        rate.put("rate_so_far", day, "total", "total", percent(passed, len(rows)))
        rate.put("rate_equity_first", day, "total", "total", share(began_with_equity, day))
        rate.put("passed", day, "total", "total", passed)
        rate.put("cohort", day, "total", "total", len(rows))
        steps = [
            {"pair": f"{a}-{b}", "days": (on - since).days}
            for r in rows
            for (a, since), (b, on) in zip(r["path"], r["path"][1:], strict=False)
        ]
        interval.each(day, steps, {"stage_pair": lambda r: r["pair"]}, spans)


def _coverage(found: Figures, data: Data) -> None:
    book = Book(found, "stage_coverage")
    borrower = data.frame("loan", "loan_id", "enterprise_id")
    notes = data.frame("loan_balance", "month", "loan_id", "balance_rmb").filter(
        pl.col("month").is_in(data.years) & (pl.col("balance_rmb") > 0)
    )
    owing = set(notes.join(borrower, on="loan_id").select("month", "enterprise_id").unique().iter_rows())
    with_notes = set(data.frame("loan_balance", "month")["month"].unique())
    sold_on = {x["deal_id"]: x["exited_on"] for x in data.rows("fund_exit") if x["final"]}
    holdings = [d for d in data.rows("deal") if d["instrument"] in EQUITY and d["enterprise_id"] is not None]
    years = defaultdict(dict)
    for y in data.rows("enterprise_year"):
        years[y["enterprise_id"]][y["year"]] = y["stage"]
    city = [e for e in data.rows("enterprise") if e["in_city"]]
    for day in data.years:
        held = {d["enterprise_id"] for d in holdings if d["closed_on"] <= day < sold_on.get(d["deal_id"], date.max)}
        rows = []
        for e in city:
            firm = e["enterprise_id"]
            if data.tech(firm, day) and (e["dissolved_on"] is None or e["dissolved_on"] > day):
                last = max((y for y in years[firm] if y <= day.year), default=None)
                stage = None if last is None else years[firm][last]
                rows.append({"stage": stage, "loan": (day, firm) in owing, "equity": firm in held})
        groups = {("total", "total"): rows, ("channel", "loan"): rows, ("channel", "equity"): rows}
        for stage in {r["stage"] for r in rows} - {None}:
            groups["stage", stage] = [r for r in rows if r["stage"] == stage]
        for (cut, value), members in groups.items():
            channels = (value,) if cut == "channel" else ("loan", "equity")
            covered = sum(any(r[c] for c in channels) for r in members)
            known = value == "equity" or day in with_notes
            book.put("coverage", day, cut, value, percent(covered, len(members)) if known else None)
            book.put("covered", day, cut, value, covered if known else None)
            book.put("firms", day, cut, value, len(members))
