"""Means: from full compensation between indicators (arithmetic) to less and less of it.

Normalised figures [unit, indicator] and weights [indicator] or [unit, indicator] in, an Aggregate out.
"""

from __future__ import annotations

import numpy as np

from sfbench.assess.context import Aggregate, Context, Note, named
from sfbench.assess.options import AtLeastZero
from sfbench.assess.panel import Floats
from sfbench.errors import SfbenchError

_NOISE = 1e-12  # of the sum of parts, sign aside


def arithmetic(n: Floats, w: Floats, context: Context) -> Aggregate:
    """Arithmetic mean sum(w x)."""
    parts = n * w
    total = parts.sum(axis=1)  # parts that cancel out leave a rounding error, by which no unit is ahead
    return Aggregate(np.where(np.abs(total) < _NOISE * np.abs(parts).sum(axis=1), 0, total), parts, True)


def geometric(n: Floats, w: Floats, context: Context, *, floor: AtLeastZero) -> Aggregate:
    """Geometric mean prod(x^w); figures below `floor` count as it. With floor 0 one figure of 0 makes the score 0."""
    return generalised(n, w, context, p=0, floor=floor)


def harmonic(n: Floats, w: Floats, context: Context, *, floor: AtLeastZero) -> Aggregate:
    """Harmonic mean 1 / sum(w / x); figures below `floor` count as it. At floor 0 one figure of 0 makes the score 0."""
    return generalised(n, w, context, p=-1, floor=floor)


def generalised(n: Floats, w: Floats, context: Context, *, p: float, floor: AtLeastZero) -> Aggregate:
    """(sum(w x^p))^(1/p), the geometric mean at p = 0. The lower p, the less strong figures make up for weak ones."""
    x, notes = _floored(n, floor, context)
    return Aggregate(power_mean(x, w, p), n * w, False, notes)


def two_level(n: Floats, w: Floats, context: Context, *, within: float, across: float, floor: AtLeastZero) -> Aggregate:
    """A generalised mean of power `within` in each pillar, then one of power `across` over the pillars.

    Such as the Human Development Index since 2010: 1 within education, 0 across. A pillar weighs as its indicators do.
    """
    x, notes = _floored(n, floor, context)
    names = sorted(set(context.pillars))
    own = [np.array([pillar == name for pillar in context.pillars]) for name in names]
    sizes = np.array([w[mask].sum() for mask in own])
    kept = sizes > 0
    inner = [
        power_mean(x[:, mask], w[mask] / w[mask].sum(), within) for mask, keep in zip(own, kept, strict=True) if keep
    ]
    return Aggregate(power_mean(np.stack(inner, 1), sizes[kept], across), n * w, False, notes)


def power_mean(x: Floats, w: Floats, p: float) -> Floats:
    """Weighted power mean [unit] of figures from 0 up, weights with sum 1; if p <= 0 one 0 makes it 0."""
    x, w = x[:, w > 0], w[w > 0]
    end = x.max(axis=1) if p > 0 else x.min(axis=1)  # the figure that counts most: powers of its multiples stay small
    share = np.where(end[:, None] > 0, x / np.where(end > 0, end, 1)[:, None], 1)
    if p == 0:
        return np.asarray(end * np.exp((np.log(share) * w).sum(axis=1)))
    with np.errstate(divide="ignore", over="ignore"):  # -inf, of 0 or of a huge power, has the exponential 0
        powers = p * np.log(share)
    less = (np.expm1(powers) * w).sum(axis=1)  # mean of the powers less 1: near p = 0 all there is beside rounding
    mean = np.where(less > -0.5, np.log1p(np.maximum(less, -0.5)), np.log((np.exp(powers) * w).sum(axis=1)))
    return np.asarray(end * np.exp(mean / p))


def _floored(n: Floats, floor: float, context: Context) -> tuple[Floats, tuple[Note, ...]]:
    if (n < 0).any() and floor == 0:
        raise SfbenchError(
            "this mean is not defined for figures below 0",
            fix="normalise by min_max or goalposts, or give a floor above 0",
        )
    low = n < floor if floor > 0 else n == 0
    if not low.any():
        return n, ()
    which = named(context.names, low.any(axis=0))
    count = int(low.sum())
    if floor == 0:
        return n, (Note("aggregate", f"{count} figures are 0: {which}", f"{count}个值为零：{which}"),)
    en, zh = (
        f"{count} figures below the floor count as {floor:g}: {which}",
        f"{count}个低于下限的值按{floor:g}计：{which}",
    )
    return np.maximum(n, floor), (Note("aggregate", en, zh),)


KINDS = {f.__name__: f for f in (arithmetic, geometric, harmonic, generalised, two_level)}
