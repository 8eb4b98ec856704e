"""How much larger the values of a money column are in a class of rows than the bins, which all classes share, say.

A bin of the ten largest firms has one mean. Of these, the firms of one class may be the larger ones, and may hold half
of what the class holds, so totals of classes would be lost. So a class has a scale for its codes, counted over runs
of them, from the largest on, that at least `k` firms of the class share.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sfbench.synth.columns import Coding, Floats, Ints

Scales = dict[int, Floats]  # class -> scale by code


def fit(coding: Coding, codes: Ints, values: Floats, classes: Ints, units: Ints, k: int) -> Scales:
    """The scales of a column, of the classes that at least `k` firms share."""
    drawn = np.r_[np.array(coding.levels, np.float64), coding.mean, 0.0, 0.0]
    order = np.argsort(drawn[: coding.null])[::-1]
    out = Scales()
    for kind in np.unique(classes):
        mine = np.flatnonzero((classes == kind) & (codes < coding.null))
        if len(np.unique(units[mine])) < k:
            continue
        scale, waiting, held = np.ones(coding.size), list[int](), np.zeros(0, np.int64)
        by_code = np.split(mine[np.argsort(codes[mine], kind="stable")], np.cumsum(_rows(codes[mine], coding))[:-1])
        for code in order:
            waiting.append(int(code))
            held = np.r_[held, by_code[code]]
            if len(np.unique(units[held])) >= k:
                scale[waiting] = values[held].sum() / max(drawn[codes[held]].sum(), 1e-9)
                waiting, held = [], held[:0]
        out[int(kind)] = scale
    return out


def scaled(values: Floats, codes: Ints, classes: Ints, scales: Scales) -> Floats:
    """Drawn values times the scale of their class and code."""
    factor = np.ones(len(values))
    for kind, scale in scales.items():
        mine: NDArray[np.bool_] = classes == kind
        factor[mine] = scale[codes[mine]]
    return values * factor


def _rows(codes: Ints, coding: Coding) -> Ints:
    return np.bincount(codes, minlength=coding.size)
