"""Amounts given the number of a firm's children, out of noisy counts: log-normal where firms are few.

A few dozen firms with most notes hold half of the principal, fewer than noise leaves apart cell by cell. Their
amounts are larger than others', and by how much goes smoothly with the number. So each class of number has a
log-normal law whose mean follows a smooth curve through all classes, and is drawn from it to its own counts as far as
these stand out of the noise (James-Stein). It looks at noisy counts only, so it costs no budget.
"""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np

from sfbench.synth import grids
from sfbench.synth.columns import Floats
from sfbench.synth.noisy import Measured, Pair, groups_of
from sfbench.synth.projection import shown

BEND = 0.15  # how far the mean, in decades, bends from a straight line from one class to the next
SLACK = 2  # groups kept beyond the largest that is shown to be there
NARROWEST = 0.05  # decades


def smooth(one: Measured, pair: Pair) -> Floats:
    """Counts of amounts by class, without the noise that can be told from them."""
    firms = _firms(one, pair)
    whole = pair.counts[:, :-1].sum(axis=0)
    first, last = shown(whole, pair.sigma * math.sqrt(len(firms)))
    used = np.arange(max(first - SLACK, 0), min(last + SLACK, len(whole))) if last else np.arange(0)
    out = np.zeros_like(pair.counts)
    if not len(used):  # no amount is shown to be there: null
        out[:, -1] = firms
        return out
    counts, cuts = pair.counts[:, used], _lower_bounds(one, pair)[used]
    middle = np.r_[(cuts[1:] + cuts[:-1]) / 2, cuts[-1] + 0.15]
    mean = _means(counts, firms, middle, np.maximum(whole[used], 0.0), pair.sigma)
    large = firms > 20 * pair.sigma
    square = ((middle - mean[:, None]) ** 2 * counts)[large].sum() / max(firms[large].sum(), 1.0)
    law = _law(cuts, mean, math.sqrt(max(square, NARROWEST**2))) * firms[:, None]
    gap = counts - law
    kept = np.maximum(0.0, 1 - gap.shape[1] * pair.sigma**2 / np.maximum((gap**2).sum(axis=1), 1e-9))
    out[:, used] = np.maximum(law + kept[:, None] * gap, 1e-9)
    return out


def _firms(one: Measured, pair: Pair) -> Floats:
    """The weight of rows by class of number: from the numbers themselves, which have less noise."""
    number = one.above[pair.given]
    weight = np.minimum(np.r_[grids.values(number.coding), 0.0], one.most)
    rows = np.bincount(groups_of(number.coding), number.shares * weight, minlength=number.size)
    return np.asarray(np.maximum(one.above_total * rows, 1.0), np.float64)


def _lower_bounds(one: Measured, pair: Pair) -> Floats:
    """log10 of the least amount of each group, null left out."""
    coding = one.alone[pair.column].coding
    least = np.full(pair.counts.shape[1] - 1, np.inf)
    np.minimum.at(least, groups_of(coding)[:-1], grids.values(coding))
    return np.asarray(np.log10(np.maximum(least, 1.0)), np.float64)


def _means(counts: Floats, firms: Floats, middle: Floats, whole: Floats, sigma: float) -> Floats:
    """Mean of each class: a curve with small second differences near the noisy means (penalised least squares)."""
    centre = float(np.average(middle, weights=whole)) if whole.sum() else float(middle.mean())
    found = counts @ (middle - centre) / firms
    precision = firms**2 / (sigma**2 * max(((middle - centre) ** 2).sum(), 1e-9))
    bends = np.diff(np.eye(len(firms)), 2, axis=0)
    curve = np.linalg.solve(np.diag(precision) + bends.T @ bends / BEND**2, found * precision)
    return np.asarray(centre + curve, np.float64)


def _law(cuts: Floats, mean: Floats, spread: float) -> Floats:
    """Normal probabilities between the cuts, one row a mean."""
    normal = NormalDist()
    below = np.array([[normal.cdf((cut - m) / spread) for cut in cuts[1:]] for m in mean.tolist()])  # classes, not rows
    ends = np.zeros((len(mean), 1)), np.ones((len(mean), 1))
    return np.diff(np.hstack([ends[0], below.reshape(len(mean), len(cuts) - 1), ends[1]]), axis=1)
