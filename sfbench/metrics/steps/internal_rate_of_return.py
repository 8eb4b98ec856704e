"""Internal rates of return of funds from their dated flows, then their median and quartiles by vintage."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Floats = npt.NDArray[np.float64]
Numbers = npt.NDArray[np.int64]

LOWEST, HIGHEST = -0.99, 10.0  # a year; a fund without a change of sign between them has no rate
YEAR = 365.0  # days
HALVINGS = 50  # of the interval of log(1 + rate), 7 wide: down to 1e-14
QUANTILES = {"median": 0.5, "p25": 0.25, "p75": 0.75}


def figures(rows: pa.Table) -> pa.Table:
    """Percent a year, in total and by vintage.

    `rows`, sorted by period and fund: period, fund_id, vintage, days (since the first call), amount (CNY, positive is
    what investors get), lost (nothing was given back and nothing is left). A period without a fund is a row of nulls.
    """
    periods = pc.unique(rows["period"])
    rows = rows.filter(pc.is_valid(rows["fund_id"]))
    period, fund = (_codes(rows[name]) for name in ("period", "fund_id"))
    starts = np.flatnonzero((np.diff(period, prepend=-1) != 0) | (np.diff(fund, prepend=-1) != 0))
    funds = rows.select(["period", "vintage", "lost"]).take(pa.array(starts))
    rates = _rates(rows["days"].to_numpy() / YEAR, rows["amount"].to_numpy(), starts)
    rates = np.where(funds["lost"].to_numpy(), -1.0, rates)
    funds = funds.append_column("rate", pa.array(100.0 * rates)).filter(pa.array(np.isfinite(rates)))
    empty = periods.filter(pc.invert(pc.is_in(periods, value_set=pc.unique(funds["period"]))))
    return pa.concat_tables([_by_group(funds, "total"), _by_group(funds, "vintage"), _zero_base(empty)])


def _codes(column: pa.ChunkedArray) -> Numbers:
    """Equal values, equal numbers."""
    return np.asarray(pc.rank(column, tiebreaker="dense"), dtype=np.int64)


def _rates(years: Floats, amounts: Floats, starts: Numbers) -> Floats:
    """The rate at which the present value of each fund's flows is nil, by halving; nan without a change of sign.

    `starts` holds the first row of each fund.
    """
    rows = np.diff(starts, append=len(amounts))

    def value(log_growth: Floats) -> Floats:
        present: Floats = np.add.reduceat(amounts * np.exp(-np.repeat(log_growth, rows) * years), starts)
        return present

    low, high = (np.full(len(starts), math.log1p(rate)) for rate in (LOWEST, HIGHEST))
    sign = np.sign(value(low))
    found = sign * np.sign(value(high)) < 0
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        below = np.sign(value(middle)) == sign
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    return np.where(found, np.expm1((low + high) / 2), np.nan)


def _by_group(funds: pa.Table, cut: str) -> pa.Table:
    """The quantiles of the funds' rates, with linear interpolation, by period (and vintage)."""
    keys = ["period"] if cut == "total" else ["period", "vintage"]
    groups = funds.sort_by("rate").group_by(keys, use_threads=False).aggregate([("rate", "list")])
    lists = groups["rate_list"].combine_chunks()
    rates, first = lists.flatten().to_numpy(), lists.offsets.to_numpy()[:-1]
    last = lists.value_lengths().to_numpy() - 1
    labels = groups["vintage"] if cut == "vintage" else pa.array([cut] * len(groups), pa.string())
    parts = []
    for component, share in QUANTILES.items():
        place = share * last
        below, above = np.floor(place).astype(np.int64), np.ceil(place).astype(np.int64)
        values = rates[first + below] + (place - below) * (rates[first + above] - rates[first + below])
        parts.append(_part(component, groups["period"], cut, labels, pa.array(values, pa.float64()), None))
    return pa.concat_tables(parts)


def _zero_base(periods: pa.Array) -> pa.Table:
    """Rows that say that no fund has a rate."""
    labels, nothing = (pa.array([text] * len(periods), kind) for text, kind in (("total", "string"), (None, "double")))
    return pa.concat_tables([_part(name, periods, "total", labels, nothing, "zero base") for name in QUANTILES])


def _part(
    component: str,
    periods: pa.Array | pa.ChunkedArray,
    cut: str,
    labels: pa.Array | pa.ChunkedArray,
    values: pa.Array,
    reason: str | None,
) -> pa.Table:
    fixed = {"component": component, "cut": cut, "scope_version": None, "reason": reason}
    columns = {name: pa.array([text] * len(values), pa.string()) for name, text in fixed.items()}
    return pa.table({**columns, "period": periods, "cut_value": labels, "value": values})
