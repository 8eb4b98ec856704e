"""Least squares over weights that are not negative and sum to one."""

from __future__ import annotations

import numpy as np

from sfbench.bench.effects.panel import Bools, Floats

_TOLERANCE = 1e-10  # of the gradient, relative to its largest entry


def simplex_weights(a: Floats, b: Floats, *, ridge: float, intercept: bool) -> Floats:
    """(k,) w >= 0 with sum 1 that minimises |a w + c - b|^2 + ridge |w|^2; c is free with `intercept`, else 0.

    a (n, k), b (n,). Non-negative least squares with a heavy row for the sum gives the start, a primal active-set
    method (Nocedal and Wright 2006, Numerical Optimization, 16.5) the exact optimum.
    """
    k = a.shape[1]
    if intercept:
        a, b = a - a.mean(axis=0), b - b.mean()
    a = a - b[:, None]  # with sum 1, a w - b = (a - b 1') w
    gram = a.T @ a + ridge * np.eye(k)
    gram /= max(float(np.trace(gram)), 1e-300)
    w = _start(gram)
    active = w > 0
    for _ in range(20 * k):
        z = _on(gram, active)
        if z.min() < 0:  # go towards z as far as no weight is negative; the weight that stops the way leaves
            down = z < 0
            w = w + float((w[down] / (w[down] - z[down])).min()) * (z - w)
            active &= w > 1e-14
            w = np.where(active, w, 0.0)
            continue
        w = z
        slope = gram @ w
        worst = int(np.where(active, np.inf, slope).argmin())
        if active.all() or slope[worst] >= float(w @ slope) - _TOLERANCE * float(np.abs(slope).max()):
            break
        active[worst] = True
    return np.asarray(w / w.sum(), np.float64)


def _start(gram: Floats) -> Floats:
    from scipy.optimize import nnls

    values, vectors = np.linalg.eigh(gram)
    root = np.sqrt(values.clip(0))[:, None] * vectors.T
    w, _ = nnls(np.vstack([root, np.full(len(gram), 10.0)]), np.append(np.zeros(len(gram)), 10.0))
    return np.asarray(w / w.sum(), np.float64)


def _on(gram: Floats, active: Bools) -> Floats:
    """(k,) the optimum with sum 1 over the active weights, signs free."""
    at = np.flatnonzero(active)
    kkt = np.ones((at.size + 1, at.size + 1))
    kkt[:-1, :-1], kkt[-1, -1] = gram[np.ix_(at, at)], 0.0
    out = np.zeros(active.size)
    out[at] = np.linalg.lstsq(kkt, np.append(np.zeros(at.size), 1.0), rcond=None)[0][:-1]
    return out
