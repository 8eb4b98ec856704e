"""Internal rates of return of funds from their dated flows, then their median and quartiles by vintage."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from sfbench.draws.text import vocabulary_array
from sfbench.metrics.arrays import array, numbers

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

LOWEST, HIGHEST = -0.99, 10.0  # a year; a fund without a change of sign between them has no rate
YEAR = 365.0  # days
HALVINGS = 50  # of the interval of log(1 + rate), 7 wide: down to 1e-14
_COLUMNS = ("fund_id", "vintage", "days", "amount", "received")
QUANTILES = {"median": 0.5, "p25": 0.25, "p75": 0.75}


def figures(rows: pa.Table) -> pa.Table:
    """Percent a year, in total and by vintage.

    `rows`, sorted by period and fund: period, fund_id (0 in the row of a period without a fund), vintage (year), days
    (since the first call), amount (CNY, positive is what investors get), received (all that they got and still have).
    """
    days = numbers(rows["period"].cast(pa.int32()))
    fund, vintage, since, amount, received = (numbers(rows[name]) for name in _COLUMNS)
    starts = np.flatnonzero((np.diff(days, prepend=0) != 0) | (np.diff(fund, prepend=0) != 0))
    rates = 100.0 * np.where(received[starts] == 0.0, -1.0, _rates(since / YEAR, amount, starts))
    known = np.isfinite(rates) & (fund[starts] > 0)
    rates, period, vintage = rates[known], days[starts][known], vintage[starts][known]

    periods = np.unique(days)
    groups, group = np.unique(np.stack([period, vintage]), axis=1, return_inverse=True)
    cuts = [
        _part("total", periods, ["total"] * len(periods), rates, np.searchsorted(periods, period)),
        _part("vintage", groups[0], [str(year) for year in groups[1]], rates, group),
    ]
    return pa.concat_tables(cuts)


def _rates(years: Floats, amounts: Floats, starts: Ints) -> Floats:
    """The rate at which the present value of each fund's flows is nil, by halving; nan without a change of sign.

    `starts` holds the first row of each fund.
    """
    rows = np.diff(starts, append=len(amounts))

    def value(log_growth: Floats) -> Floats:
        present: Floats = np.add.reduceat(amounts * np.exp(-np.repeat(log_growth, rows) * years), starts)
        return present

    low, high = (np.full(len(starts), math.log1p(rate)) for rate in (LOWEST, HIGHEST))
    sign = np.sign(value(low))
    changes = sign * np.sign(value(high)) < 0
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        below = np.sign(value(middle)) == sign
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    return np.where(changes, np.expm1((low + high) / 2), np.nan)


def _part(cut: str, periods: Ints, cut_values: list[str], rates: Floats, group: Ints) -> pa.Table:
    """Every quantile of the rates of every group, by linear interpolation; `zero base` where a group has no rate.

    `group` holds the place of each rate's group in `periods` and `cut_values`.
    """
    rows, parts = len(periods), len(QUANTILES)
    count = np.bincount(group, minlength=rows)
    ranked = np.append(rates[np.lexsort((rates, group))], np.nan)
    first = np.where(count > 0, np.cumsum(count) - count, len(rates))
    place = np.outer(list(QUANTILES.values()), np.maximum(count - 1, 0))
    below, above = (ranked[first + end.astype(np.int64)] for end in (np.floor(place), np.ceil(place)))
    values = (below + (place - np.floor(place)) * (above - below)).ravel()
    missing = np.isnan(values)
    return pa.table(
        {
            "component": vocabulary_array([name for name in QUANTILES for _ in range(rows)]),
            "period": array(pa.date32(), np.tile(periods, parts).astype(np.int32)),
            "cut": vocabulary_array([cut] * rows * parts),
            "cut_value": vocabulary_array(cut_values * parts),
            "value": array(pa.float64(), values, ~missing),
            "scope_version": pa.nulls(rows * parts, pa.string()),
            "reason": pa.DictionaryArray.from_arrays(
                array(pa.int8(), np.zeros(rows * parts, np.int8), missing), vocabulary_array(["zero base"])
            ),
        }
    )
