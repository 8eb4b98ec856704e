"""Deals of funds: into which firms, with which instrument, and how they end; shares, bonds and matches of funds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from .equity_common import (
    YUAN,
    Book,
    Data,
    Figures,
    Row,
    add_months,
    percent,
    quarter_end,
    total,
    year_end,
)

MILLION = 10**6
ROUTES = ("ipo", "merger", "share_transfer", "buy_back", "write_off")


def deal_figures(found: Figures, data: Data) -> None:
    _young_and_small(found, data)
    _hard_tech(found, data)
    _instruments(found, data)
    _exits(found, data)
    _share_transfers(found, data)
    _manager_bonds(found, data)
    _venture_days(found, data)


def within(deal: Row, age: int | None, staff: int, money: int) -> bool:
    """Age in months, staff, and revenue and assets in CNY million, all at most."""
    return bool(
        (age is None or deal["investee_age"] <= age)
        and deal["investee_staff"] <= staff
        and deal["investee_revenue"] <= money * MILLION
        and deal["investee_assets"] <= money * MILLION
    )


def shares(rows: list[Row], chosen: Callable[[Row], bool], suffix: str = "") -> dict[str, Any]:
    hits = [r for r in rows if chosen(r)]
    return {
        f"amount{suffix}": percent(total(hits, "amount"), total(rows, "amount")),
        f"count{suffix}": percent(len(hits), len(rows)),
    }


def by_year(rows: list[Row], column: str) -> dict[date, list[Row]]:
    grouped = defaultdict(list)
    for row in rows:
        grouped[year_end(row[column])].append(row)
    return grouped


def _young_and_small(found: Figures, data: Data) -> None:
    size = {(e["enterprise_id"], e["year"]): e["size"] for e in data.rows("enterprise_year")}
    early, small = Book(found, "invest_early_share"), Book(found, "invest_small_share")
    deals = by_year(data.new_equity, "closed_on")

    def is_early(d: Row) -> bool:
        return within(d, 60, 300, 50)

    def is_small(d: Row) -> bool:
        return within(d, None, 500, 200)

    def last_size(d: Row) -> str | None:
        return size.get((d["enterprise_id"], d["closed_on"].year - 1))

    def early_shares(rows: list[Row]) -> dict[str, Any]:
        at_home = [r for r in rows if r["in_city"]]
        return {
            **shares(rows, is_early),
            **shares(rows, lambda r: r["stage"] in ("seed", "angel"), "_round"),
            "amount_in_city": shares(at_home, is_early)["amount"],
        }

    def small_shares(rows: list[Row]) -> dict[str, Any]:
        at_home, sized = [r for r in rows if r["in_city"]], [r for r in rows if last_size(r)]
        return {
            **shares(rows, is_small),
            **shares(sized, lambda r: last_size(r) in ("CS03", "CS04"), "_size"),
            "amount_in_city": shares(at_home, is_small)["amount"],
        }

    for day in data.years:
        early.each(day, deals[day], {"fund": lambda r: r["fund_id"]}, early_shares)
        small.each(day, deals[day], {"fund": lambda r: r["fund_id"]}, small_shares)


def _hard_tech(found: Figures, data: Data) -> None:
    book = Book(found, "invest_hard_tech_share")
    deals = by_year(data.new_equity, "closed_on")

    def figures(rows: list[Row]) -> dict[str, Any]:
        in_cluster = shares(rows, lambda r: r["hard_tech"] and r["cluster_id"] is not None)
        return {**shares(rows, lambda r: r["hard_tech"]), "amount_in_cluster": in_cluster["amount"]}

    for day in data.years:
        book.each(day, deals[day], {"fund": lambda r: r["fund_id"], "cluster": lambda r: r["cluster_id"]}, figures)


def _instruments(found: Figures, data: Data) -> None:
    book = Book(found, "vc_instrument_mix")
    deals = by_year(data.rows("deal"), "closed_on")
    for day in data.years:
        whole = total(deals[day], "amount")

        def figures(rows: list[Row], whole: Decimal = whole) -> dict[str, Any]:
            return {
                "share": percent(total(rows, "amount"), whole),
                "amount": total(rows, "amount") / YUAN,
                "exposure": total((r for r in rows if r["exposure"] is not None), "exposure") / YUAN,
                "deals": len(rows),
            }

        book.each(day, deals[day], {"instrument": lambda r: r["instrument"]}, figures)


def _exits(found: Figures, data: Data) -> None:
    amount, mix = Book(found, "exit_amount"), Book(found, "exit_route_mix")
    exits = defaultdict(list)
    for x in data.rows("fund_exit"):
        exits[quarter_end(x["exited_on"])].append(x)

    def figures(rows: list[Row]) -> dict[str, Any]:
        return {"proceeds": total(rows, "proceeds") / YUAN, "cost": total(rows, "cost") / YUAN, "exits": len(rows)}

    for day in data.quarters:
        amount.each(day, exits[day], {"route": lambda r: r["route"]}, figures)
    for day in data.years:
        sales = [x for x in data.rows("fund_exit") if year_end(x["exited_on"]) == day and x["route"] in ROUTES]
        for route in ROUTES:
            by_route = [x for x in sales if x["route"] == route]
            mix.put(f"{route}_number", day, "total", "total", percent(len(by_route), len(sales)))
            for money in ("proceeds", "cost"):
                share = percent(total(by_route, money), total(sales, money))
                mix.put(f"{route}_{money}", day, "total", "total", share)


def _share_transfers(found: Figures, data: Data) -> None:
    volume, to_s_funds = Book(found, "share_transfer_volume"), Book(found, "s_fund_share")
    transfers = data.rows("fund_transfer")

    def figures(rows: list[Row]) -> dict[str, Any]:
        price, value = total(rows, "price"), total(rows, "net_asset_value")
        return {
            "amount": price / YUAN,
            "transfers": len(rows),
            "discount": percent(value - price, value),
            "state_seller_share": percent(total((r for r in rows if r["state_seller"]), "price"), price),
        }

    for day in data.quarters:
        rows = [t for t in transfers if quarter_end(t["transferred_on"]) == day]
        volume.each(day, rows, {"venue": lambda r: r["venue"]}, figures)
    for day in data.years:
        rows = [t for t in transfers if year_end(t["transferred_on"]) == day]
        bought = [t for t in rows if t["buyer_kind"] == "s_fund"]
        named = [t for t in bought if t["buyer_fund_id"] is not None]
        to_s_funds.put("amount", day, "total", "total", percent(total(bought, "price"), total(rows, "price")))
        to_s_funds.put("count", day, "total", "total", percent(len(bought), len(rows)))
        to_s_funds.put("named_amount", day, "total", "total", percent(total(named, "price"), total(rows, "price")))


def _manager_bonds(found: Figures, data: Data) -> None:
    book = Book(found, "manager_bond_raising")
    for day in data.years:
        rows = [b for b in data.rows("bond") if b["manager_id"] is not None and year_end(b["issued_on"]) == day]
        book.put("issued", day, "total", "total", total(rows, "amount") / YUAN)
        book.put("bonds", day, "total", "total", len(rows))
        book.put("issuers", day, "total", "total", len({b["manager_id"] for b in rows}))
        to_funds = sum((b["amount"] * b["fund_share"] / 100 for b in rows if b["fund_share"]), Decimal(0))
        book.put("to_funds", day, "total", "total", to_funds / YUAN)


def _venture_days(found: Figures, data: Data) -> None:
    """A deal is allotted to the last venture day before it; a firm is converted once a cohort."""
    book = Book(found, "venture_day_conversion")
    days = [o for o in data.rows("outreach") if o["kind"] == "venture_day"]
    converted: dict[date, set[int]] = defaultdict(set)
    for d in data.new_equity:
        if d["introduced"]:
            last = max((o["held_on"] for o in days if o["held_on"] < d["closed_on"]), default=None)
            if last and d["closed_on"] <= add_months(last, 12):
                converted[quarter_end(last)].add(d["investee_id"])
    for day in data.quarters:
        if add_months(day, 12) <= data.last_day:
            matches = sum(o["matches"] for o in days if quarter_end(o["held_on"]) == day)
            firms = min(len(converted[day]), matches)
            book.put("conversion", day, "total", "total", percent(firms, matches))
            book.put("matches", day, "total", "total", matches)
            book.put("converted", day, "total", "total", firms)
