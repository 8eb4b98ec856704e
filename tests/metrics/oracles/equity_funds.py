"""Funds: what they raised, what they are worth, what they gave back."""

from __future__ import annotations

import math
from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import Any

from .equity_common import (
    EQUITY,
    YUAN,
    Book,
    Data,
    Figures,
    Row,
    percent,
    quantile,
    quarter_end,
    ratio,
    survival,
    total,
    year_end,
)

GROUP = ("committed", "committed_gross", "target", "target_gross", "paid_in", "paid_in_gross")
LONG_TERM = 10  # years
YOUNG_FUND = 24  # months since the first call in which an IRR says nothing


def fund_figures(found: Figures, data: Data) -> None:
    commitments = [{**c, "fund": data.fund[c["fund_id"]]} for c in data.rows("fund_commitment")]
    by_id = {c["commitment_id"]: c for c in commitments}
    calls = [
        {**by_id[k["commitment_id"]], "paid": k["amount"], "paid_on": k["paid_on"]} for k in data.rows("capital_call")
    ]
    _group(found, data, commitments, calls)
    _raising(found, data, commitments, calls)
    _long(found, data, commitments)
    _chain(found, data, calls)
    _merger_funds(found, data, commitments)
    _returns(found, data)


def alive(fund: Row, day: date) -> bool:
    return bool(fund["founded_on"] <= day < fund["ends_on"])


def _group(found: Figures, data: Data, commitments: list[Row], calls: list[Row]) -> None:
    """Gross adds up the funds; look-through leaves out what one living fund of the group holds in another."""
    book = Book(found, "fund_group_scale")
    for day in data.quarters:
        group = {f["fund_id"] for f in data.rows("fund") if f["in_20p8_group"] and alive(f, day)}
        amounts: dict[int, Row] = {i: defaultdict(Decimal, fund=data.fund[i]) for i in group}
        for i in group:
            amounts[i]["target_gross"] = amounts[i]["target"] = data.fund[i]["target_size"]
        for c in commitments:
            if c["fund_id"] in group and c["committed_on"] <= day:
                amounts[c["fund_id"]]["committed_gross"] += c["amount"]
                if c["investor_fund_id"] in group:
                    amounts[c["fund_id"]]["target"] -= c["amount"]
                else:
                    amounts[c["fund_id"]]["committed"] += c["amount"]
        for k in calls:
            if k["fund_id"] in group and k["paid_on"] <= day:
                amounts[k["fund_id"]]["paid_in_gross"] += k["paid"]
                if k["investor_fund_id"] not in group:
                    amounts[k["fund_id"]]["paid_in"] += k["paid"]
        cuts = {"cluster": lambda r: r["fund"]["cluster_id"], "fund_layer": lambda r: r["fund"]["layer"]}
        book.each(day, amounts.values(), cuts, lambda rows: {n: total(rows, n) / YUAN for n in GROUP})


def _raising(found: Figures, data: Data, commitments: list[Row], calls: list[Row]) -> None:
    book = Book(found, "fund_raising")
    flows = [
        *({**c, "day": c["committed_on"], "kind": "committed", "money": c["amount"]} for c in commitments),
        *({**k, "day": k["paid_on"], "kind": "paid_in", "money": k["paid"]} for k in calls),
    ]
    by_quarter = defaultdict(list)
    for flow in flows:
        by_quarter[quarter_end(flow["day"])].append(flow)

    def figures(rows: list[Row]) -> dict[str, Any]:
        out: dict[str, Any] = {}
        for kind in ("committed", "paid_in"):
            of_kind = [r for r in rows if r["kind"] == kind]
            out[kind] = total((r for r in of_kind if r["investor_fund_id"] is None), "money") / YUAN
            out[f"{kind}_gross"] = total(of_kind, "money") / YUAN
        return out

    cuts = {"lp_type": lambda r: r["investor_kind"], "fund_stage": lambda r: r["fund"]["stage"]}
    for day in data.quarters:
        book.each(day, by_quarter[day], cuts, figures)


def _long(found: Figures, data: Data, commitments: list[Row]) -> None:
    book = Book(found, "invest_long_share")
    last_exit = {x["deal_id"]: x["exited_on"] for x in data.rows("fund_exit") if x["final"]}
    held = [
        {**d, "fund": data.fund[d["fund_id"]], "sold_on": last_exit.get(d["deal_id"], date.max)}
        for d in data.rows("deal")
        if d["instrument"] in EQUITY
    ]

    def share(rows: list[Row]) -> float | None:
        return percent(
            total((r for r in rows if r["fund"]["term_years"] >= LONG_TERM), "amount"), total(rows, "amount")
        )

    for day in data.years:

        def figures(rows: list[Row], day: date = day) -> dict[str, Any]:
            promised = [r for r in rows if "committed_on" in r]
            stock = [r for r in promised if alive(r["fund"], day)]
            outside = [r for r in promised if r["investor_fund_id"] is None]
            curve = survival(
                ((min(r["sold_on"], day) - r["closed_on"]).days, r["sold_on"] <= day) for r in rows if "closed_on" in r
            )
            middle = next((days for days, left in curve if left <= 0.5 + 1e-9), None)
            return {
                "share": share([r for r in stock if r["investor_fund_id"] is None]),
                "share_gross": share(stock),
                "share_new": share([r for r in outside if r["committed_on"].year == day.year]),
                "median_months": None if middle is None else middle * 12 / 365.25,
            }

        rows = [c for c in commitments if c["committed_on"] <= day] + [d for d in held if d["closed_on"] <= day]
        book.each(day, rows, {"fund_layer": lambda r: r["fund"]["layer"]}, figures)


