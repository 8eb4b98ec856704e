"""The result of a method on a panel."""

from __future__ import annotations

from dataclasses import dataclass

from sfbench.assess.bands import Band
from sfbench.assess.context import Note
from sfbench.assess.exclude import Exclusion
from sfbench.assess.panel import Bools, Floats, Ints
from sfbench.assess.rules import Points


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """Arrays run over the assessed units, in the panel's order, and over the indicators that were scored.

    `base` is the score of the aggregation; `score` has bonus, deduction and caps in it. Where `additive`, contributions
    sum to `base`; else they are weighted normalised figures, which only indicate. Ranks are competition ranks, within
    the peer group if the method says so. `interval` is set by `missing: bounds`: lowest and highest score, best and
    worst rank. `realised` names every step as it was taken.
    """

    method: str
    period: str
    units: tuple[str, ...]
    names: tuple[str, ...]
    groups: tuple[str, ...]
    indicators: tuple[str, ...]
    figures: Floats  # [unit, indicator] as reported, after period rule and transform, before any imputation
    treated: Floats  # [unit, indicator]
    normalised: Floats  # [unit, indicator]
    weights: Floats  # [unit, indicator]
    contributions: Floats  # [unit, indicator]
    additive: bool
    base: Floats  # [unit]
    score: Floats  # [unit]
    rank: Ints  # [unit]
    ties: tuple[tuple[str, ...], ...]
    band: Ints  # [unit] place in `bands`, -1 for none
    bands: tuple[Band, ...]
    adjustments: tuple[Points, ...]  # each with values [unit]
    vetoes: tuple[tuple[str, str, Bools], ...]  # (en, zh, broken [unit])
    exclusions: tuple[Exclusion, ...]
    notes: tuple[Note, ...]
    realised: tuple[str, ...]
    interval: Interval | None = None

    @property
    def band_of(self) -> tuple[Band | None, ...]:
        """The band of each unit."""
        return tuple(self.bands[i] if i >= 0 else None for i in self.band.tolist())


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """What missing figures leave open, each [unit]: Manski's worst-case bounds within the observed range."""

    low: Floats
    high: Floats
    best_rank: Ints
    worst_rank: Ints
