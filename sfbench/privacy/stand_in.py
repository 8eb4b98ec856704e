"""A model that memorises: what shadows are made of where the copy's own method cannot be fitted again."""

from __future__ import annotations

import numpy as np

from sfbench.privacy.frame import Frame
from sfbench.privacy.scale import Scale, nearest

PART = 0.3  # of the way to the neighbour, at most


def memorised(learned: Frame, seed: int) -> Frame:
    """Firms drawn from those that were learned, each moved a part of the way to its nearest neighbour."""
    random = np.random.default_rng([seed, 17])
    points = Scale.of(learned).points(learned)
    row = random.integers(0, learned.rows, learned.rows)
    beside = nearest(points, points, itself=True)[1][row, 0]
    part = PART * random.random(learned.rows)
    numbers = {}
    for name, column in learned.numbers.items():
        moved = column[row] + part * (column[beside] - column[row])
        numbers[name] = np.where(np.isnan(moved), column[row], moved)
    return Frame(numbers, {name: column[row] for name, column in learned.words.items()})
