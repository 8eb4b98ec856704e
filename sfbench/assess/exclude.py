"""Exclusion rules: which units of a panel are not assessed, and why.

Each takes the panel and its figures [unit, period, indicator] after period rule and transform. It gives a mask [unit]
of those to leave out, and the reason in both languages.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sfbench.assess.options import Count, IndicatorName, IndicatorNames
from sfbench.assess.panel import Bools, Floats, Panel


@dataclass(frozen=True, slots=True)
class Exclusion:
    """A unit that is not assessed."""

    unit: str
    en: str
    zh: str


Ruling = tuple[Bools, str, str]


def minimum_periods(panel: Panel, figures: Floats, *, periods: Count) -> Ruling:
    """Units with any figure in fewer than `periods` periods: institutions too new for a history of their own."""
    seen = np.isfinite(panel.values).any(axis=2).sum(axis=1)
    return seen < periods, f"fewer than {periods} periods reported", f"有数据的期数少于{periods}期"


def zero_base(panel: Panel, figures: Floats, *, indicators: IndicatorNames, lag: Count) -> Ruling:
    """Units whose figure `lag` periods ago is nil, negative or missing: growth from it is not defined.

    The metric's own figure, before the period rule: the base of a growth rate, not the rate.
    """
    if len(panel.periods) <= lag:
        base = np.full((len(panel.units), len(indicators)), np.nan)
    else:
        base = panel.values[:, -1 - lag][:, [panel.indicators.index(name) for name in indicators]]
    names = ", ".join(indicators)
    return (
        np.asarray(~np.all(base > 0, axis=1)),
        f"no positive base {lag} periods ago: {names}",
        f"{lag}期前基数为零或缺失：{names}",
    )


def minimum_size(panel: Panel, figures: Floats, *, indicator: IndicatorName, at_least: float) -> Ruling:
    """Units whose figure of the assessed period is below a size; a unit that does not report it is left out too."""
    size: Floats = figures[:, -1, panel.indicators.index(indicator)]
    return (
        ~(size >= at_least),
        f"below {at_least:g} or not reported: {indicator}",
        f"{indicator}低于{at_least:g}或未报送",
    )


def group(panel: Panel, figures: Floats, *, name: str) -> Ruling:
    """Units of one peer group, such as policy banks."""
    return np.array([own == name for own in panel.groups]), f"peer group {name}", f"同业组{name}不参评"


KINDS = {f.__name__: f for f in (minimum_periods, zero_base, minimum_size, group)}
