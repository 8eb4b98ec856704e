"""Benefit of the doubt: each unit is weighed in the way that shows it at its best, within bounds on weight shares."""

from __future__ import annotations

import numpy as np

from sfbench.assess.context import Context, Note, Weights
from sfbench.assess.extra import scipy_optimize, scipy_sparse
from sfbench.assess.options import Share
from sfbench.assess.panel import Bools, Floats
from sfbench.errors import SfbenchError

_NIL = 1e-12
_TOGETHER = 10  # units per linear programme: one each pays for set-up, all in one makes the simplex slow


def bod(n: Floats, context: Context, *, low: Share, high: Share) -> Weights:
    """Each unit has the weights that make sum(weight * figure) its best score: 1 on the frontier.

    Cherchye, Moesen, Rogge and Van Puyenbroeck (2007), a DEA without inputs: maximise sum_i w_i y_i such that no unit
    scores above 1 with these weights, and each part w_i y_i is between `low` and `high` of the whole. Figures must be
    at least 0. A unit with a 0 has no share in that indicator; if `low` is above 0 its score is 0. So has one with less
    than a 10^12th of the largest figure. The score is unique, the weights behind it need not be.
    """
    units, indicators = n.shape
    if not low * indicators <= 1 <= high * indicators:
        raise SfbenchError(
            f"shares between {low:g} and {high:g} of {indicators} indicators cannot sum to 1",
            fix=f"give low of at most {1 / indicators:.3g}, and high of at least that",
        )
    if (n < 0).any():
        raise SfbenchError("benefit of the doubt needs figures of at least 0", fix="normalise by min_max or goalposts")
    n = np.where(n > n.max(axis=0) * _NIL, n, 0)  # what rounding left of a 0: no programme can be scaled by it
    positive = n > 0
    enough = positive.all(axis=1) if low > 0 else (positive.sum(axis=1) * high >= 1) & positive.any(axis=1)
    scores: Bools = np.asarray(enough)
    weights = np.zeros_like(n)
    for start in range(0, units, _TOGETHER):
        chosen = np.nonzero(scores[start : start + _TOGETHER])[0] + start
        if len(chosen):
            weights[chosen] = _best(n, chosen, low, high)
    nil = int((~scores).sum())
    en = f"{nil} units score 0: a figure of 0 cannot have the share of the whole that the bounds ask for"
    return Weights(
        weights, (Note("weights", en, f"{nil}家机构得分为零：取值为零的指标无法达到权重占比下限"),) if nil else ()
    )


def _best(n: Floats, units: np.ndarray[tuple[int], np.dtype[np.int64]], low: float, high: float) -> Floats:
    """Weights [unit, indicator] of some units, whose figures allow for the bounds.

    In shares p_i = w_i y_i / score the programme is: least t with sum_i p_i y_ki / y_i <= t for every unit k, sum p = 1
    and low <= p_i <= high; the score is 1 / t. Several units are one programme of independent blocks.
    """
    optimize, sparse = scipy_optimize(), scipy_sparse()
    peers, indicators = n.shape
    own = n[units]
    zero = own == 0
    ratios = np.where(zero[:, None], 0, n[None] / np.where(zero, 1, own)[:, None])
    t = np.full((peers, 1), -1.0)
    upper = np.where(zero, 0.0, high)
    limits = np.concatenate(
        [np.stack([np.minimum(low, upper), upper], 2), np.tile([[[0, np.inf]]], (len(own), 1, 1))], 1
    )
    found = optimize.linprog(
        np.tile(np.append(np.zeros(indicators), 1), len(own)),
        A_ub=sparse.block_diag([np.hstack([part, t]) for part in ratios], format="csc"),
        b_ub=np.zeros(len(own) * peers),
        A_eq=sparse.kron(sparse.eye(len(own)), np.append(np.ones(indicators), 0)[None], format="csc"),
        b_eq=np.ones(len(own)),
        bounds=limits.reshape(-1, 2),
        method="highs",
    )
    if found.status != 0:
        raise SfbenchError("benefit of the doubt has no solution", why=found.message)
    solution = found.x.reshape(len(own), indicators + 1)
    return np.asarray(np.where(zero, 0, solution[:, :-1] / solution[:, -1:] / np.where(zero, 1, own)))


KINDS = {"bod": bod}
