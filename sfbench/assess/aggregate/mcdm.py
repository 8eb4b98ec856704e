"""Methods of multi-criteria decision making, computed by pymcdm with every step named: its defaults are never used.

Hwang and Yoon (1981); Opricovic and Tzeng (2004); Brans and Vincke (1985).
"""

from __future__ import annotations

from typing import Any, Literal

import numpy as np

from sfbench.assess.context import Aggregate, Context, Note, named
from sfbench.assess.extra import pymcdm
from sfbench.assess.normalise.scale import spread
from sfbench.assess.options import AtLeastZero, Share
from sfbench.assess.panel import Bools, Floats
from sfbench.errors import SfbenchError

Inner = Literal["min_max", "vector", "max", "sum"]  # applied to the figures that the step `normalise` hands on
_INNER = {"min_max": "minmax", "vector": "vector", "max": "max", "sum": "sum"}
_DIGITS = 12
_LEVEL = 10.0**-_DIGITS
_NEEDS = {"usual": "", "ushape": "q", "vshape": "p", "level": "qp", "vshape_2": "qp"}


def topsis(n: Floats, w: Floats, context: Context, *, normalisation: Inner) -> Aggregate:
    """Closeness to the best figures and distance from the worst, Euclidean: between 0 and 1.

    The winner can depend on the normalisation; vector is the textbook's, min-max pymcdm's own. `max` and `sum` divide
    by the largest figure and by the sum: they are not defined for figures below 0, nor `sum` for 0.
    """
    varies, notes = _varying(n, context)
    _divisible(n[:, varies], normalisation, tuple(np.array(context.names)[varies]))
    function = getattr(pymcdm("normalizations"), f"{_INNER[normalisation]}_normalization")
    score = _call(pymcdm("methods").TOPSIS(normalization_function=function), n, w, context, varies)
    return Aggregate(score, n * w, False, notes)


def vikor(n: Floats, w: Floats, context: Context, *, v: Share) -> Aggregate:
    """1 - Q of VIKOR: `v` weighs group utility S, 1 - v the greatest regret R. Figures are scaled by their range.

    Where S or R is the same of all units, it tells none from another and adds nothing to Q (pymcdm: 0 / 0).
    """
    varies, notes = _varying(n, context)
    x = (n * context.sign)[:, varies]
    best = x.max(axis=0)
    lost = w[varies] * (best - x) / (best - x.min(axis=0))
    utility, regret = (np.ptp(part) > _LEVEL for part in (lost.sum(axis=1), lost.max(axis=1)))
    if utility and regret:
        score = 1 - _call(pymcdm("methods").VIKOR(normalization_function=None, v=v), n, w, context, varies)
    else:
        score = 1 - v * _ranged(lost.sum(axis=1), bool(utility)) - (1 - v) * _ranged(lost.max(axis=1), bool(regret))
    return Aggregate(score, n * w, False, (*notes, Note("aggregate", "score is 1 - Q", "得分为1－Q")))


def promethee_ii(
    n: Floats,
    w: Floats,
    context: Context,
    *,
    preference: Literal["usual", "ushape", "vshape", "level", "vshape_2"],
    q: AtLeastZero | None,
    p: AtLeastZero | None,
) -> Aggregate:
    """Net flow between -1 and 1: weighted preference over the others less theirs, mean over the others.

    `q` and `p` are the thresholds of indifference and preference in the unit of the figures that come in; null where
    the preference function has none.
    """
    for name, value in (("q", q), ("p", p)):
        if (value is not None) != (name in _NEEDS[preference]):
            raise SfbenchError(
                f"preference {preference} needs {name}" if value is None else f"preference {preference} has no {name}",
                fix="thresholds: usual none, ushape q, vshape p, level and vshape_2 both",
            )
    if "q" in _NEEDS[preference] and "p" in _NEEDS[preference] and not (q or 0) < (p or 0):
        raise SfbenchError(f"indifference {q} is not below preference {p}", fix="give q below p")
    if len(n) < 2:
        raise SfbenchError("promethee_ii needs two units at least", fix="use another aggregation")
    columns = n.shape[1]
    thresholds = {name: None if value is None else [value] * columns for name, value in (("q", q), ("p", p))}
    method = pymcdm("methods").PROMETHEE_II(preference, **thresholds)
    score = _call(method, n, w, context, np.ones(columns, bool))
    return Aggregate(np.round(score, _DIGITS), n * w, False)  # flows that differ by the rounding of sums are level


def _divisible(n: Floats, normalisation: Inner, names: tuple[str, ...]) -> None:
    wrong = {"max": n < 0, "sum": n <= 0}.get(normalisation, np.zeros(n.shape, bool)).any(axis=0)
    if wrong.any():
        raise SfbenchError(
            f"topsis by {normalisation} is not defined for the figures of {named(names, wrong)}",
            why="max divides by the largest figure, which must not be below 0; sum needs figures above 0",
            fix="name vector or min_max",
        )


def _ranged(part: Floats, varies: bool) -> Floats:
    """Between 0 and 1 by its range; 0 where it does not vary."""
    return np.asarray((part - part.min()) / np.ptp(part)) if varies else np.zeros(len(part))


def _varying(n: Floats, context: Context) -> tuple[Bools, tuple[Note, ...]]:
    """Indicators by which the units differ: the others cancel out, and pymcdm divides by their range."""
    varies = spread(n, 0) > 0
    if not varies.any():
        fix = "use another aggregation, or look at `normalise`"
        raise SfbenchError("no indicator tells the units apart: distances to best and worst are all 0", fix=fix)
    idle = named(context.names, ~varies)
    en, zh = f"without effect, as all units are level: {idle}", f"各机构相同，不起作用：{idle}"
    return varies, (Note("aggregate", en, zh),) if idle else ()


def _call(method: Any, n: Floats, w: Floats, context: Context, columns: Bools) -> Floats:
    """Scores [unit]; 0 / 0 is an error of the question, not a score."""
    types = context.sign[columns].astype(int)
    with np.errstate(divide="ignore", invalid="ignore"):
        score = np.asarray(method(n[:, columns], w[columns], types, validation=False), np.float64)
    if not np.isfinite(score).all():
        fix = "use another aggregation, or look at `normalise`"
        raise SfbenchError(f"{type(method).__name__} is not defined for these figures", fix=fix)
    return score


KINDS = {f.__name__: f for f in (topsis, vikor, promethee_ii)}
