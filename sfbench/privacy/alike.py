"""Marks that are equal where rows are alike: the same but for one column, each number in the same part of its ranks.

So a row is still known where one column is drawn anew, whatever it says then, and where all numbers are moved a little:
some cross a bound of their part, and a row may hold one that does.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sfbench.draws.words import words
from sfbench.privacy.rows import KEY, NULL, Marks, Rows, of_words
from sfbench.synth.columns import numeric, raw

PARTS = 80  # of the ranks of a number


def alike(train: Rows, holdout: Rows, copy: Rows) -> Iterator[tuple[Marks, Marks, Marks]]:
    """For each column the marks of all rows without it; ranks are those of learned and held-out rows together."""
    sides = (train, holdout, copy)
    names = [name for name in train.columns.column_names if all(name in s.columns.column_names for s in sides)]
    whole = [np.zeros(len(side.row), np.uint64) for side in sides]
    for at, name in enumerate(names):  # of a sum, which may wrap, one part is easily taken away
        whole = [mark + cells for mark, cells in zip(whole, _cells(at, name, sides), strict=True)]
    for at, name in enumerate(names):
        one, two, three = (mark - cells for mark, cells in zip(whole, _cells(at, name, sides), strict=True))
        yield one, two, three


def _cells(at: int, name: str, sides: tuple[Rows, Rows, Rows]) -> list[Marks]:
    key = KEY + at
    columns = [side.column(name) for side in sides]
    if not all(numeric(str(column.type)) for column in columns):
        return [words(key, of_words(column).view(np.int64)) for column in columns]
    read = [raw(column) for column in columns]
    known = np.sort(np.concatenate([values[valid] for values, valid in read[:2]]))
    bounds = known[-(-np.arange(1, PARTS) * len(known) // PARTS) - 1] if len(known) else known
    return [words(key, np.where(ok, np.searchsorted(bounds, values, side="right"), NULL)) for values, ok in read]
