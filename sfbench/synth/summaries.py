"""What a parent's row says about its children: how many, their total, and the means of what differs between parents.

A column enters where its parents explain more of its variance (intraclass correlation, one-way analysis of variance)
than `SHARE`. So the large borrower stays large over all of its notes, which draws of single notes would lose. Of money
the total is kept in place of the mean, since totals are what concentration is about.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from sfbench.synth.columns import Floats, numeric, raw
from sfbench.synth.learned import Ints, Learned, counts

SHARE = 0.1
MOST = 8  # columns of a child that enter
PREFIX = "of "  # no column of a table begins so
TOTAL = "of all "
FACTOR = 4.0


def count_name(child: str) -> str:
    """The parent's column that holds the number of its children."""
    return f"{PREFIX}{child}"


def total_name(child: str, column: str) -> str:
    """The parent's column that holds the sum of a money column of its children, in raw units (cents)."""
    return f"{TOTAL}{child}: {column}"


def mean_of_total(total: Floats, number: Ints) -> pa.Array:
    """The mean that a total and a number of rows make; null without rows."""
    return pa.array(total / np.maximum(number, 1), pa.float64(), mask=(number == 0) | np.isnan(total))


def to_total(values: Floats, unit: Floats, groups: Ints, total: Floats, rescaled: NDArray[np.bool_]) -> Floats:
    """Values that add up to the total of their group, about: scaled by at most `FACTOR`, in multiples of their unit.

    Only groups with `rescaled` are touched; the others keep the numbers that rows often hold.
    """
    size = len(total)
    drawn = np.bincount(groups, weights=values, minlength=size)
    use = rescaled & (drawn > 0) & (total > 0)
    factor = np.where(use, np.clip(total / np.where(drawn > 0, drawn, 1), 1 / FACTOR, FACTOR), 1.0)[groups]
    scaled = np.maximum(np.rint(values * factor / unit), 1) * unit
    return np.where(use[groups], scaled, values)


def summarise(parent: Learned, child: Learned) -> Learned:
    """The parent with its children's number, means, and most frequent categories, before its own columns.

    Drawn first they depend on one another alone, so that many large notes stay with the same firm. Those of a child
    that stands apart come last, so that what is drawn before them is what it is without that child.
    """
    number = counts(child, parent.rows)
    groups = child.parent_row if child.parent_row is not None else np.zeros(0, np.int64)
    found = []
    for name in child.columns.column_names:
        if name in child.withheld:
            continue
        column = child.columns[name].combine_chunks()
        if numeric(str(column.type)):
            values, valid = raw(column)
            share, mean, held = _between(values[valid], groups[valid], parent.rows)
        else:
            share, mean, held = _between_words(column, groups, parent.rows)
        if share > SHARE:
            found.append((share, name, mean, held))
    totals, means = dict[str, pa.Array](), dict[str, pa.Array]()
    for _, name, mean, held in sorted(found, key=lambda item: (-item[0], item[1]))[:MOST]:
        if isinstance(mean, pa.Array):
            means[f"{PREFIX}{child.name}: {name}"] = mean
        elif str(child.columns[name].type).endswith(", 2)"):  # money; rates have five digits
            totals[total_name(child.name, name)] = pa.array(mean * number, pa.float64(), mask=~held)
        else:
            means[f"{PREFIX}{child.name}: {name}"] = pa.array(mean, pa.float64(), mask=~held)
    # Money first: whatever is drawn given the bins of a total keeps its share of the money.
    more = totals | {count_name(child.name): pa.array(number)} | means
    return parent.with_last(more) if child.apart else parent.with_first(more)


def _between(values: Floats, groups: Ints, size: int) -> tuple[float, Floats, NDArray[np.bool_]]:
    """(share of the variance of ranks that lies between groups, mean by group, groups that have one)."""
    number = np.bincount(groups, minlength=size)
    held = number > 0
    mean = np.bincount(groups, weights=values, minlength=size) / np.maximum(number, 1)
    several = number[groups] > 1
    if several.sum() < 20:
        return 0.0, mean, held
    place = np.unique(values, return_inverse=True)[1].astype(np.float64)
    return _intraclass(place[several], groups[several], size), mean, held


def _intraclass(values: Floats, groups: Ints, size: int) -> float:
    number = np.bincount(groups, minlength=size)
    used = number > 0
    mean = np.bincount(groups, weights=values, minlength=size) / np.maximum(number, 1)
    rows, kinds = len(values), int(used.sum())
    if kinds < 2 or rows <= kinds:
        return 0.0
    within = float(np.sum((values - mean[groups]) ** 2)) / (rows - kinds)
    between = float(np.sum(number * (mean - values.mean()) ** 2)) / (kinds - 1)
    typical = (rows - float(np.sum(number.astype(np.float64) ** 2)) / rows) / (kinds - 1)
    total = between + (typical - 1) * within
    return (between - within) / total if total > 0 else 0.0


def _between_words(column: pa.Array, groups: Ints, size: int) -> tuple[float, pa.Array, NDArray[np.bool_]]:
    """(how far two rows of a group agree beyond chance, the most frequent word by group, groups with rows)."""
    words = column.cast(pa.string()).dictionary_encode()
    index = np.asarray(words.indices.fill_null(len(words.dictionary)).cast(pa.int64()))
    kinds = len(words.dictionary) + 1
    cells, number = np.unique(groups * kinds + index, return_counts=True)
    order = np.lexsort((number, cells // kinds))
    last = np.r_[(cells[order] // kinds)[1:] != (cells[order] // kinds)[:-1], True] if len(order) else order
    modes = np.full(size, kinds - 1)
    modes[(cells[order] // kinds)[last]] = (cells[order] % kinds)[last]
    mode = pa.array([*words.dictionary.to_pylist(), None], pa.string()).take(pa.array(modes))
    rows = np.bincount(groups, minlength=size)
    pairs = float(np.sum(rows * (rows - 1.0)))
    if pairs < 20:
        return 0.0, mode, rows > 0
    agreed = float(np.sum(number * (number - 1.0))) / pairs
    share = np.bincount(index, minlength=kinds) / max(len(index), 1)
    chance = float(np.sum(share**2))
    return (agreed - chance) / (1 - chance) if chance < 1 else 0.0, mode, rows > 0
