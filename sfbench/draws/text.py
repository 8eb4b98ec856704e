"""Text columns from vocabularies, composed in Arrow without a Python loop over rows.

`pa.array` and `pa.scalar` import pandas wherever it is installed, which costs half a second, so the arrays are made
from buffers here.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from sfbench.errors import SfbenchError

Part = tuple[Sequence[str], NDArray[np.integer[Any]]]


def compose(parts: Sequence[Part]) -> pa.StringArray:
    """The concatenation, row by row, of vocabulary[index] over the parts: a string array of the indices' length.

    A vocabulary holds str, an index int in [0, len(vocabulary)), shape (rows,). A fixed piece of text is a vocabulary
    of one. Raises SfbenchError if there are no parts, their lengths differ or an index has no word.
    """
    if not parts or len({len(index) for _, index in parts}) != 1:
        raise SfbenchError("text needs parts, all of one length", where="draws.text.compose")
    columns = [_words(vocabulary, index) for vocabulary, index in parts]
    if len(columns) == 1:
        return columns[0]
    return pc.binary_join_element_wise(*columns, vocabulary_array([""]).take(_indices(np.zeros(1, np.int32)))[0])


def vocabulary_array(words: Sequence[str]) -> pa.StringArray:
    """Words as an Arrow string array."""
    encoded = list(map(str.encode, words))
    offsets = np.zeros(len(encoded) + 1, np.int32)
    np.cumsum(list(map(len, encoded)), out=offsets[1:])
    return pa.Array.from_buffers(
        pa.string(), len(encoded), [None, pa.py_buffer(offsets), pa.py_buffer(b"".join(encoded))]
    )


def _words(vocabulary: Sequence[str], index: NDArray[np.integer[Any]]) -> pa.StringArray:
    if len(index) and not (index.min() >= 0 and index.max() < len(vocabulary)):
        raise SfbenchError(f"a word is missing: index {index.min()} to {index.max()} of {len(vocabulary)} words")
    words = _kept(vocabulary) if isinstance(vocabulary, tuple) else vocabulary_array(vocabulary)
    return pc.take(words, _indices(index), boundscheck=False)


@lru_cache(maxsize=64)
def _kept(vocabulary: tuple[str, ...]) -> pa.StringArray:
    """The array of a vocabulary that is a tuple: every block takes from the same ones."""
    return vocabulary_array(vocabulary)


def _indices(index: NDArray[np.integer[Any]]) -> pa.Array:
    numbers = np.ascontiguousarray(index, np.int32)
    return pa.Array.from_buffers(pa.int32(), numbers.size, [None, pa.py_buffer(numbers)])
