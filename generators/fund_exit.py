"""Exits of funds from their deals: on the market after a listing, by merger, transfer, buy-back, write-off."""

from functools import cache

import numpy as np

from sfbench.kit import (
    ChoiceByRow,
    Column,
    Table,
    calibration_numbers,
    code_list,
    day_in_month,
    day_number,
    next_weekday,
    nullable,
)

TABLE = Table(
    zh="基金退出",
    en="Exits of funds",
    key=("exit_id",),
    needs=("fund_state", "deal", "holding"),
    grows="deal",
    per_firm=0.039,
    row_bytes=52,
    measures=(0, 3),
    event_on="exited_on",
    known_on="known_on",
    rows_by="2023-06-30",
    columns=(
        Column("exit_id", "key", "退出编号", "Exit"),
        Column("deal_id", "key", "投资编号", "Deal", references="deal.deal_id"),
        Column("fund_id", "key", "基金编号", "Fund", references="fund.fund_id"),
        Column("exited_on", "date", "退出日期", "Exited on", low_on="2016-01-01", high_on="2027-12-31"),
        Column("known_on", "date", "报送日期", "Reported on", low_on="2016-01-01", high_on="2027-12-31"),
        Column("route", "code", "退出方式", "Route", values=code_list("exit_route")),
        Column(
            "holding_sold",
            "rate",
            "退出占原持股比例",
            "Share of the holding bought that is sold",
            unit="%",
            low=0,
            high=100,
        ),
        Column("stake_sold", "rate", "退出股权比例", "Stake sold, of the firm on the day", unit="%", low=0, high=100),
        Column("cost", "money", "退出部分投资成本", "Cost of what is sold", unit="CNY", low=0, privacy="sensitive"),
        Column("proceeds", "money", "退出金额", "Proceeds", unit="CNY", low=0, privacy="sensitive"),
        Column(
            "company_value",
            "money",
            "退出时企业估值",
            "Value of the whole firm that the price implies; empty where no stake is sold",
            unit="CNY",
            nullable=True,
            low=0,
            privacy="sensitive",
        ),
        Column("final", "flag", "是否全部退出", "Nothing is held after it"),
    ),
)

FIRST_MONTH, QUARTERS = 2016 * 12, 48
NEVER = 1 << 40
LAST_DAY = day_number("2027-12-31")
FAR = 70_000  # days: beyond the horizon
ROUTES = tuple(code.code for code in code_list("exit_route"))
IPO, MERGER, TRANSFER, BUY_BACK, WRITE_OFF, REPAYMENT = range(6)
DEBT, GUARANTEE = 3, 4
STEPS = 3  # most steps of one exit
PERMILLE = np.array([[400, 300, 300], [600, 400, 0], [1000, 0, 0]])  # by kind of exit: market, two steps, one step
LOCK_UP, LATE_LOCK_UP = 12, 36  # months after a listing; the longer one for who joined within a year of it
BEFORE_END = 20  # days before the end of the fund by which all is sold
IN_TWO = 0.4  # prior: transfers made in two steps
DEBT_DAYS = (540, 1080)  # prior: term of venture debt
FULL = 10**7


def rows(block, needs, params, draw):
    """One row a step of an exit. Handed on: `_deal`, the place of the deal, and `_permille` sold."""
    deal, holding, funds = needs["deal"], needs["holding"], needs["fund_state"]
    number, fund = deal["deal_id"], deal["_fund"]
    end = funds["end"][fund] - BEFORE_END
    route, start, kind = _plans(deal, holding, end, block.index == 0, params, draw)
    which = np.arange(STEPS)[None, :]
    day = start[:, None] + which * draw.between("step", number, 90, 240)[:, None]
    day = next_weekday(np.minimum(day, FAR)).astype(np.int64)
    # What the fund's end cuts short is sold together on one of its last days.
    day = np.minimum(day, end[:, None])
    permille = PERMILLE[kind]
    at, step = np.nonzero((permille > 0) & (day <= LAST_DAY) & (deal["instrument"] != GUARANTEE)[:, None])
    day, permille, route = day[at, step], permille[at, step], route[at]
    value = _values(at, day, route, deal, holding, params, draw)
    amount = deal["amount"][at]
    done = np.cumsum(PERMILLE[kind], axis=1)[at, step]
    cost = amount * done // 1000 - amount * (done - permille) // 1000
    proceeds = np.floor(cost * value).astype(np.int64)
    quarter = np.clip(np.searchsorted(holding["ends"], day, side="right") - 1, 0, QUARTERS - 1)
    stake = (deal["stake"][at] * holding["left"][at, quarter]).astype(np.int64) * permille // 1000
    implied = np.where(stake > 0, proceeds / np.maximum(stake, 1) * FULL, 0).astype(np.int64)
    return {
        "exit_id": number[at] * 4 + step,
        "deal_id": number[at],
        "fund_id": deal["fund_id"][at],
        "exited_on": day,
        "known_on": np.minimum(
            np.maximum(day + draw.between("report", number[at], 0, 30, step), deal["known_on"][at]), LAST_DAY
        ),
        "route": route,
        "holding_sold": permille * 10_000,
        "stake_sold": stake,
        "cost": cost,
        "proceeds": proceeds,
        "company_value": nullable(implied, stake > 0),
        "final": done == 1000,
        "_deal": at,
        "_permille": permille,
    }


