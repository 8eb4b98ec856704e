"""Weights by how much an indicator tells the units apart: [indicator], their sum is 1."""

from __future__ import annotations

from typing import Literal

import numpy as np

from sfbench.assess.context import Context, Note, Weights, named
from sfbench.assess.normalise.scale import min_max, spread
from sfbench.assess.panel import Floats
from sfbench.assess.weights.correlation import correlations
from sfbench.errors import SfbenchError

_ROUNDING = 1e-12


def entropy(n: Floats, context: Context, *, of: Literal["treated", "normalised"]) -> Weights:
    """1 minus the entropy of an indicator's shares over the units, scaled to sum 1 (Shannon; Zeleny 1982).

    `of` says which matrix is shared out: a shift of the figures changes the weights, so that the two differ. Both need
    figures of at least 0. 0 log 0 is 0.
    """
    x = context.treated if of == "treated" else n
    if (x < 0).any():
        raise SfbenchError(
            f"entropy of figures below 0: {named(context.names, (x < 0).any(axis=0))}",
            fix="use min_max or goalposts, or another weighting",
        )
    total = x.sum(axis=0)
    share = x / np.where(total == 0, 1, total)
    mass = -(share * np.log(np.where(share > 0, share, 1))).sum(axis=0)
    information = np.where(spread(x, 0) > 0, 1 - mass / np.log(max(len(x), 2)), 0.0)
    return _scaled(information, context, "entropy")


def critic(n: Floats, context: Context) -> Weights:
    """Standard deviation times conflict with the other indicators (Diakoulaki, Mavrotas and Papayannakis 1995).

    After min-max in the direction of each indicator: sd_j * sum_k (1 - r_jk), sample sd, Pearson's r, sum 1. The sum is
    over the indicators that vary: with one that does not there is no r, and no conflict.
    """
    x = min_max(n, context)
    sd = spread(x, 1)
    conflict = (1 - correlations(x))[sd > 0].sum(axis=0)
    conflict = np.where(conflict > _ROUNDING, conflict, 0.0)  # of copies r is 1 but for rounding, which weighs nothing
    if sd.any() and not (sd * conflict).any():
        raise SfbenchError("no critic weights: no indicator says what others do not", fix="use given or equal weights")
    return _scaled(sd * conflict, context, "critic")


def _scaled(information: Floats, context: Context, kind: str) -> Weights:
    information = np.maximum(information, 0.0)  # a rounding error below 0 is none
    if not information.sum() > 0:
        raise SfbenchError(f"no {kind} weights: no indicator tells the units apart", fix="use given or equal weights")
    idle = named(context.names, information == 0)
    en, zh = f"weight 0, as all units are level or it repeats others: {idle}", f"无区分度，权重为零：{idle}"
    return Weights(information / information.sum(), (Note("weights", en, zh),) if idle else ())


KINDS = {f.__name__: f for f in (entropy, critic)}
