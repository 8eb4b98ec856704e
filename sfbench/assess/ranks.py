"""Ranks of scores: more is better, ties share the better rank (1, 2, 2, 4)."""

from __future__ import annotations

import numpy as np

from sfbench.assess.panel import Floats, Ints

_DIGITS = 12  # of the largest score: figures that differ only by rounding are level


def rounded(score: Floats) -> Floats:
    """Scores without the rounding errors of their sums."""
    size = float(np.abs(score).max(initial=0))
    return score if size == 0 else np.round(score / size, _DIGITS) * size


def reached(score: Floats) -> Floats:
    """Scores to compare with a limit: a score that is level with it, but for rounding errors, reaches it."""
    return np.asarray(rounded(score) + np.abs(score).max(initial=0) * 10.0**-_DIGITS)


def ranks(score: Floats) -> Ints:
    """Competition rank [unit], from 1."""
    own = np.sort(-rounded(score))
    return np.searchsorted(own, -rounded(score), side="left") + 1


def ties(rank: Ints, groups: Ints, units: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """The units that share a rank with others of their group, best first."""
    keys, place, size = np.unique(np.stack([groups, rank]), axis=1, return_inverse=True, return_counts=True)
    place = place.reshape(-1)
    return tuple(tuple(units[u] for u in np.nonzero(place == tie)[0]) for tie in range(keys.shape[1]) if size[tie] > 1)
