"""Which banks have a reason: those whose ratio of bad loans in a year is among the highest, or has risen most."""

from __future__ import annotations

import numpy as np

from sfbench.kit import Bools
from sfbench.reporting.cells import values
from sfbench.reporting.events import months
from sfbench.reporting.rows import Rows


def worst_banks(rows: Rows, share: float, *, risen: bool) -> Bools:
    """Rows of `bank_month` whose bank is among this share of the banks in the row's year.

    By the year's bad loans over all loans; if `risen`, by how much that is above the year before.
    """
    bank, year = values(rows.columns["institution_id"]), months(rows) // 12
    banks, years = bank.max() + 1, year - year.min()
    cells = bank * (years.max() + 1) + years
    size = banks * (years.max() + 1)
    bad, loans = (
        np.bincount(cells, values(rows.columns[name]).astype(np.float64), size) for name in ("npl_loans", "all_loans")
    )
    ratio = np.divide(bad, loans, out=np.full(size, np.nan), where=loans > 0).reshape(banks, -1)
    if risen:
        ratio = np.diff(ratio, axis=1, prepend=ratio[:, :1])
    limit = np.nanquantile(ratio, 1 - share, axis=0)
    return np.asarray((ratio >= limit).reshape(-1)[cells])