def _entropy(amounts: list[Decimal]) -> float | None:
    """-sum p ln p over ln n: 1 if all n are alike, 0 if one has all, None if none has anything."""
    shares = [float(a) / float(sum(amounts)) for a in amounts if a] if sum(amounts) else []
    return -sum(p * math.log(p) for p in shares) / math.log(len(amounts)) if shares else None


def _chain(found: Figures, data: Data, calls: list[Row]) -> None:
    book = Book(found, "fund_chain_balance")
    for day in data.years:
        paid, in_group = defaultdict(Decimal), defaultdict(Decimal)
        for k in calls:
            if k["paid_on"] <= day and alive(k["fund"], day):
                paid[k["fund"]["stage"]] += k["paid"]
                in_group[k["fund"]["stage"]] += k["paid"] * k["fund"]["in_20p8_group"]

        def four(of: dict[str, Decimal]) -> list[Decimal]:
            return [of["seed"], of["angel"], of["venture"] + of["growth"], of["merger"]]

        five = [paid[s] for s in ("seed", "angel", "venture", "growth", "merger")]
        for name, value in zip(("seed", "angel", "growth", "merger"), four(paid), strict=True):
            book.put(name, day, "total", "total", value / YUAN)
        book.put("entropy", day, "total", "total", _entropy(four(paid)))
        book.put("entropy_five", day, "total", "total", _entropy(five))
        book.put("entropy_group", day, "total", "total", _entropy(four(in_group)))


def _merger_funds(found: Figures, data: Data, commitments: list[Row]) -> None:
    book = Book(found, "manager_merger_raising")
    for day in data.years:
        buyouts = [d for d in data.rows("deal") if d["stage"] == "buyout" and d["instrument"] in EQUITY]
        buyouts = [d for d in buyouts if d["closed_on"].year == day.year]
        mergers = [m for m in data.rows("merger") if m["closed_on"] and year_end(m["closed_on"]) == day]
        mergers = [m for m in mergers if m["fund_amount"] > 0]
        raised = [c for c in commitments if c["fund"]["stage"] == "merger" and year_end(c["committed_on"]) == day]
        outside = [c for c in raised if c["investor_fund_id"] is None]
        for name, value in {
            "deals": len(buyouts),
            "deal_amount": total(buyouts, "amount") / YUAN,
            "mergers": len(mergers),
            "merger_fund_amount": total(mergers, "fund_amount") / YUAN,
            "committed": total(outside, "amount") / YUAN,
            "committed_gross": total(raised, "amount") / YUAN,
        }.items():
            book.put(name, day, "total", "total", value)


def _returns(found: Figures, data: Data) -> None:
    """DPI and net IRR of every fund at every year end, then by vintage and stage."""
    dpi, irr = Book(found, "fund_dpi"), Book(found, "fund_irr")
    history = defaultdict(list)
    for row in sorted(data.rows("fund_cash_flow"), key=lambda r: r["quarter"]):
        history[row["fund_id"]].append(row)

    def ratios(rows: list[Row]) -> dict[str, Any]:
        own = [r for r in rows if r["kind"] != "fof"]
        return {
            "dpi": ratio(total(own, "distributed"), total(own, "called")),
            "dpi_median": quantile([float(r["distributed"] / r["called"]) for r in own], 0.5),
            "dpi_gross": ratio(total(rows, "distributed"), total(rows, "called")),
        }

    def quartiles(rows: list[Row]) -> dict[str, Any]:
        rates = [r["irr"] for r in rows]
        return {"median": quantile(rates, 0.5), "p25": quantile(rates, 0.25), "p75": quantile(rates, 0.75)}

    for day in data.years:
        states = []
        for fund_id, rows in history.items():
            past = [r for r in rows if r["quarter"] <= day]
            called = total(past, "called")
            if called > 0:
                state = {
                    **data.fund[fund_id],
                    "called": called,
                    "distributed": total(past, "distributed"),
                    "past": past,
                }
                states.append(state)
        cuts = {"vintage": lambda r: r["founded_on"].year, "fund_stage": lambda r: r["stage"]}
        dpi.each(day, states, cuts, ratios)
        rated = [{**s, "irr": net_irr(s["past"], day)} for s in states if s["kind"] != "fof"]
        rated = [s for s in rated if s["irr"] is not None]
        irr.each(day, rated, {"vintage": lambda r: r["founded_on"].year}, quartiles)


def net_irr(past: list[Row], day: date) -> float | None:
    """Percent a year of what investors paid and got at quarter ends and of the last net asset value; days over 365."""
    first = next(r["quarter"] for r in past if r["called"] > 0)
    if (day.year - first.year) * 12 + day.month - first.month < YOUNG_FUND:
        return None
    flows = [(r["quarter"], float(r["distributed"] - r["called"])) for r in past]
    flows.append((past[-1]["quarter"], float(past[-1]["nav"])))
    if not total(past, "distributed") + past[-1]["nav"]:
        return -100.0

    def value(rate: float) -> float:
        return sum(money * (1 + rate) ** (-(on - first).days / 365) for on, money in flows)

    low, high = -0.99, 10.0
    if (value(low) > 0) == (value(high) > 0):
        return None
    rising = value(high) > 0
    for _ in range(200):
        middle = (low + high) / 2
        if (value(middle) > 0) == rising:
            high = middle
        else:
            low = middle
    return 100 * (low + high) / 2
