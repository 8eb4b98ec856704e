"""What missing figures leave open: scores and ranks between the worst and the best observed figures (Manski 2003)."""

from __future__ import annotations

import numpy as np

from sfbench.assess.assessment import Assessment, Interval
from sfbench.assess.ranks import rounded
from sfbench.errors import SfbenchError


def interval(low: Assessment, high: Assessment, apart: bool) -> Interval:
    """Bounds from the assessments with all gaps at their worst and at their best.

    Best rank: one more than the units that are ahead even at their worst; worst rank: one more than those that may be
    ahead at their best. Exact where figures are normalised by fixed points (goalposts) or by min-max; else the units
    move each other's figures, and the bounds are approximate.
    """
    if low.units != high.units:
        raise SfbenchError("the two ends of `bounds` do not assess the same units")
    floor, ceiling = np.minimum(low.score, high.score), np.maximum(low.score, high.score)
    both = rounded(np.concatenate([floor, ceiling]))
    floor_key, ceiling_key = both[: len(floor)], both[len(floor) :]
    groups = np.array(low.groups if apart else ("",) * len(low.units))
    peers = (groups[:, None] == groups[None]) & ~np.eye(len(groups), dtype=bool)
    surely = (floor_key[None] > ceiling_key[:, None]) & peers
    maybe = (ceiling_key[None] > floor_key[:, None]) & peers
    return Interval(low=floor, high=ceiling, best_rank=surely.sum(axis=1) + 1, worst_rank=maybe.sum(axis=1) + 1)
