"""The figures by bank of a long table as an array of banks, periods and indicators."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from sfbench.assess.calendar import last_month
from sfbench.assess.indicators import CUT, figures_asked
from sfbench.assess.own_figures import METRIC, Own
from sfbench.assess.panel import Floats
from sfbench.assess.spec import Method
from sfbench.metrics import Catalogue

_REPORTED = "bank_month"  # the table of what banks report themselves
# The figure of a period is that of its last month: a stock at its end, a flow of the metric's own last period.
_PLACED = """
SELECT cut_value AS unit, period, place, CASE WHEN isfinite(value_city) THEN value_city ELSE 'nan' END AS value
FROM long_table
JOIN (SELECT unnest($metrics) AS metric, unnest($components) AS component, unnest($places) AS place)
USING (metric, component)
WHERE cut = $cut AND period IS NOT NULL
"""


def indicator_values(
    method: Method, table: pa.Table | None, units: Sequence[str], numbers: range, known: Catalogue
) -> Floats:
    """[unit, period, indicator], each in its own unit, of these banks and periods; NaN where there is no figure."""
    own = list(method.indicators.values())
    parts = [(i.metric, i.component) for i in own] + [i.over for i in own if i.over]
    figures = _figures(parts, method, table, units, numbers, known)
    above, whole = figures[:, :, : len(own)], figures[:, :, len(own) :]
    places = [place for place, indicator in enumerate(own) if indicator.over]
    above[:, :, places] *= 100 / np.where(whole == 0, np.nan, whole)
    return above


def _figures(
    parts: Sequence[tuple[str, str]],
    method: Method,
    table: pa.Table | None,
    units: Sequence[str],
    numbers: range,
    known: Catalogue,
) -> Floats:
    """[unit, period, part of a metric]; NaN where there is no figure.

    A sum that no row of a bank adds to is no gap but 0: a bank without first loans has made none. So it is for additive
    components, in a period of which the bank has other figures and other banks have this one. What banks report
    themselves may not have been reported, and stays a gap.
    """
    shape = (len(units), len(numbers), len(parts))
    values, found_at = np.full(shape, np.nan), np.zeros(shape, bool)
    if table is None or not parts:
        return values
    parameters = {
        "metrics": [metric for metric, _ in parts],
        "components": [component for _, component in parts],
        "places": list(range(len(parts))),
        "cut": CUT,
    }
    with duckdb.connect() as connection:
        connection.register("long_table", table)
        found = connection.execute(_PLACED, parameters).fetchnumpy()
    period, known_period = _place(found["period"].astype("datetime64[D]"), _ends(method, numbers))
    unit, known_unit = _place(found["unit"].astype(str), np.array(units))
    kept = known_period & known_unit
    at = unit[kept], period[kept], found["place"][kept]
    values[at], found_at[at] = found["value"][kept], True
    sums = np.array([_is_sum(known, *part) for part in parts])
    reported = np.isfinite(values)
    nil = ~found_at & sums & reported.any(axis=2, keepdims=True) & reported.any(axis=0, keepdims=True)
    return np.where(nil, 0.0, values)


def _is_sum(known: Catalogue, metric: str, component: str) -> bool:
    if metric not in known.metrics or any(need.name == _REPORTED for need in known.tables_of(metric)):
        return False
    return any(part.additive for part in known.metrics[metric].components if part.name == component)


def _ends(method: Method, numbers: range) -> NDArray[Any]:
    return np.array([last_month(method.period, number) for number in numbers], "datetime64[D]")


def _place(found: NDArray[Any], known: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """(place of each found value among the known ones, whether it is one of them)"""
    order = np.argsort(known)
    place = order[np.minimum(np.searchsorted(known[order], found), len(known) - 1)]
    return place, known[place] == found


def put_own(own: Own, method: Method, values: Floats, units: Sequence[str], periods: Sequence[str]) -> None:
    """Puts a reader's own figures into the values of the indicators that are theirs."""
    for place, indicator in enumerate(method.indicators.values()):
        if indicator.metric == METRIC:
            mine = [[own.get((unit, period, indicator.component), np.nan) for period in periods] for unit in units]
            values[:, :, place] = mine


def missing_figures(method: Method, table: pa.Table | None, own: bool) -> Iterator[tuple[str, str]]:
    """Indicators of which the dataset has nothing at all, with the reason."""
    reasons: dict[str, str] = {}
    if table is not None:
        alone = table.filter(pc.is_null(table["period"]))
        reasons = dict(zip(alone["metric"].to_pylist(), alone["reason"].to_pylist(), strict=True))
    for key, metric, _ in figures_asked(method):
        if metric in reasons:
            yield key, reasons[metric] or "no data"
        elif metric == METRIC and not own:
            yield key, "in no table: give --qualitative FILE"
