"""Which fund joins which round, and what funds buy out of the city. Unpublished; `deal` is a view of it.

Each round asks some funds of the block for cheques; each fund looks for deals out of the city besides. What a fund may
have invested by a day is what it has called by then less the fees of its life, so cheques are served in order of days
until the room is used up: invested(i) = max over j <= i of nothing beyond room(j). A round is what its cheques and the
other money come to.
"""

from functools import cache

import numpy as np

from sfbench.kit import (
    ChoiceByRow,
    Table,
    calibration_numbers,
    code_list,
    day_number,
    next_weekday,
    quantiles,
)

TABLE = Table(
    zh="股权融资轮次",
    en="Equity rounds and the cheques of funds",
    published=False,
    key=("row", "round_no"),
    columns=(),
    needs=("fund_state", "equity_wish"),
    grows="enterprise",
)

FIRST_MONTH, MONTHS = 2016 * 12, 144
FIRST_MARKET_FUND = 1000
CHEQUES = 3  # most funds of the data in a round
ELSEWHERE = 40  # most deals out of the city of a fund
AFTER_FOUNDING = 75  # days: filed, and the first call paid
LAST_DAY = day_number("2027-12-31")
TEN_THOUSAND, MILLION = 10**6, 10**8
LEAST = MILLION // 2  # cents: no smaller cheque
BIG = 1 << 46  # cents: above what any fund has
FULL = 10**7  # 100 % in the unit of a rate
STAGES = tuple(code.code for code in code_list("equity_stage"))
FUND_STAGES = tuple(code.code for code in code_list("fund_stage"))
SECONDARY_FUND = FUND_STAGES.index("secondary")
COMMON, PREFERRED, CONVERTIBLE, DEBT, GUARANTEE = range(5)
RECENT = 24


def rows(block, needs, params, draw):
    """Rounds: row, round_no, stage, month, day, amount, pre_money, post_money, backed. Cheques: deal_* (deal_round is
    the place of the round, -1 out of the city). recent: int8 (firms, 144), a round wished in the 24 months before."""
    funds = _funds(needs["fund_state"], params)
    wish = needs["equity_wish"]
    number = (block.first + wish["row"]) * 16 + wish["round_no"]
    city = _city_cheques(wish, number, funds, params, draw)
    own = _own_cheques(funds, params, draw)
    deals = {name: np.concatenate([city[name], own[name]]) for name in city}
    deals["amount"] = _served(deals, funds)
    paid = (deals["amount"] > 0) | (deals["instrument"] == GUARANTEE)
    deals = {name: column[paid] for name, column in deals.items()}
    closed = _closed(wish, number, deals, params, draw)
    return closed | _priced(deals, closed) | {"recent": _recent(wish, block.count)}


