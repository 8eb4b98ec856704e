"""Outlier treatment and transforms of the shape of a distribution.

Each takes values [unit, period, indicator] with the indicators' names, and gives values of the same shape; every
period's cross-section of units is judged on its own, and NaN stays NaN. None of them looks at an indicator's direction.
"""

from __future__ import annotations

import numpy as np

from sfbench.assess.context import named
from sfbench.assess.options import AtLeastZero, Count, Positive
from sfbench.assess.panel import Floats
from sfbench.errors import SfbenchError

Names = tuple[str, ...]


def none(x: Floats, names: Names) -> Floats:
    """Figures as they are."""
    return x


def winsorise_sd(x: Floats, names: Names, *, k: Positive) -> Floats:
    """Pull figures in to the mean plus and minus `k` sample standard deviations.

    One outlier among n units moves the standard deviation itself: its z is never above (n - 1) / sqrt(n).
    """
    count, mean, centred = _moments(x)
    sd = np.sqrt(np.nansum(centred**2, axis=0) / np.maximum(count - 1, 1))
    return np.clip(x, mean - k * sd, mean + k * sd)


def winsorise_count(x: Floats, names: Names, *, k: Count) -> Floats:
    """Set the `k` largest figures to the next largest, and the `k` smallest to the next smallest.

    With 2 k units or fewer that report, there is nothing between the ends, and the figures stay.
    """
    ordered = np.sort(x, axis=0)  # NaN last
    count = np.isfinite(x).sum(axis=0)
    low = ordered[min(k, len(x) - 1)]
    high = np.take_along_axis(ordered, np.maximum(count - 1 - k, 0)[None], 0)[0]
    return np.where(count > 2 * k, np.clip(x, low, high), x)


def winsorise_skew_kurtosis(
    x: Floats, names: Names, *, skewness: Positive, kurtosis: Positive, at_most: Count
) -> Floats:
    """Pull in the farthest figure while |skewness| and excess kurtosis both exceed the limits, `at_most` times.

    The rule of the JRC's COIN tool and of COINr (Becker et al. 2022, limits 2 and 3.5): the largest figure becomes the
    next largest where the skew is to the right, the smallest the next smallest where it is to the left. Skewness and
    kurtosis are the bias-corrected sample statistics G1 and G2; with fewer than 4 units nothing is done.
    """
    x = x.copy()
    for _ in range(at_most):
        skew, excess = skew_kurtosis(x)
        beyond = (np.abs(skew) > skewness) & (excess > kurtosis)
        if not beyond.any():
            break
        part = x[:, beyond]
        right = skew[beyond] > 0
        part = np.where(right, part, -part)
        top = np.nanmax(part, axis=0)
        below = np.nanmax(np.where(part < top, part, -np.inf), axis=0)  # finite: a skewed column has two values
        part = np.minimum(part, below)
        x[:, beyond] = np.where(right, part, -part)
    return x


def log(x: Floats, names: Names, *, shift: AtLeastZero) -> Floats:
    """Natural log of figure + `shift`. An error where that is not positive."""
    return np.log(_positive(x + shift, names))


def log10(x: Floats, names: Names, *, shift: AtLeastZero) -> Floats:
    """Decimal log of figure + `shift`. An error where that is not positive."""
    return np.log10(_positive(x + shift, names))


def box_cox(x: Floats, names: Names, *, power: float) -> Floats:
    """(x^power - 1) / power, and the log at power 0 (Box and Cox 1964). An error where one is not positive."""
    x = _positive(x, names)
    return np.log(x) if power == 0 else (x**power - 1) / power


def skew_kurtosis(x: Floats) -> tuple[Floats, Floats]:
    """Sample skewness G1 and excess kurtosis G2 over units [period, indicator]; 0 for constants and under 4 units."""
    count, _, centred = _moments(x)
    square = centred**2
    m2, m3, m4 = (np.nansum(part, axis=0) / np.maximum(count, 1) for part in (square, square * centred, square**2))
    enough = (count > 3) & (m2 > 0)
    n, m2 = np.where(enough, count, 4), np.where(enough, m2, 1.0)
    skew = m3 / m2**1.5 * np.sqrt(n * (n - 1)) / (n - 2)
    excess = (n - 1) / ((n - 2) * (n - 3)) * ((n + 1) * (m4 / m2**2 - 3) + 6)
    return np.where(enough, skew, 0.0), np.where(enough, excess, 0.0)


def _moments(x: Floats) -> tuple[Floats, Floats, Floats]:
    """Number of figures, mean (NaN if none) and centred figures, over units."""
    count = np.isfinite(x).sum(axis=0)
    mean = np.nansum(x, axis=0) / np.maximum(count, 1)
    mean = np.clip(mean, np.fmin.reduce(x, axis=0), np.fmax.reduce(x, axis=0))  # of figures that are all 0.1 it is 0.1
    return count.astype(np.float64), mean, x - mean


def _positive(x: Floats, names: Names) -> Floats:
    wrong = (x <= 0).any(axis=(0, 1))
    if wrong.any():
        which = named(names, wrong)
        raise SfbenchError(
            f"no log or power of a figure that is not positive: {which}",
            why=f"the smallest is {np.nanmin(x[:, :, wrong]):g}",
            fix="give a shift, or another treatment",
        )
    return x


KINDS = {f.__name__: f for f in (none, winsorise_sd, winsorise_count, winsorise_skew_kurtosis, log, log10, box_cox)}
TRANSFORMS = {f.__name__: f for f in (none, log, log10, box_cox)}
