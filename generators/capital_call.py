"""Calls on commitments: every investor of a fund pays its share of each call."""

import numpy as np

from sfbench.kit import Column, Table, day_number, next_weekday

TABLE = Table(
    zh="基金实缴",
    en="Paid-in capital of funds",
    key=("commitment_id", "call_no"),
    needs=("fund_state", "fund", "fund_commitment"),
    grows="fund_commitment",
    per_firm=0.4,
    row_bytes=7.8,
    measures=(0, 3, 8),
    event_on="paid_on",
    known_on="known_on",
    rows_by="2021-12-31",
    columns=(
        Column("commitment_id", "key", "认缴编号", "Commitment", references="fund_commitment.commitment_id"),
        Column("call_no", "count", "缴款期次", "Number of the call", low=1, high=4),
        Column("fund_id", "key", "基金编号", "Fund", references="fund.fund_id"),
        Column("called_on", "date", "缴款通知日", "Called on", high_on="2027-12-31"),
        Column("paid_on", "date", "到账日", "Paid on", high_on="2027-12-31"),
        Column("known_on", "date", "更新备案日", "Reported on", high_on="2027-12-31"),
        Column("amount", "money", "实缴金额", "Amount paid in yuan", unit="CNY", low=0, privacy="sensitive"),
    ),
)

NO_DAY = 1 << 30
LAST_DAY = day_number("2027-12-31")
NOTICE = 10  # days of notice at least, as model contracts have it


def rows(block, needs, params, draw):
    """A commitment is a whole number of ten thousand yuan, a call a whole permille of it: nothing rounds."""
    state, promise = needs["fund_state"], needs["fund_commitment"]
    day, called = state["call_day"], state["called"]
    step = np.diff(called, axis=1, prepend=0)
    of = promise["_fund"]
    row, call = np.nonzero((day[of] < NO_DAY) & (step[of] > 0))
    fund = of[row]
    number = state["fund_id"][fund]
    paid_on = day[fund, call]
    report = next_weekday(paid_on + draw.between("report", number, 5, 20, call)).astype(np.int64)
    return {
        "commitment_id": promise["commitment_id"][row],
        "call_no": call + 1,
        "fund_id": number,
        "called_on": paid_on - NOTICE - draw.below("notice", number, 8, call),
        "paid_on": paid_on,
        "known_on": np.minimum(np.maximum(report, needs["fund"]["filed_on"][fund]), LAST_DAY),
        "amount": promise["amount"][row] // 1000 * step[fund, call],
    }
