"""The door: all that a fault file may import from sfbench, besides numpy.

from sfbench.reporting.kit import Draw, Fault, Planted, Rows, Wish, change
"""

from __future__ import annotations

from sfbench.draws import Draw, month_of
from sfbench.errors import SfbenchError
from sfbench.kit import Bools, Floats, Ints, Nullable, nullable, texts
from sfbench.reporting.cells import Positions, codepoints, filled, from_codepoints, lengths, put, take, values
from sfbench.reporting.events import earlier, feed, figures, from_month, months
from sfbench.reporting.numbers import free_numbers
from sfbench.reporting.rows import Planted, Rows, change, copy, drop, event, rename, reorder
from sfbench.reporting.worst import worst_banks
from sfbench.spec import Fault, Wish

__all__ = [
    "Bools",
    "Draw",
    "Fault",
    "Floats",
    "Ints",
    "Nullable",
    "Planted",
    "Positions",
    "Rows",
    "SfbenchError",
    "Wish",
    "change",
    "codepoints",
    "copy",
    "drop",
    "earlier",
    "event",
    "feed",
    "figures",
    "filled",
    "free_numbers",
    "from_codepoints",
    "from_month",
    "lengths",
    "month_of",
    "months",
    "nullable",
    "put",
    "rename",
    "reorder",
    "take",
    "texts",
    "values",
    "worst_banks",
]
