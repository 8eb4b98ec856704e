"""Balances of notes at month ends from 2021-12 on, by their repayment schedule and fate. Unpublished.

The balance is the principal less the instalments paid, floor(principal * k / n) after k of n: an identity, no sum.
Between the overdue day and the resolution nothing is paid; a cured note then catches up.
"""

import numpy as np

from sfbench.kit import Table, add_months, dollar_parity, month_of, spans

TABLE = Table(
    zh="借据逐月底表",
    en="Notes by month end",
    published=False,
    key=("note", "month"),
    columns=(),
    needs=("note",),
    grows="note",
)

OPENING = 2021 * 12 + 11
LAST = 2027 * 12 + 11
FIRST_FX, MONTHS_FX = 2016 * 12, 144


def rows(block, needs, params, draw):
    """note (position), month (number), balance and balance_rmb (cents), paid (instalments), by note and month."""
    note = needs["note"]
    granted = month_of(note["granted_on"])
    first = np.maximum(granted, OPENING)
    last = np.minimum(month_of(note["end_on"]) - 1, LAST)
    length = last - first + 1
    index = np.repeat(np.arange(len(length)), length)  # int64, as numpy takes with it many times
    start = np.cumsum(length) - length
    month = np.arange(len(index), dtype=np.int32) - (start - first).astype(np.int32).take(index)
    balance = note["amount"].take(index)
    paid = np.zeros(len(index), np.int32)
    # Most notes repay once, at the end; only the others need a schedule.
    several = np.flatnonzero(note["instalments"] > 1)
    some = spans(start[several], length[several])
    at, when = index.take(some), month.take(some)
    n, period = note["instalments"].take(at), note["period"].astype(np.int32).take(at)
    k = np.minimum((when - granted.take(at)) // period, n - 1)
    bad = np.flatnonzero(note["impaired"].take(at))
    bad = bad[_frozen(note, at[bad], when[bad])]
    k[bad] = _paid_before_trouble(note, granted)[at[bad]]
    paid[some] = k
    # instalment(principal, n, k), with the division of the principal once a note and not once a row
    each, odd = np.divmod(note["amount"], note["instalments"])
    balance[some] -= each.take(at) * k + odd.take(at) * k // n
    balance_rmb = balance.copy()
    dollars = np.flatnonzero(note["usd"])
    dollars = spans(start[dollars], length[dollars])
    fx = dollar_parity(FIRST_FX, MONTHS_FX)
    balance_rmb[dollars] = (balance[dollars] * fx[month[dollars] - FIRST_FX] + 5000) // 10000
    return {
        "note": index,
        "month": month,
        "balance": balance,
        "balance_rmb": balance_rmb,
        "paid": paid,
        "start": start,
        "length": length,
    }


def _frozen(note, at, when):
    """Is the note in arrears at the month end?"""
    overdue = month_of(np.minimum(note["overdue_on"], 40000))
    resolved = month_of(np.minimum(note["resolved_on"], 40000))
    return note["impaired"][at] & (when >= overdue[at]) & (when < resolved[at])


def _paid_before_trouble(note, granted):
    """Instalments that fell due before the overdue day."""
    overdue_on = np.minimum(note["overdue_on"], 40000)
    months = np.maximum(month_of(overdue_on) - granted, 0)
    due_that_month = add_months(note["granted_on"], months)
    k = (months - (due_that_month >= overdue_on)) // note["period"]
    return np.clip(k, 0, note["instalments"] - 1)
