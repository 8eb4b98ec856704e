"""Reports that the worst banks do not send."""

import numpy as np

from sfbench.reporting.kit import Bools, Draw, Fault, Ints, Planted, Rows, Wish, drop, months, values

FAULT = Fault(
    zh="差行隐匿报表",
    en="Reports withheld by the worst",
    level="table",
    visible=True,
    mechanisms=("banks of the highest bad-loan ratios of the year", "banks whose ratio has risen most over the year"),
    columns=0,
    tables=("bank_month",),
    asks=("event_day",),
    defaults={"worst": 0.3},  # the share of banks that have a reason
    withholds="value",
)


def plant(rows: Rows, wish: Wish, draw: Draw) -> Planted:
    """A bank that has a reason withholds the whole year, in every scope."""
    bank, year = values(rows.columns["institution_id"]), months(rows) // 12
    year_of_bank = bank * 10_000 + year
    at = rows.pick_events(draw, year_of_bank, _reason(rows, wish, bank, year))
    return drop(rows, at, group=year_of_bank)


def _reason(rows: Rows, wish: Wish, bank: Ints, year: Ints) -> Bools:
    """Rows of the banks of a year whose ratio, or its rise from the year before, is among the highest."""
    banks, years = bank.max() + 1, year - year.min()
    cells = bank * (years.max() + 1) + years
    size = banks * (years.max() + 1)
    bad, loans = (
        np.bincount(cells, values(rows.columns[name]).astype(np.float64), size) for name in ("npl_loans", "all_loans")
    )
    ratio = np.divide(bad, loans, out=np.full(size, np.nan), where=loans > 0).reshape(banks, -1)
    if wish.mechanism == 2:
        ratio = np.diff(ratio, axis=1, prepend=ratio[:, :1])
    limit = np.nanquantile(ratio, 1 - wish.settings["worst"], axis=0)
    return np.asarray((ratio >= limit).reshape(-1)[cells])
