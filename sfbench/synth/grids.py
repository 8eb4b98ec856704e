"""Public grids: a column's levels and bins from its type and the words declared for it, never from its values.

So bins tell nothing of the data, and a guarantee covers them. Integers from -32 to 32 are levels of their own, then
sixteen bins an octave, to a million; money has levels and bins at 1, 1.5, 2, 3, 5, 7 a decade; rates have steps of a
tenth of a percent; dates are by month from 1990, by year from 1900. What lies beyond is in the outermost bin.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sfbench.synth.budget import LONGEST
from sfbench.synth.columns import Coding, Floats, Ints, numeric

MANTISSAS = np.array([1.0, 1.5, 2.0, 3.0, 5.0, 7.0])
SMALL = 32  # integers up to it are as they are
PER_OCTAVE = 16
EMPTY = np.zeros(0)


def grid(name: str, kind: str, words: Sequence[str] = ()) -> Coding:
    """The coding of a column of that Arrow type; `words`: the levels of one that is not numeric."""
    if not numeric(kind):
        known = ("false", "true") if kind == "bool" else tuple(sorted(words))
        return Coding(name, kind, known, EMPTY, EMPTY, EMPTY, EMPTY, EMPTY, nulls=True)
    levels, edges, unit = _numbers(kind)
    low, high = np.r_[2 * edges[0] - edges[1], edges], np.r_[edges, 2 * edges[-1] - edges[-2]]
    width = high - low
    units = np.maximum(10.0 ** np.floor(np.log10(width) - 1), unit)
    tops = np.maximum(high - units, low)  # a bin's upper edge is a level, or the next bin's
    return Coding(name, kind, tuple(levels.tolist()), low, tops, (low + tops) / 2, units, edges, nulls=True)


def numbers(name: str) -> Coding:
    """The coding of the number of a row's children: to 8 as they are, then two bins an octave, above 64 one; to 256."""
    tops = np.array([12.0, 16, 24, 32, 48, 64, 128, LONGEST])
    low = np.r_[8, tops[:-1]] + 1
    levels = tuple(np.arange(9.0).tolist())
    return Coding(name, "int64", levels, low, tops, (low + tops) / 2, np.ones(len(low)), tops[:-1] + 0.5, nulls=False)


def values(coding: Coding) -> Floats:
    """The value of each code of a numeric column, null left out: of a bin, its middle."""
    return np.asarray(np.r_[np.array(coding.levels, np.float64), coding.mean], np.float64)


def octave(coding: Coding) -> Ints:
    """Groups of a numeric column's codes by power of two: 0, 1, 2, 3-4, 5-8, ..."""
    return _ranked(np.ceil(np.log2(np.maximum(values(coding), 0.5))))


def decade(coding: Coding) -> Ints:
    """Groups of a money column's codes: from 1, 2 and 5 a decade, in raw units."""
    cuts = np.outer(10.0 ** np.arange(2, 15), (1, 2, 5)).ravel()
    return _ranked(np.searchsorted(cuts, values(coding), side="right"))


def _ranked(groups: NDArray[np.float64] | Ints) -> Ints:
    return np.unique(groups, return_inverse=True)[1].astype(np.int64)


def _numbers(kind: str) -> tuple[Floats, Floats, float]:
    """(levels, edges, smallest unit) in raw units."""
    if kind == "int64":
        wide = 2.0 ** (np.arange(5 * PER_OCTAVE, 15 * PER_OCTAVE + 1) / PER_OCTAVE)
        far = 2.0 ** np.arange(16, 21, 2)
        up = np.unique(np.ceil(np.r_[wide, far])) + 0.5
        down = np.ceil(2.0 ** np.r_[np.arange(5, 15), np.arange(16, 21, 2)]) + 0.5
        return np.arange(-SMALL, SMALL + 1.0), np.r_[-down[::-1], up], 1.0
    if kind == "date32[day]":
        first = datetime.date(1970, 1, 1).toordinal()
        years = [datetime.date(y, 1, 1).toordinal() - first for y in [*range(1900, 1990), *range(2031, 2101)]]
        months = [datetime.date(y, m, 1).toordinal() - first for y in range(1990, 2031) for m in range(1, 13)]
        return EMPTY, np.sort(np.array([*years, *months], np.float64)), 1.0
    if kind == "double":
        points = np.outer(10.0 ** np.arange(-3, 10), MANTISSAS).ravel()
        return np.r_[-points[::-1], 0.0, points], np.r_[-points[::-1], 0.0, points], 1e-9
    scale = int(kind.rpartition(",")[2].strip(" )"))
    if scale > 2:  # a rate, in percent
        steps = np.unique(np.round(np.r_[np.arange(-50, 51) / 10, np.arange(5, 31) / 1.0, -np.arange(5, 31) / 1.0], 1))
        edges = np.asarray(steps * 10.0**scale, np.float64)
        return edges, edges, 1.0
    points = np.outer(10.0 ** np.arange(scale, scale + 12), MANTISSAS).ravel()
    losses = 10.0 ** np.arange(scale, scale + 12)
    return np.r_[0.0, points], np.r_[-losses[::-1], 0.0, points], 1.0
