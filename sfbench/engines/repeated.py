"""A column that says the same in every row."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa


def repeated(word: str, rows: int) -> Any:
    """The word so many times, as codes of a dictionary: it stands there once."""
    return pa.DictionaryArray.from_arrays(np.zeros(rows, np.int32), pa.array([word], pa.string()))