def _plans(deal, holding, end, has_first, params, draw):
    """(route, day of the first step, kind of steps) by deal; the city's first deal ends early, so there is an exit."""
    number, bought, month = deal["deal_id"], deal["closed_on"], deal["_month"]
    held = draw.between("held", number, int(params["equity.hold_min"]), int(params["equity.hold_max"]))
    leave = _day(month + held, "leave_day", number, draw)
    listed = holding["listed"]
    lock = np.where(listed - month < 12, LATE_LOCK_UP, LOCK_UP)
    free = _day(
        np.minimum(listed, NEVER // 2) + lock + draw.below("after_lock_up", number, 9), "free_day", number, draw
    )
    market = (
        (listed < NEVER)
        & (free < end)
        & draw.chance("on_market", number, params.at("equity.listing_exit", number, month))
    )
    if has_first:
        first = np.argmin(np.where(deal["amount"] > 0, bought, FAR))
        leave[first], market[first] = bought[first] + 365 * 2, False
    gone = _day(np.minimum(holding["gone"], NEVER // 2) - 1, "gone_day", number, draw)
    day = np.where(market, free, np.minimum(leave, end))
    fails = gone <= day
    day = np.maximum(np.where(fails, gone, day), bought + 1)
    route = ROUTE_OF[_routes().at(_health(day, holding), draw.uniform("route", number))]
    route = np.where(deal["instrument"] == DEBT, REPAYMENT, np.where(market, IPO, route))
    route = np.where(fails, WRITE_OFF, route)
    debt_due = bought + draw.between("debt_due", number, *DEBT_DAYS)
    day = np.where((deal["instrument"] == DEBT) & ~fails, np.minimum(debt_due, end), day)
    in_two = (route == TRANSFER) & draw.chance("in_two", number, IN_TWO)
    return route, day, np.where(route == IPO, 0, np.where(in_two, 1, 2))


ROUTE_OF = np.array([MERGER, TRANSFER, BUY_BACK, WRITE_OFF])


@cache
def _routes():
    """Route without a listing, by how the holding stands: below half its cost, below twice, above."""
    names = [ROUTES[place] for place in ROUTE_OF]
    return ChoiceByRow.of(np.stack([calibration_numbers("exit_route", name) for name in names], axis=1))


def _health(day, holding):
    quarter = np.clip(np.searchsorted(holding["ends"], day, side="right") - 1, 0, QUARTERS - 1)
    level = holding["level"][np.arange(len(day)), quarter]
    return (level >= 0.5).astype(np.int64) + (level >= 2.0)


def _day(month, purpose, number, draw):
    """A day of the month; months beyond the horizon all lie far off."""
    inside = month < FIRST_MONTH + 3 * QUARTERS + 60
    return np.where(
        inside, day_in_month(np.where(inside, month, FIRST_MONTH), draw.uniform(purpose, number)), FAR
    ).astype(np.int64)


def _values(at, day, route, deal, holding, params, draw):
    """Proceeds over cost: the last mark and what the route makes of it; a buy-back pays what was promised, or part."""
    number = deal["deal_id"][at]
    quarter = np.clip(np.searchsorted(holding["ends"], day, side="right") - 1, 0, QUARTERS - 1)
    level = holding["level"][at, quarter]
    low, high = (calibration_numbers("exit_price", end)[route] for end in ("low", "high"))
    factor = low + (high - low) * draw.uniform("price", number, day)
    years = (day - deal["closed_on"][at]) / 365
    least = params["equity.buy_back_recovery"]
    paid = least + (1.0 - least) * draw.uniform("recovered", number)
    promised = (1.0 + params["equity.buy_back_return"] / 100 * years) * np.where(route == BUY_BACK, paid, 1.0)
    fixed = (route == BUY_BACK) | (route == REPAYMENT)
    return np.where(route == WRITE_OFF, factor, np.where(fixed, promised, level * factor))
