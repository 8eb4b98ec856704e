"""Normalisation: figures in units of their own become figures that can be put together, more is better."""

from __future__ import annotations

from sfbench.assess.normalise import baseline, order, scale

KINDS = {**scale.KINDS, **order.KINDS, **baseline.KINDS}
