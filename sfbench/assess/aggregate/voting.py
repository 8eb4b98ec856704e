"""Voting rules: each indicator is a voter with its weight, so that only order counts and nothing compensates.

OECD/JRC Handbook (2008), step 7; Young (1988).
"""

from __future__ import annotations

from typing import Literal

import numpy as np

from sfbench.assess.context import Aggregate, Context
from sfbench.assess.normalise.order import standing
from sfbench.assess.panel import Floats


def borda(n: Floats, w: Floats, context: Context) -> Aggregate:
    """Weighted number of units left behind, a tie counting half."""
    parts = standing(n * context.sign) * w
    return Aggregate(parts.sum(axis=1), parts, True)


def copeland(n: Floats, w: Floats, context: Context, *, level: Literal["half", "nothing"]) -> Aggregate:
    """Number of units that a unit beats by weighted majority; a pair that is level counts `half` or `nothing`.

    A unit that beats all others (a Condorcet winner) comes first.
    """
    support = majority(n * context.sign, w)
    ahead = np.round(support - support.T, 12)  # sums of weights in two orders must not make a winner
    np.fill_diagonal(ahead, -1)
    score = (ahead > 0).sum(axis=1) + (ahead == 0).sum(axis=1) * (0.5 if level == "half" else 0.0)
    return Aggregate(score, n * w, False)


def majority(x: Floats, w: Floats) -> Floats:
    """Weight [unit, unit] of the indicators by which the row is above the column, ties counting half; diagonal 0."""
    above = (x[:, None, :] > x[None, :, :]).astype(np.float64)
    level = (x[:, None, :] == x[None, :, :]).astype(np.float64)
    support = above @ w + level @ w / 2
    np.fill_diagonal(support, 0)
    return np.asarray(support)


KINDS = {f.__name__: f for f in (borda, copeland)}
