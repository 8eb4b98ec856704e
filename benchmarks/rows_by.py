"""By which day has every city rows of a table? Prints `rows_by` as measured, beside the declared one.

    python benchmarks/rows_by.py [CITIES]        # 60 by default, a second each

The smallest city is the slowest to have its first listing or claim. A table whose first row comes on one day everywhere
is due on that day. Otherwise the latest first day has as much again added as it lies behind the median, to the end of
the quarter: a first row that comes by chance comes later still in a city that was not made. None is due before the
window, all are at its end.
"""

from __future__ import annotations

import calendar
import datetime as dt
import statistics
import sys
from collections.abc import Mapping

import pyarrow.compute as pc

import sfbench
from sfbench.content import tables
from sfbench.world.plan import LEAST_FIRMS, plan

BEFORE, END = dt.date(2021, 12, 31), dt.date(2027, 12, 31)
SPECS = {name: table.spec for name, table in tables().items() if table.spec.published and table.spec.known_on}


def main() -> None:
    cities = [_first_days(seed) for seed in range(int(sys.argv[1]) if sys.argv[1:] else 60)]
    for name, spec in SPECS.items():
        print(name, _due([city[name] for city in cities]), spec.rows_by, sep="\t")


def _first_days(seed: int) -> Mapping[str, dt.date]:
    made = sfbench.generate(scale=LEAST_FIRMS / plan("baseline", scale=1).firms, seed=seed)
    return {name: pc.min(made[name][spec.known_on]).as_py() or END for name, spec in SPECS.items()}


def _due(days: list[dt.date]) -> dt.date:
    last = max(days)
    if last > min(days):
        late = last + (last - statistics.median_low(days))
        month = (late.month + 2) // 3 * 3
        last = dt.date(late.year, month, calendar.monthrange(late.year, month)[1])
    return min(max(last, BEFORE), END)


if __name__ == "__main__":
    main()
