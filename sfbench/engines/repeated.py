"""A column that says the same in every row."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from sfbench.draws.text import vocabulary_array
from sfbench.reporting.cells import places


def repeated(word: str, rows: int) -> pa.DictionaryArray:
    """The word so many times, as codes of a dictionary: it stands there once."""
    return vocabulary_array([word]).dictionary_encode().take(places(np.zeros(rows, np.int64)))
