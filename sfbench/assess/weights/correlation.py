"""Weights from the correlations between indicators: [indicator], their sum is 1."""

from __future__ import annotations

from typing import Literal

import numpy as np

from sfbench.assess.context import Context, Note, Weights, named
from sfbench.assess.normalise.scale import spread
from sfbench.assess.options import Positive, Share
from sfbench.assess.panel import Floats
from sfbench.errors import SfbenchError


def correlation_deduplicated(n: Floats, context: Context, *, threshold: Share) -> Weights:
    """1 / (1 + sum of an indicator's correlations of at least `threshold` with the others), scaled to sum 1.

    A quantity that is reported k times then counts about once. Negative correlation is no repetition.
    """
    r = correlations(n * context.sign)
    np.fill_diagonal(r, 0)
    same = r >= threshold - 1e-12  # a copy's r is 1 but for rounding, and threshold 1 means copies
    return _summed(1 / (1 + np.where(same, r, 0).sum(axis=0)))


def pca(
    n: Floats,
    context: Context,
    *,
    retain: Literal["eigenvalue_above", "explained_share", "count"],
    limit: Positive,
    rotation: Literal["none", "varimax"],
) -> Weights:
    """Weights by principal components (OECD/JRC Handbook 2008, step 6; Nicoletti, Scarpetta and Boylaud 2000).

    Components of the correlation matrix are kept while their eigenvalue is above `limit`, or until they explain the
    share `limit` of the variance, or `limit` of them. Each indicator goes with the component on which it loads most:
    its squared loading, scaled within that component, times the component's part of the variance explained.
    """
    if (retain == "count" and limit % 1) or (retain == "explained_share" and limit > 1):
        fix = "explained_share: at most 1; count: a whole number"
        raise SfbenchError(f"limit {limit:g} does not go with retain {retain}", fix=fix)
    varies = spread(n, 0) > 0
    if varies.sum() < 2:
        raise SfbenchError("no pca weights: fewer than two indicators tell the units apart", fix="use other weights")
    values, vectors = np.linalg.eigh(correlations(n[:, varies] * context.sign[varies]))
    values, vectors = values[::-1], vectors[:, ::-1]
    kept = {
        "eigenvalue_above": int((values > limit).sum()),
        "explained_share": int(np.searchsorted(np.cumsum(values) / values.sum(), limit - 1e-12) + 1),
        "count": int(limit),
    }[retain]
    kept = min(max(kept, 1), len(values))
    loadings = vectors[:, :kept] * np.sqrt(np.maximum(values[:kept], 0))
    square = (varimax(loadings) if rotation == "varimax" else loadings) ** 2
    own = square.argmax(axis=1)
    weights = np.zeros(len(context.names))
    weights[varies] = square[
        np.arange(len(own)), own
    ]  # scaled by component, times its part: the component's sum cancels
    idle = named(context.names, ~varies)
    en, zh = f"weight 0, as all units are level: {idle}", f"无区分度，权重为零：{idle}"
    return _summed(weights, (Note("weights", en, zh),) if idle else ())


def varimax(loadings: Floats, steps: int = 500) -> Floats:
    """Loadings [indicator, component] turned so that their squares vary most (Kaiser 1958, with his normalisation)."""
    size = np.sqrt((loadings**2).sum(axis=1, keepdims=True))
    unit = loadings / np.where(size == 0, 1, size)
    turn = np.eye(loadings.shape[1])
    before = 0.0
    for _ in range(steps):
        turned = unit @ turn
        left, gain, right = np.linalg.svd(unit.T @ (turned**3 - turned * (turned**2).mean(axis=0)))
        turn = left @ right
        if gain.sum() <= before * (1 + 1e-5):  # as R's `varimax`
            break
        before = gain.sum()
    return np.asarray(loadings @ turn)


def correlations(x: Floats) -> Floats:
    """Pearson's r [indicator, indicator]; 0 with an indicator that does not vary, 1 of each with itself."""
    sd = spread(x, 0)
    scaled = (x - x.mean(axis=0)) / np.where(sd == 0, 1, sd) * (sd != 0)
    r = scaled.T @ scaled / max(len(x), 1)
    np.fill_diagonal(r, 1)
    return np.asarray(r)


def _summed(values: Floats, notes: tuple[Note, ...] = ()) -> Weights:
    return Weights(values / values.sum(), notes)


KINDS = {f.__name__: f for f in (correlation_deduplicated, pca)}