def _funds(state, params):
    """Funds that invest in firms: what each may invest, when, and its stage."""
    market = np.flatnonzero(state["fund_id"] >= FIRST_MARKET_FUND)
    funds = {name: state[name][market] for name in ("fund_id", "stage", "size", "founded", "invest_end", "end")}
    funds |= {"at": market, "call_day": state["call_day"][market], "called": state["called"][market]}
    fee = calibration_numbers("fund_layer", "fee")[state["plan"][market]].astype(np.int64)
    active = funds["invest_end"] - funds["founded"]
    rest = funds["end"] - funds["invest_end"]
    # The fees of the whole life on paid-in capital, in permille, one more for rounding: kept back from each call.
    kept = (fee * (2 * active + rest) // (2 * 365 * 10)) + 1
    funds["usable"] = 1000 - np.minimum(kept, 400)
    funds["most"] = (funds["size"] * params["equity.most_of_fund"]).astype(np.int64) // TEN_THOUSAND * TEN_THOUSAND
    ticket = calibration_numbers("fund_fit", "ticket")[funds["stage"]] * MILLION
    funds["ticket"] = np.minimum(ticket.astype(np.int64), funds["most"])
    funds["room"] = _usable(funds, funds["called"][:, -1], np.arange(len(market)))  # of the whole life
    return funds


def _usable(funds, permille, fund):
    """Cents that may be invested when `permille` of the commitments are called."""
    return funds["size"][fund] // 1000 * permille // 1000 * funds["usable"][fund]


def _room(funds, fund, day):
    calls = (funds["call_day"][fund] <= day[:, None]).sum(axis=1)
    permille = np.where(calls > 0, funds["called"][fund, np.maximum(calls - 1, 0)], 0)
    return _usable(funds, permille, fund)


def _city_cheques(wish, number, funds, params, draw):
    """The cheques that rounds ask for: up to three funds in their investment period, by how the stages fit."""
    stage, day = wish["stage"], wish["day"]
    second, third = (calibration_numbers("equity_stage", f"cheque_{k}")[stage] for k in (2, 3))
    u = draw.uniform("cheques", number)
    wanted = 1 + (u < second) + (u < third)
    which = np.arange(CHEQUES)[None, :]
    open_ = (day[:, None] >= funds["founded"][None, :] + AFTER_FOUNDING) & (
        day[:, None] <= funds["invest_end"][None, :]
    )
    weight = _fit()[funds["stage"]][:, stage].T * open_ * (funds["room"] / funds["ticket"])[None, :]
    running = np.cumsum(weight, axis=1)
    total = running[:, -1:] if weight.size else np.zeros((len(stage), 1))
    spot = draw.uniform("fund", number[:, None], which) * total
    fund = np.stack([(running <= spot[:, k : k + 1]).sum(axis=1) for k in range(CHEQUES)], axis=1)
    asked = (which < wanted[:, None]) & (total > 0)
    asked[:, 1] &= fund[:, 1] != fund[:, 0]
    asked[:, 2] &= (fund[:, 2] != fund[:, 0]) & (fund[:, 2] != fund[:, 1])
    low, high = np.array([0.25, 0.08, 0.05]), np.array([0.60, 0.25, 0.15])
    share = low + (high - low) * draw.uniform("share", number[:, None], which)
    share *= (1.0 - params["equity.other_money"]) * params["equity.city_weight"]
    at, slot = np.nonzero(asked)
    fund = fund[at, slot]
    amount = np.minimum((wish["amount"][at] * share[at, slot]).astype(np.int64), funds["most"][fund])
    deal = number[at] * 4 + slot
    secondary, instrument = _kinds(deal, funds["stage"][fund], params, draw)
    return {
        "id": deal,
        "fund": fund,
        "round": at,
        "stage": stage[at],
        "day": day[at],
        "asked": amount,
        "lead": slot == 0,
        "secondary": secondary,
        "instrument": instrument,
        "investee": number[at] // 16,
        "total": np.zeros(len(at), np.int64),
        "dilution": np.zeros(len(at), np.int64),
    }


def _own_cheques(funds, params, draw):
    """Deals out of the city that a fund finds itself, spread over its investment period; some are follow-ons."""
    number, which = funds["fund_id"][:, None], np.arange(ELSEWHERE)[None, :]
    room = funds["room"] * params["equity.found_elsewhere"]
    count = (room / funds["ticket"] + draw.uniform("own_count", funds["fund_id"])).astype(np.int64)
    start, stop = funds["founded"] + AFTER_FOUNDING, funds["invest_end"]
    count = np.where(funds["room"] > 0, np.clip(count, 1, ELSEWHERE), 0)
    used = which < count[:, None]
    # Sorted, the days follow each other, so that a follow-on comes after the first deal.
    place = np.sort(np.where(used, draw.uniform("own_day", number, which), 2.0), axis=1)
    days = start[:, None] + ((stop - start)[:, None] * place).astype(np.int64)
    fund, order = np.nonzero(used & (days <= LAST_DAY - 3))
    key, day = funds["fund_id"][fund], days[fund, order]
    stage = _stage_of_fund().at(funds["stage"][fund], draw.uniform("own_stage", key, order))
    follows = draw.chance("follow_on", key, params["equity.follow_on"], order) & (order > 0)
    first = np.maximum.accumulate(np.where(follows, 0, np.arange(len(fund))))
    stage = np.where(follows, np.minimum(stage[first] + np.arange(len(fund)) - first, PRE_IPO), stage)
    cheque = draw.quantile("own_cheque", key, quantiles("lognormal_0.8"), order)
    amount = np.minimum((room / np.maximum(count, 1))[fund] * cheque, funds["most"][fund])
    amount = np.maximum(amount.astype(np.int64) // TEN_THOUSAND * TEN_THOUSAND, LEAST)
    share = 0.15 + 0.45 * draw.uniform("own_share", key, order)
    deal = OUT_OF_CITY + key * 64 + order
    secondary, instrument = _kinds(deal, funds["stage"][fund], params, draw)
    low, high = _stage("dilution_low")[stage], _stage("dilution_high")[stage]
    return {
        "id": deal,
        "fund": fund,
        "round": np.full(len(fund), -1),
        "stage": stage,
        "day": next_weekday(day).astype(np.int64),
        "asked": amount,
        "lead": share > 0.35,
        "secondary": secondary,
        "instrument": instrument,
        "investee": OUT_OF_CITY + key * 64 + order[first],
        "total": (amount / share).astype(np.int64) // TEN_THOUSAND * TEN_THOUSAND,
        "dilution": (low + (high - low) * draw.uniform("own_dilution", key, order)).astype(np.int64),
    }


OUT_OF_CITY = 1 << 50  # numbers from here on are of deals and firms out of the city
PRE_IPO = STAGES.index("pre_ipo")


def _stage(column):
    return calibration_numbers("equity_stage", column)


@cache
def _fit():
    """(stages of funds, stages of rounds): how readily a fund joins."""
    return np.stack([calibration_numbers("fund_fit", name) for name in STAGES], axis=1)


@cache
def _stage_of_fund():
    weights = _fit().copy()
    weights[weights.sum(axis=1) == 0] = 1.0  # funds of funds buy no firms
    return ChoiceByRow.of(weights)


def _kinds(deal, fund_stage, params, draw):
    """(buys old shares, position of the instrument)."""
    secondary = (fund_stage == SECONDARY_FUND) | draw.chance("secondary", deal, params["equity.secondary"])
    u = draw.uniform("instrument", deal)
    kinds = (DEBT, GUARANTEE, CONVERTIBLE, PREFERRED)
    shares = (
        params["equity.debt"],
        params["equity.guarantee"],
        params["equity.convertible"],
        params["equity.preferred"],
    )
    ends = np.cumsum(shares)
    instrument = np.array([*kinds, COMMON])[np.searchsorted(ends, u, side="right")]
    return secondary, np.where(secondary, COMMON, instrument)


def _served(deals, funds):
    """What each cheque comes to, cents: in order of days, no fund invests more than its room of the day."""
    order = np.lexsort((deals["id"], deals["day"], deals["fund"]))
    fund, asked = deals["fund"][order], deals["asked"][order]
    money = np.where(deals["instrument"][order] == GUARANTEE, 0, asked)
    running = np.cumsum(money)
    first = np.flatnonzero(np.diff(fund, prepend=-1))
    size = np.diff(first, append=len(fund))
    running -= np.repeat(running[first] - money[first], size)
    lane = np.repeat(np.arange(len(first)), size) * BIG
    lacks = np.maximum(running - _room(funds, fund, deals["day"][order]), 0)
    invested = running - (np.maximum.accumulate(lacks + lane) - lane)
    cheque = np.diff(invested, prepend=0)
    cheque[first] = invested[first]
    cheque = cheque // TEN_THOUSAND * TEN_THOUSAND
    cheque[cheque < np.maximum(LEAST, money // 4)] = 0  # too little is not taken
    served = np.empty(len(order), np.int64)
    served[order] = cheque
    return served


def _closed(wish, number, deals, params, draw):
    """The rounds that came about: cheques that bring new money, and other money; pre-money stays as agreed."""
    count = len(number)
    joins = deals["round"] >= 0
    asked, new = np.zeros(count, np.int64), np.zeros(count, np.int64)
    fresh = joins & ~deals["secondary"] & (deals["instrument"] <= CONVERTIBLE)
    np.add.at(new, deals["round"][fresh], deals["amount"][fresh])
    np.add.at(asked, deals["round"][fresh], deals["asked"][fresh])
    other = (wish["amount"] - asked) * (0.6 + 0.4 * draw.uniform("other", number))
    other = np.maximum(other.astype(np.int64) // TEN_THOUSAND, 1) * TEN_THOUSAND
    joined = np.bincount(deals["round"][joins], minlength=count) > 0
    happens = np.flatnonzero(joined | draw.chance("without_funds", number, params["equity.without_funds"]))
    place = np.full(count + 1, -1)
    place[happens] = np.arange(len(happens))
    deals["round"] = place[deals["round"]]
    closed = {name: wish[name][happens] for name in ("row", "round_no", "stage", "month", "day", "pre_money")}
    return closed | {
        "id": number[happens],
        "amount": (new + other)[happens],
        "post_money": closed["pre_money"] + (new + other)[happens],
        "backed": (new > 0)[happens],
    }


def _priced(deals, closed):
    """The cheques with their round's money and price, and the stake that each bought."""
    inside, at = deals["round"] >= 0, np.maximum(deals["round"], 0)
    own = deals["total"] - deals["asked"] + np.where(deals["secondary"], 0, deals["amount"])
    pre = (deals["total"] / np.maximum(deals["dilution"], 1) * (1000 - deals["dilution"])).astype(np.int64)
    pre = pre // TEN_THOUSAND * TEN_THOUSAND
    money = {name: closed[name] if len(closed[name]) else np.zeros(1, np.int64) for name in ("amount", "pre_money")}
    total = np.where(inside, money["amount"][at], own)
    pre = np.where(inside, money["pre_money"][at], pre)
    equity = deals["instrument"] <= CONVERTIBLE
    stake = np.where(equity, deals["amount"] / (pre + total) * FULL, 0.0).astype(np.int64)
    priced = {"round_amount": total, "pre_money": pre, "post_money": pre + total, "stake": stake}
    kept = {name: deals[name] for name in deals if name not in ("total", "dilution")}
    return {f"deal_{name}": column for name, column in (kept | priced).items()}


def _recent(wish, firms):
    """The firm would close a round in the 24 months before the month: whichever fund of its block joins."""
    recent = np.zeros((firms, MONTHS), np.int8)
    month = wish["month"][:, None] - FIRST_MONTH + 1 + np.arange(RECENT)[None, :]
    row = np.broadcast_to(wish["row"][:, None], month.shape)
    inside = month < MONTHS
    recent[row[inside], month[inside]] = 1
    return recent
