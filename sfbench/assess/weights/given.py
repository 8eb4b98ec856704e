"""Weights that are decided, not computed: [indicator], their sum is 1."""

from __future__ import annotations

from collections import Counter

import numpy as np

from sfbench.assess.context import Context, Note, Weights
from sfbench.assess.options import PerIndicator, PerPillar
from sfbench.assess.panel import Floats
from sfbench.errors import SfbenchError


def given(n: Floats, context: Context, *, values: PerIndicator) -> Weights:
    """A weight per scored indicator, sum 1: experts' or a regulator's, or a budget allocation."""
    return _rescaled(np.array([values[name] for name in context.names]))


def equal(n: Floats, context: Context) -> Weights:
    """The same weight for every indicator."""
    return Weights(np.full(len(context.names), 1 / len(context.names)))


def hierarchical_equal(n: Floats, context: Context) -> Weights:
    """The same weight for every pillar, and within it for every indicator: size counted four times counts once."""
    return Weights(_within(context.pillars, dict.fromkeys(context.pillars, 1 / len(set(context.pillars)))))


def pillars(n: Floats, context: Context, *, values: PerPillar) -> Weights:
    """A weight per pillar, sum 1, and within it the same for every indicator."""
    return _rescaled(_within(context.pillars, values))


def _within(own: tuple[str, ...], of_pillar: PerPillar) -> Floats:
    size = Counter(own)
    return np.array([of_pillar[pillar] / size[pillar] for pillar in own])


def _rescaled(values: Floats) -> Weights:
    """Sum 1 again where indicators without any figure were left out, and a note that says so."""
    total = float(values.sum())
    if not (total > 0 and (values >= 0).all()):
        raise SfbenchError(f"weights {values.tolist()} are not all at least 0 with a sum above 0")
    if abs(total - 1) < 1e-9:
        return Weights(values)
    en, zh = f"weights rescaled from a sum of {total:g} to 1", f"权重合计{total:g}，已按比例调整为1"
    return Weights(values / total, (Note("weights", en, zh),))


KINDS = {f.__name__: f for f in (given, equal, hierarchical_equal, pillars)}
