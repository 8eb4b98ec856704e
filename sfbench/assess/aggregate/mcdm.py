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
_NEEDS = {"usual": "", "ushape": "q", "vshape": "p", "level": "qp", "vshape_2": "qp"}


def topsis(n: Floats, w: Floats, context: Context, *, normalisation: Inner) -> Aggregate:
    """Closeness to the best figures and distance from the worst, Euclidean: between 0 and 1.

    The winner can depend on the normalisation; vector is the textbook's, min-max pymcdm's own.
    """
    varies, notes = _varying(n, context)
    function = getattr(pymcdm("normalizations"), f"{_INNER[normalisation]}_normalization")
    score = _call(pymcdm("methods").TOPSIS(normalization_function=function), n, w, context, varies)
    return Aggregate(score, n * w, False, notes)


def vikor(n: Floats, w: Floats, context: Context, *, v: Share) -> Aggregate:
    """1 - Q of VIKOR: `v` weighs group utility S, 1 - v the greatest regret R. Figures are scaled by their range."""
    varies, notes = _varying(n, context)
    score = 1 - _call(pymcdm("methods").VIKOR(normalization_function=None, v=v), n, w, context, varies)
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
        raise SfbenchError(f"indifference {q} is not below preference {p}")
    if len(n) < 2:
        raise SfbenchError("promethee_ii needs two units at least", fix="use another aggregation")
    columns = n.shape[1]
    thresholds = {name: None if value is None else [value] * columns for name, value in (("q", q), ("p", p))}
    method = pymcdm("methods").PROMETHEE_II(preference, **thresholds)
    score = _call(method, n, w, context, np.ones(columns, bool))
    return Aggregate(score, n * w, False)


def _varying(n: Floats, context: Context) -> tuple[Bools, tuple[Note, ...]]:
    """Indicators by which the units differ: the others cancel out, and pymcdm divides by their range."""
    varies = spread(n, 0) > 0
    if not varies.any():
        raise SfbenchError("no indicator tells the units apart: distances to best and worst are all 0")
    idle = named(context.names, ~varies)
    en, zh = f"without effect, as all units are level: {idle}", f"各机构相同，不起作用：{idle}"
    return varies, (Note("aggregate", en, zh),) if idle else ()


def _call(method: Any, n: Floats, w: Floats, context: Context, columns: Bools) -> Floats:
    """Scores [unit]; a unit level with the best in both S and R, 0 / 0, is an error of the question, not a score."""
    types = context.sign[columns].astype(int)
    with np.errstate(divide="ignore", invalid="ignore"):
        score = np.asarray(method(n[:, columns], w[columns], types, validation=False), np.float64)
    if not np.isfinite(score).all():
        raise SfbenchError(f"{type(method).__name__} is not defined for these figures: all units are level")
    return score


KINDS = {f.__name__: f for f in (topsis, vikor, promethee_ii)}
