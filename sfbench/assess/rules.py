"""Rules on top of a score: bonus and deduction items, then vetoes.

Each takes figures of the indicators [unit] over the latest periods; a condition on a figure that is missing is not met,
and a note says for how many units it could not be judged.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from sfbench.assess.context import Note
from sfbench.assess.options import AtLeastZero, Count, IndicatorName, Label, Relation
from sfbench.assess.panel import Bools, Floats

_HOLDS = {"above": np.greater, "at_least": np.greater_equal, "at_most": np.less_equal, "below": np.less}


@dataclass(frozen=True, slots=True)
class Figures:
    """`values[unit, period, indicator]` after period rule and transform, not imputed, of all declared indicators."""

    indicators: tuple[str, ...]
    values: Floats

    def latest(self, indicator: str, periods: int) -> Floats:
        """[unit, period] the latest `periods` figures; NaN before the panel begins."""
        own = self.values[:, -periods:, self.indicators.index(indicator)]
        return np.pad(own, ((0, 0), (periods - own.shape[1], 0)), constant_values=np.nan)


@dataclass(frozen=True, slots=True)
class Points:
    """Points [unit] that an item adds (below 0: takes away)."""

    id: str
    en: str
    zh: str
    values: Floats
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class Veto:
    """What a broken floor does [unit] to the units that broke it."""

    broken: Bools
    effect: str
    to: float | str | None
    en: str
    zh: str
    notes: tuple[Note, ...] = ()


def when(
    figures: Figures,
    *,
    id: Label,  # noqa: A002  (the key of the YAML file)
    en: Label,
    zh: Label,
    indicator: IndicatorName,
    relation: Relation,
    limit: float,
    periods: Count,
    points: float,
) -> Points:
    """`points` where the indicator's figure was `relation` `limit` in each of the latest `periods` periods."""
    holds, notes = _held(figures, indicator, relation, limit, periods, "adjust")
    return Points(id, en, zh, np.where(holds, points, 0.0), notes)


def add(
    figures: Figures,
    *,
    id: Label,  # noqa: A002
    en: Label,
    zh: Label,
    indicator: IndicatorName,
    factor: float,
    at_most: AtLeastZero,
) -> Points:
    """The indicator's own figure times `factor`, within plus and minus `at_most`; nothing where it is missing."""
    own = figures.latest(indicator, 1)[:, -1]
    notes = _unjudged(np.isnan(own), indicator, "adjust")
    return Points(id, en, zh, np.clip(np.nan_to_num(own) * factor, -at_most, at_most), notes)


def risk_floor(
    figures: Figures,
    *,
    en: Label,
    zh: Label,
    indicator: IndicatorName,
    relation: Relation,
    limit: float,
    periods: Count,
    effect: Literal["rank_last", "score_at_most", "band_at_most"],
    to: float | str | None,
) -> Veto:
    """A condition that no score makes up for.

    Effects: `rank_last` behind all units without it; `score_at_most` the number `to`; `band_at_most` the band `to`.
    """
    broken, notes = _held(figures, indicator, relation, limit, periods, "veto")
    return Veto(broken, effect, to, en, zh, notes)


def _held(
    figures: Figures, indicator: str, relation: Relation, limit: float, periods: int, step: str
) -> tuple[Bools, tuple[Note, ...]]:
    own = figures.latest(indicator, periods)
    holds: Bools = np.asarray(np.all(_HOLDS[relation](own, limit), axis=1))
    return holds, _unjudged(np.asarray(np.isnan(own).any(axis=1)), indicator, step)


def _unjudged(missing: Bools, indicator: str, step: str) -> tuple[Note, ...]:
    count = int(missing.sum())
    en = f"{count} units could not be judged: {indicator} is missing"
    return (Note(step, en, f"{count}家机构缺少{indicator}，无法判断"),) if count else ()


ADJUST = {f.__name__: f for f in (when, add)}
VETO = {"risk_floor": risk_floor}
