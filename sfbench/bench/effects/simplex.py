"""Least squares over weights that are not negative and sum to one."""

from __future__ import annotations

import numpy as np

from sfbench.bench.effects.panel import Floats


def simplex_weights(a: Floats, b: Floats, *, ridge: float, intercept: bool) -> Floats:
    """(k,) w >= 0 with sum 1 that minimises |a w + c - b|^2 + ridge |w|^2; c is free with `intercept`, else 0.

    a (n, k), b (n,). By non-negative least squares with a heavy row for the sum, then exactly on the support found.
    """
    from scipy.optimize import nnls

    k = a.shape[1]
    if intercept:
        a, b = a - a.mean(axis=0), b - b.mean()
    a = np.vstack([a - b[:, None], np.sqrt(ridge) * np.eye(k)])  # with sum 1, a w - b = (a - b 1') w
    scale = max(float(np.sqrt((a**2).sum(axis=0).max())), 1e-12)
    a = a / scale
    heavy = 1e3
    w, _ = nnls(np.vstack([a, np.full(k, heavy)]), np.append(np.zeros(len(a)), heavy))
    support = np.flatnonzero(w > 1e-9)
    inner = a[:, support]
    kkt = np.ones((support.size + 1, support.size + 1))
    kkt[:-1, :-1], kkt[-1, -1] = inner.T @ inner, 0.0
    exact = np.linalg.lstsq(kkt, np.append(np.zeros(support.size), 1.0), rcond=None)[0][:-1]
    out = np.zeros(k)
    out[support] = exact if (exact >= 0).all() else w[support]
    return np.asarray(out / out.sum(), np.float64)
