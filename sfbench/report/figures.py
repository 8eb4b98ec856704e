"""Series of the long table, by metric, component and cut, with the values of a whole city."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Mapping

import duckdb
import pyarrow as pa

Points = list[tuple[datetime.date, float]]
Key = tuple[str, str]  # metric, component

# The cuts of which a section of the page shows figures; totals are shown of every metric.
_CUTS = ("total", "district", "stage", "stage_pair")


class Figures:
    """What the page shows of a long table."""

    def __init__(self, table: pa.Table) -> None:
        self._found: dict[tuple[str, str, str], dict[str, Points]] = defaultdict(lambda: defaultdict(list))
        with duckdb.connect() as connection:
            connection.register("long_table", table)
            rows = connection.execute(
                """SELECT metric, component, cut, cut_value, period, value_city FROM long_table
                WHERE cut IN (SELECT unnest($cuts)) AND value_city IS NOT NULL ORDER BY ALL""",
                {"cuts": list(_CUTS)},
            ).fetchall()
        for metric, component, cut, value, period, figure in rows:
            self._found[metric, component, cut][value].append((period, figure))

    def total(self, metric: str, component: str) -> Points:
        """The series of the whole; empty if it has none."""
        return self.by(metric, component, "total").get("total", [])

    def by(self, metric: str, component: str, cut: str) -> Mapping[str, Points]:
        """Value of the cut -> its series."""
        return self._found.get((metric, component, cut), {})

    def at(self, metric: str, component: str, cut: str, day: datetime.date | None) -> dict[str, float]:
        """Value of the cut -> the last figure up to a day."""
        out = {}
        for value, points in self.by(metric, component, cut).items():
            known = [figure for period, figure in points if day is None or period <= day]
            if known:
                out[value] = known[-1]
        return out
