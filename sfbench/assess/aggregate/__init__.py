"""Aggregation: one score per unit, more is better."""

from __future__ import annotations

from sfbench.assess.aggregate import kemeny, mcdm, means, shares, voting

KINDS = {**means.KINDS, **voting.KINDS, **kemeny.KINDS, **mcdm.KINDS, **shares.KINDS}
