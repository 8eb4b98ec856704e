"""Weights: how much each indicator counts."""

from __future__ import annotations

from sfbench.assess.weights import ahp, bod, correlation, given, information

KINDS = {**given.KINDS, **ahp.KINDS, **information.KINDS, **correlation.KINDS, **bod.KINDS}
