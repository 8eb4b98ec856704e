"""A fund's quarter: calls, fees, investments, proceeds, distributions, carried interest, and the net asset value.

NAV = cash + fair value, and cash = what came in less what went out, so nothing is a residual. Proceeds are handed out
in the next quarter; a fund that ends hands out all. Carried interest is due on the whole fund: after paid-in capital
and a simple hurdle on what is not yet returned. A named public fund is carried at cost, that is at what it called less
its fees: it pays into funds that may lie in any part of the city, and hands nothing out before its term. The quarter
2016-03-31 of a fund founded in 2015 holds all that it called before.
"""

import numpy as np

from sfbench.kit import Column, Table, calibration_numbers, day_number, month_end, nullable

TABLE = Table(
    zh="基金现金流与净值",
    en="Cash flows and net asset values of funds",
    key=("fund_id", "quarter"),
    needs=("fund_state", "fund", "deal", "holding", "fund_exit"),
    grows="fund",
    per_firm=0.363,
    row_bytes=19.5,
    measures=(3,),
    event_on="quarter",
    known_on="reported_on",
    rows_by="2021-12-31",
    columns=(
        Column("fund_id", "key", "基金编号", "Fund", references="fund.fund_id"),
        Column("quarter", "date", "季末", "End of the quarter", low_on="2016-03-31", high_on="2027-12-31"),
        Column("reported_on", "date", "报送日期", "Reported on", low_on="2016-03-31", high_on="2027-12-31"),
        Column("called", "money", "本季实缴", "Paid in by investors", unit="CNY", low=0),
        Column("fee", "money", "本季管理费", "Management fee", unit="CNY", low=0),
        Column(
            "invested",
            "money",
            "本季投资",
            "Paid for deals; empty for funds of funds",
            unit="CNY",
            nullable=True,
            low=0,
        ),
        Column("proceeds", "money", "本季退出回款", "Proceeds of exits", unit="CNY", low=0),
        Column("distributed", "money", "本季分配", "Distributed to investors", unit="CNY", low=0),
        Column("carried_interest", "money", "本季业绩报酬", "Carried interest paid to the manager", unit="CNY", low=0),
        Column(
            "cash",
            "money",
            "期末现金",
            "Cash at the quarter's end; empty for funds of funds",
            unit="CNY",
            nullable=True,
            low=0,
        ),
        Column("fair_value", "money", "期末投资公允价值", "Fair value of the holdings", unit="CNY", low=0),
        Column("nav", "money", "期末净值", "Net asset value", unit="CNY", low=0),
        Column("at_cost", "flag", "是否按成本计量", "Carried at cost (funds of funds)"),
    ),
)

FIRST_MONTH, QUARTERS = 2016 * 12, 48
LAST_DAY = day_number("2027-12-31")
NO_DAY = 1 << 30
NAMED = 1000
REPORT_LOW, REPORT_HIGH = 31, 60  # days after the quarter; deals and exits are reported within 30


