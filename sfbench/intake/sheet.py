"""One table of one file: its cells as text, a null where nothing stands, with the number of their row."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from sfbench.spec import Table

ROW = "_row"
FIRST = 2  # the heading is row 1, as a spreadsheet counts


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table of one file. `batches` gives its cells, text columns by declared name and `_row`, once.

    `broken` are the rows that could not be cut into cells; all of them are known when the last batch was given.
    """

    file: str
    table: Table
    names: tuple[str, ...]  # declared columns that it has
    batches: Callable[[], Iterator[pa.Table]]
    broken: Sequence[int] = ()
    guarded: bool = True  # formula-like text stands behind a quote, as exports write it


def numbered(columns: dict[str, Any], numbers: NDArray[np.int64]) -> pa.Table:
    """Cells by declared name, with the numbers of their rows."""
    kept = pa.Array.from_buffers(pa.int64(), len(numbers), [None, pa.py_buffer(numbers)])
    return pa.table({**columns, ROW: kept})
