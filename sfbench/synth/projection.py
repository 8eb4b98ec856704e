"""Noisy counts made plausible: no negative ones, known totals. It looks at no data, so it costs no budget."""

from __future__ import annotations

import numpy as np

from sfbench.synth.columns import Floats

SURE = 3.0  # standard deviations; four keep noise out of the ends more surely, and a quarter of the principal with it
ROUNDS = 50


def simplex(noisy: Floats, total: float) -> Floats:
    """The nearest counts without negative entries that add up to the total; entries of -inf become 0."""
    kept = np.isfinite(noisy)
    ordered = np.sort(noisy[kept])[::-1]
    over = (np.cumsum(ordered) - total) / np.arange(1, len(ordered) + 1)
    return np.where(kept, np.maximum(noisy - over[np.flatnonzero(ordered > over)[-1]], 0.0), 0.0)


def shown(ordered: Floats, sigma: float) -> tuple[int, int]:
    """(first, one past the last) of counts, in the order of their values, that are shown to be there; (0, 0) if none.

    A grid reaches far beyond most columns. Noise on its empty ends is small in counts and large in values: a few notes
    of a trillion. An end is where counts, added up from outside, stay below `SURE` standard deviations of their noise.
    """
    sure = SURE * sigma * np.sqrt(np.arange(1, len(ordered) + 1))
    tops, bottoms = np.cumsum(ordered[::-1]) > sure, np.cumsum(ordered) > sure
    if not tops.any() or not bottoms.any():
        return 0, 0
    return int(bottoms.argmax()), len(ordered) - int(tops.argmax())


def raked(table: Floats, rows: Floats, columns: Floats) -> Floats:
    """A table with these margins and the associations of the given one: iterative proportional fitting."""
    tiny = 1e-300
    for _ in range(ROUNDS):
        table = table * (rows / np.maximum(table.sum(axis=1), tiny))[:, None]
        table = table * (columns / np.maximum(table.sum(axis=0), tiny))
    return table
