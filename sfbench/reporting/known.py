"""What was known on a day: rows reported by then, and cells whose own date has come."""

from __future__ import annotations

from typing import Any

import numpy as np

from sfbench.kit import Bools, Columns, Nullable
from sfbench.reporting.cells import take
from sfbench.spec import Table


def cut(table: Table, columns: Columns, as_of: int | None, since: int | None, until: int | None) -> Columns:
    """Raw columns as they stood on day `as_of`, with events of [since, until] only (days since 1970-01-01, inclusive).

    Rows stay if `known_on` <= as_of, `gone_on` has not come by then and `event_on` lies in the interval; a table
    without such a column is not cut by it, and an empty date is neither known nor inside. A cell whose
    `Column.known_on` date is after `as_of` or empty reads null. The input is not changed; a table that nothing cuts is
    returned as it is.
    """
    keep: Bools | None = None
    if table.known_on and as_of is not None:
        keep = _between(columns[table.known_on], None, as_of)
    if table.gone_on and as_of is not None:
        stands = ~_between(columns[table.gone_on], None, as_of)
        keep = stands if keep is None else keep & stands
    if table.event_on and (since is not None or until is not None):
        inside = _between(columns[table.event_on], since, until)
        keep = inside if keep is None else keep & inside
    if keep is not None and not keep.all():
        at = np.flatnonzero(keep)
        columns = {name: take(cells, at) for name, cells in columns.items()}
    if as_of is None:
        return columns
    dated = {c.name: _between(columns[c.known_on], None, as_of) for c in table.columns if c.known_on}
    return {name: _hide(cells, dated[name]) if name in dated else cells for name, cells in columns.items()}


def _between(cells: Any, low: int | None, high: int | None) -> Bools:
    days, valid = (cells.values, cells.valid) if isinstance(cells, Nullable) else (cells, None)
    inside: Bools = np.ones(len(days), np.bool_) if valid is None else valid.copy()
    if low is not None:
        inside &= days >= low
    if high is not None:
        inside &= days <= high
    return inside


def _hide(cells: Any, known: Bools) -> Any:
    values, valid = (cells.values, cells.valid & known) if isinstance(cells, Nullable) else (cells, known)
    return Nullable(values, valid)
