"""What a fund's holding is worth at quarter ends, relative to its cost, and how far its stake is diluted. Unpublished.

A holding is marked at the price of the firm's last round, at the market's after a listing, down after a default, at
nothing when the firm is gone. Investees out of the city have two later rounds, a listing or a failure of their own.
"""

import numpy as np

from sfbench.kit import Table, month_end, month_of, quantiles

TABLE = Table(
    zh="持有价值",
    en="Values of holdings",
    published=False,
    key=("deal_id",),
    columns=(),
    needs=("firm_month", "listing_path", "equity_round"),
    grows="deal",
)

FIRST_MONTH, QUARTERS = 2016 * 12, 48
NEVER = 1 << 40
OUT_OF_CITY = 1 << 50
DAY_BITS = 17
DEBT = 3  # and the guarantees after it
STEPS = 2  # later rounds of an investee out of the city
DILUTION = 0.88  # prior: what a later round leaves of a stake


def rows(block, needs, params, draw):
    """`level`, `left`: float (deals, 48), value over cost, stake over the stake bought; `listed`, `gone`: months."""
    rounds, path, life = needs["equity_round"], needs["listing_path"], needs["firm_month"]
    number, day = rounds["deal_id"], rounds["deal_day"]
    inside = number < OUT_OF_CITY
    row = np.where(inside, rounds["deal_investee"] - block.first, 0)
    ends = month_end(FIRST_MONTH + 2 + 3 * np.arange(QUARTERS)).astype(np.int64)
    level, left = np.ones((len(number), QUARTERS)), np.ones((len(number), QUARTERS))
    city = np.flatnonzero(inside)
    level[city], left[city] = _by_rounds(rounds, rounds["deal_round"][city], row[city], ends)
    own = np.flatnonzero(~inside)
    key, bought = rounds["deal_investee"][own], day[own]
    level[own], left[own], fails = _elsewhere(key, number[own], bought, ends, params, draw)
    listed = np.where(inside, path["listed"][row], NEVER)
    gone = np.where(inside, life["exit_month"][row], NEVER)
    default = np.where(inside, life["default_month"][row], NEVER)
    listed[own] = _listed_elsewhere(key, bought, fails < NEVER, params, draw)
    gone[own] = fails
    step = 1.0 + draw.quantile("listing_step", rounds["deal_investee"], quantiles("lognormal_0.8"))
    quarter_month = (FIRST_MONTH + 2 + 3 * np.arange(QUARTERS))[None, :]
    level *= np.where(quarter_month >= listed[:, None], step[:, None], 1.0)
    level *= np.where(quarter_month >= default[:, None], params["equity.default_mark"], 1.0)
    level[quarter_month >= gone[:, None]] = 0.0
    debt = np.flatnonzero(rounds["deal_instrument"] >= DEBT)
    level[debt] = np.where(quarter_month >= gone[debt][:, None], 0.0, 1.0)
    return {"level": level, "left": left, "listed": listed, "gone": gone, "default": default, "ends": ends}


def _by_rounds(rounds, at, row, ends):
    """Price and remaining stake after the last round before each quarter end, relative to the round of the deal."""
    price, stake = _indices(rounds)
    keys = (rounds["row"] << DAY_BITS) | rounds["day"]
    last = np.searchsorted(keys, (row[:, None] << DAY_BITS) | ends[None, :], side="right") - 1
    last = np.maximum(last, at[:, None])
    return price[last] / price[at][:, None], stake[last] / stake[at][:, None]


def _indices(rounds):
    """Cumulative price of a share and share of a stake that is left, by round, within each firm."""
    row, pre, post = rounds["row"], rounds["pre_money"], rounds["post_money"]
    price, stake = np.ones(len(row)), np.ones(len(row))
    first = np.diff(row, prepend=-1) != 0
    rank = np.arange(len(row)) - np.maximum.accumulate(np.where(first, np.arange(len(row)), 0))
    for step in range(1, int(rank.max(initial=0)) + 1):
        now = np.flatnonzero(rank == step)
        price[now] = price[now - 1] * pre[now] / post[now - 1]
        stake[now] = stake[now - 1] * pre[now] / post[now]
    return price, stake


def _elsewhere(key, number, bought, ends, params, draw):
    """(level, stake left, month of failure) of investees that are not in the data."""
    level, left = np.ones((len(key), len(ends))), np.ones((len(key), len(ends)))
    when, worth = bought, np.ones(len(key))
    for step in range(STEPS):
        when = when + draw.between("step_gap", number, 330, 900, step)
        rise = draw.quantile("step", key, quantiles("lognormal_0.5"), step) * params["equity.step_up"]
        worth = worth * rise
        after = ends[None, :] >= when[:, None]
        level = np.where(after, worth[:, None], level)
        left = np.where(after, left * DILUTION, left)
    fails = draw.chance("fails", key, params["equity.failure_elsewhere"])
    failed_on = bought + draw.between("failure_after", key, 500, 2000)
    return level, left, np.where(fails, month_of(np.minimum(failed_on, ends[-1] + 400)).astype(np.int64), NEVER)


def _listed_elsewhere(key, bought, fails, params, draw):
    lists = ~fails & draw.chance("lists", key, params["equity.listing_elsewhere"])
    month = month_of(bought).astype(np.int64) + draw.between("listing_after", key, 18, 70)
    return np.where(lists & (month < FIRST_MONTH + 3 * QUARTERS), month, NEVER)
