"""Research funds that institutes with Hong Kong funding bring across the border under Kehuitong."""

from functools import cache

import numpy as np

from sfbench.kit import (
    Choice,
    Column,
    Table,
    code_list,
    dollar_parity,
    month_end,
    month_of,
    month_start,
    quantiles,
    round_significant,
    vocabulary,
)

TABLE = Table(
    zh="科汇通汇入",
    en="Kehuitong transfers",
    key=("transfer_id",),
    needs=("institute",),
    grows="institute",
    per_firm=0.00034,
    row_bytes=662,
    measures=(10,),
    event_on="transferred_on",
    known_on="transferred_on",
    rows_by="2025-09-30",
    columns=(
        Column("transfer_id", "key", "汇款编号", "Transfer"),
        Column("institute_id", "key", "科研机构编号", "Institute", references="institute.institute_id"),
        Column("institution_id", "key", "机构编号", "Bank", references="institution.institution_id"),
        Column("transferred_on", "date", "汇入日期", "Received on", low_on="2025-08-01", high_on="2027-12-31"),
        Column("purpose", "code", "用途", "Purpose", values=code_list("transfer_purpose")),
        Column("currency", "code", "币种", "Currency", values=code_list("debt_currency")),
        Column("amount", "money", "金额", "Amount in its currency", unit="currency", low=0.01),
        Column("amount_cny", "money", "金额折人民币", "Amount in yuan", unit="CNY", low=0.01),
    ),
)

FIRST, LAST = 2025 * 12 + 7, 2027 * 12 + 11
MONTHS = LAST - FIRST + 1
HKD, CNY = 1, 2
PURPOSES = (0.6, 0.25, 0.15)  # prior, in the order of the code list


def rows(block, needs, params, draw):
    """One row a transfer: the first in the month in which the institute may, then in some of the months after."""
    number, right = needs["institute"]["institute_id"], needs["institute"]["kehuitong_from"]
    # Without the rule any institute may, from a day of its own.
    free = draw.uniform("free", number) >= params["kehuitong.needs_right"]
    may_from = np.where(right.valid, right.values, month_start(FIRST + draw.below("from", number, MONTHS)))
    able = np.flatnonzero(right.valid | free)
    number, may_from = number[able], may_from[able]
    month = FIRST + np.arange(MONTHS)
    begun = month_of(may_from)[:, None]
    sends = draw.uniform("sends", number[:, None], month) < params["kehuitong.monthly"]
    at, when = np.nonzero((month == begun) | (month > begun) & sends)
    month = month[when]
    first_day = np.maximum(month_start(month), may_from[at])
    spare = month_end(month) - first_day + 1
    day = first_day + draw.below("day", number[at], spare.astype(np.int64), month)
    factor = draw.quantile("amount", number[at], quantiles("lognormal_0.3"), month)
    yuan = (params["kehuitong.mean"] * 100 * factor).astype(np.int64)
    yuan = round_significant(yuan, 2, draw.uniform("amount_round", number[at], month))
    in_hkd = draw.chance("currency", number[at], params["kehuitong.hkd_share"])
    # Yuan for a Hong Kong dollar in 1e-4, by the linked rate.
    rate = dollar_parity(FIRST, MONTHS)[when] * 100 // round(params["facility.hkd_per_usd"] * 100)
    amount = np.where(in_hkd, yuan * 10_000 // rate, yuan)
    return {
        "transfer_id": number[at] * 64 + when,
        "institute_id": number[at],
        "institution_id": 1 + draw.below("bank", number, _banks())[at],
        "transferred_on": day,
        "purpose": draw.choice("purpose", number[at], Choice.of(PURPOSES), month),
        "currency": np.where(in_hkd, HKD, CNY),
        "amount": amount,
        "amount_cny": np.where(in_hkd, amount * rate // 10_000, amount),
    }


@cache
def _banks():
    return vocabulary("institution", "kind").count("bank")
