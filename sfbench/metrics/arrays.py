"""Between Arrow and numpy without pandas: `pa.array` and `to_numpy` import it wherever it is installed."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa


def numbers(column: pa.ChunkedArray) -> npt.NDArray[Any]:
    """A column of numbers without nulls; from a query of nothing, an empty one."""
    return np.from_dlpack(column.combine_chunks())


def array(kind: pa.DataType, values: npt.NDArray[Any], valid: npt.NDArray[np.bool_] | None = None) -> pa.Array:
    """Values in the memory layout of `kind`, null where not `valid`."""
    bitmap = None if valid is None else pa.py_buffer(np.packbits(valid, bitorder="little"))
    return pa.Array.from_buffers(kind, len(values), [bitmap, pa.py_buffer(values)])
