"""From influence functions to standard errors and intervals.

An influence function here is `psi` (units,): estimate - truth is approximately the sum of psi. Its variance is the sum
of squares of the clusters' sums (Liang and Zeger 1986, Biometrika), times G / (G - 1) with the small-sample correction.
The multiplier bootstrap (Mammen 1993, Annals of Statistics; Callaway and Sant'Anna 2021) perturbs the same sums.
"""

from __future__ import annotations

import math
from typing import Literal

import numpy as np

from sfbench.bench.effects.estimate import ONE_CLUSTER, Estimate, Refusal
from sfbench.bench.effects.panel import Floats, Ints, Panel

Multiplier = Literal["rademacher", "webb", "mammen"]


def cluster_sums(psi: Floats, cluster: Ints) -> Floats:
    """(clusters,) or (clusters, k) sums of psi (units,) or (units, k)."""
    names, position = np.unique(cluster, return_inverse=True)
    sums = np.zeros((names.size, *psi.shape[1:]))
    np.add.at(sums, position, psi)
    return sums


def covariance(psi: Floats, cluster: Ints, *, small_sample: bool) -> Floats:
    """(k, k) covariance of k estimates with influence functions psi (units, k)."""
    sums = cluster_sums(psi, cluster)
    groups = sums.shape[0]
    out: Floats = sums.T @ sums * (groups / (groups - 1) if small_sample else 1.0)
    return out


def treated_clusters(panel: Panel) -> int:
    """Clusters with a unit that is treated within the window."""
    return int(np.unique(panel.cluster[panel.start < panel.periods]).size)


def quantile(level: float, df: float = math.inf) -> float:
    """Two-sided critical value: t(df), the normal for infinite df."""
    from scipy import stats

    return float(stats.t.ppf(0.5 + level / 2, df))


def two_sided(statistic: float, df: float = math.inf) -> float:
    """p value of a t statistic."""
    from scipy import stats

    return float(2 * stats.t.sf(abs(statistic), df))


def interval(value: float, se: float, *, level: float, df: float = math.inf, notes: tuple[str, ...] = ()) -> Estimate:
    """The symmetric interval value -+ t(df) se."""
    half = quantile(level, df) * se
    p = two_sided(value / se, df) if se > 0 else math.nan
    return Estimate(value=value, se=se, low=value - half, high=value + half, p=p, notes=notes)


def from_influence(
    value: float, psi: Floats, cluster: Ints, *, level: float, small_sample: bool, notes: tuple[str, ...] = ()
) -> Estimate | Refusal:
    """Interval from an influence function: t(G - 1) and G / (G - 1) with `small_sample`, else normal and plain sums."""
    groups = np.unique(cluster).size
    if groups < 2:
        return ONE_CLUSTER
    se = math.sqrt(float(covariance(psi[:, None], cluster, small_sample=small_sample)[0, 0]))
    return interval(value, se, level=level, df=groups - 1 if small_sample else math.inf, notes=notes)


def multipliers(kind: Multiplier, shape: tuple[int, ...], seed: int) -> Floats:
    """Random weights of mean 0 and variance 1."""
    rng = np.random.default_rng(seed)
    if kind == "rademacher":
        return rng.choice(np.array([-1.0, 1.0]), shape)
    if kind == "webb":
        return rng.choice(WEBB, shape)
    golden = (1 + math.sqrt(5)) / 2
    return np.where(rng.random(shape) < golden / math.sqrt(5), 1 - golden, golden)


WEBB = np.array([-math.sqrt(1.5), -1, -math.sqrt(0.5), math.sqrt(0.5), 1, math.sqrt(1.5)])
"""Webb's six points (2023, Canadian Journal of Economics): enough different draws for fewer than ten clusters."""


def multiplier_se(psi: Floats, cluster: Ints, *, kind: Multiplier, draws: int, seed: int) -> float:
    """Standard error from the interquartile range of the perturbed sums, as Callaway and Sant'Anna do."""
    sums = cluster_sums(psi, cluster)
    perturbed = multipliers(kind, (draws, sums.size), seed) @ sums
    low, high = np.quantile(perturbed, [0.25, 0.75])
    return float((high - low) / (2 * quantile(0.5)))