def rows(block, needs, params, draw):
    """One row a fund and quarter from its founding to its end. Handed on: `_nav` and `_called`, (funds, 48)."""
    funds, deal = needs["fund_state"], needs["deal"]
    count = len(funds["fund_id"])
    ends = month_end(FIRST_MONTH + 2 + 3 * np.arange(QUARTERS)).astype(np.int64)
    public = funds["fund_id"] < NAMED
    final = np.searchsorted(ends, funds["end"])  # the quarter in which the fund ends; 48 if after the horizon
    called = _called(funds, ends)
    fee = _fees(funds, called, ends, final)
    invested = _sums(count, deal["_fund"], deal["closed_on"], deal["amount"], ends)
    out = needs["fund_exit"]
    proceeds = _sums(count, deal["_fund"][out["_deal"]], out["exited_on"], out["proceeds"], ends)
    due = _due(called, fee, invested, proceeds, final)
    carry = _carried(called, due, needs["fund"]["carry_rate"], needs["fund"]["hurdle_rate"])
    due[public], carry[public] = 0, 0
    fair = _fair_values(count, needs, ends)
    cash = called - fee - invested + proceeds - due
    cash[public], fair[public] = 0, (called - fee)[public]
    nav = cash + fair
    quarter = np.arange(QUARTERS)[None, :]
    first = np.searchsorted(ends, funds["founded"])
    fund, at = np.nonzero((quarter >= first[:, None]) & (quarter <= final[:, None]))
    number = funds["fund_id"][fund]
    report = ends[at] + draw.between("report", number, REPORT_LOW, REPORT_HIGH, at)
    market = ~public[fund]

    def flow(running):
        return np.diff(running, axis=1, prepend=0)[fund, at]

    return {
        "fund_id": number,
        "quarter": ends[at],
        "reported_on": np.minimum(np.maximum(report, needs["fund"]["filed_on"][fund]), LAST_DAY),
        "called": flow(called),
        "fee": flow(fee),
        "invested": nullable(flow(invested), market),
        "proceeds": flow(proceeds),
        "distributed": flow(due - carry),
        "carried_interest": flow(carry),
        "cash": nullable(cash[fund, at], market),
        "fair_value": fair[fund, at],
        "nav": nav[fund, at],
        "at_cost": ~market,
        "_nav": nav,
        "_called": called,
        "_ends": ends,
    }


def _sums(count, fund, day, amount, ends):
    """Running totals by fund and quarter end."""
    cell = np.zeros((count, QUARTERS), np.int64)
    before = np.searchsorted(ends, day)
    np.add.at(cell, (fund, before), amount)
    return np.cumsum(cell, axis=1)


def _called(funds, ends):
    step = np.diff(funds["called"], axis=1, prepend=0)
    fund, call = np.nonzero(funds["call_day"] < NO_DAY)
    amount = funds["size"][fund] // 1000 * step[fund, call]
    return _sums(len(step), fund, funds["call_day"][fund, call], amount, ends)


def _fees(funds, called, ends, final):
    """A quarter of the yearly rate on paid-in capital, half of it after the investment period, none after the end."""
    rate = calibration_numbers("fund_layer", "fee")[funds["plan"]].astype(np.int64)[:, None]
    active = ends[None, :] <= funds["invest_end"][:, None]
    lives = np.arange(QUARTERS)[None, :] <= final[:, None]
    fee = np.where(active, called * rate // 40_000, called * rate // 80_000) * lives
    return np.cumsum(fee, axis=1)


def _due(called, fee, invested, proceeds, final):
    """Running total handed out, carried interest included: last quarter's proceeds, and all there is at the end."""
    due = np.zeros_like(proceeds)
    due[:, 1:] = proceeds[:, :-1]
    over = np.arange(QUARTERS)[None, :] >= final[:, None]
    return np.where(over, called - fee - invested + proceeds, due)


def _carried(called, due, carry_rate, hurdle_rate):
    """Running carried interest: a share of what is handed out beyond paid-in capital and the hurdle on what is owed."""
    owed = np.maximum(called - due, 0)
    quarterly = owed // 10_000 * (hurdle_rate[:, None] // 100) // 400 // 10  # 1e-5 percent a year on whole yuan
    preferred = np.cumsum(quarterly, axis=1) - quarterly
    beyond = np.maximum(due - called - preferred, 0)
    share = beyond // 100 * (carry_rate[:, None] // 100_000)
    return np.maximum.accumulate(share, axis=1)


def _fair_values(count, needs, ends):
    """What is left of each deal at its mark, by fund and quarter end."""
    deal, out, level = needs["deal"], needs["fund_exit"], needs["holding"]["level"]
    held = (ends[None, :] >= deal["closed_on"][:, None]).astype(np.int64) * 1000
    sold = _sums(len(held), out["_deal"], out["exited_on"], out["_permille"], ends)
    value = np.floor(deal["amount"][:, None] * level * (held - sold * (held > 0)) / 1000).astype(np.int64)
    fair = np.zeros((count, QUARTERS), np.int64)
    np.add.at(fair, deal["_fund"], value)
    return fair
