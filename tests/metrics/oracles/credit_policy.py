"""Oracle of the group `credit_policy` (measures 1 and 2), from the definitions, in polars and plain Python."""

from __future__ import annotations

from pathlib import Path

from metrics.oracles.credit_policy_lists import lists
from metrics.oracles.credit_policy_loans import loans
from metrics.oracles.credit_policy_relending import measure_1
from metrics.oracles.credit_policy_tools import City, Key


def figures(folder: Path) -> dict[Key, float | None]:
    """(metric, component, period, cut, cut_value) -> value, from the Parquet files of a dataset folder."""
    city = City(folder)
    measure_1(city)
    lists(city)
    loans(city)
    return city.found
