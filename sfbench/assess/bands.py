"""Bands: what a score is called. Scores and ranks [unit] in, the number of the band in the method's list out.

-1 is no band. Ranks are those of the result, vetoes and all: a unit that a veto puts last is in no band of the best.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sfbench.assess.context import Note
from sfbench.assess.options import Label
from sfbench.assess.panel import Floats, Ints
from sfbench.assess.ranks import reached
from sfbench.errors import SfbenchError


@dataclass(frozen=True, slots=True)
class Band:
    """One band; `limit` is a score that it begins with, or a share of the units."""

    id: Label
    zh: Label
    en: Label
    limit: float

    def __str__(self) -> str:
        return f"{self.id} {self.limit:g}"


@dataclass(frozen=True, slots=True)
class Banded:
    """`band` [unit] number of the band, best first; -1 is no band."""

    band: Ints
    names: tuple[Band, ...]
    notes: tuple[Note, ...] = ()


def none(score: Floats, rank: Ints) -> Banded:
    """No bands."""
    return Banded(np.full(len(score), -1), ())


def cutoffs(score: Floats, rank: Ints, *, bands: tuple[Band, ...], end: float | None) -> Banded:
    """The highest band whose `limit` the score reaches. Bands stand from the highest to the lowest.

    Below the last limit, and from `end` on (null: no end), a unit has no band, and a note says so.
    """
    limits = np.array([band.limit for band in bands])
    if (np.diff(limits) >= 0).any():
        raise SfbenchError(f"limits of bands must fall: {limits.tolist()}", fix="list the highest band first")
    if end is not None and end < limits[0]:
        raise SfbenchError(
            f"the highest band begins at {limits[0]:g}, and bands end at {end:g}", fix="give a higher end"
        )
    own = reached(score)
    band = len(bands) - np.searchsorted(limits[::-1], own, side="right")
    outside = band == len(bands)
    if end is not None:
        outside |= own >= end
    band = np.where(outside, -1, band)
    en, zh = f"{outside.sum()} units are outside all bands", f"{outside.sum()}家机构不在任何等级区间内"
    return Banded(band, bands, (Note("bands", en, zh),) if outside.any() else ())


def quantiles(score: Floats, rank: Ints, *, bands: tuple[Band, ...]) -> Banded:
    """By rank: `limit` is the share of the units in a band, best first, sum 1. Units that tie share the better band."""
    shares = np.array([band.limit for band in bands])
    if abs(shares.sum() - 1) > 1e-9 or (shares <= 0).any():
        fix = "give each band its share of the units"
        raise SfbenchError(f"shares of bands must be above 0 with sum 1: {shares.tolist()}", fix=fix)
    ahead = (rank - 1) / len(rank)
    return Banded(np.searchsorted(np.cumsum(shares)[:-1], ahead + 1e-12, side="right"), bands)


KINDS = {f.__name__: f for f in (none, cutoffs, quantiles)}
