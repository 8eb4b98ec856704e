"""Period rules: how the figure of a period comes from a metric's figures of that period and the ones before it.

Each takes and gives values [unit, period, indicator]; a period with too little history is NaN.
"""

from __future__ import annotations

import numpy as np

from sfbench.assess.options import Count, Positive
from sfbench.assess.panel import Floats


def last(x: Floats) -> Floats:
    """The period's own figure."""
    return x


def mean(x: Floats, *, periods: Count) -> Floats:
    """Mean of the last `periods` figures: an average balance in place of an end-of-period one."""
    return _window(x, periods) / periods


def total(x: Floats, *, periods: Count) -> Floats:
    """Sum of the last `periods` figures: a year's flow from months or quarters."""
    return _window(x, periods)


def change(x: Floats, *, lag: Count) -> Floats:
    """Figure minus the figure `lag` periods before."""
    return x - _before(x, lag)


def growth(x: Floats, *, lag: Count, cap: Positive) -> Floats:
    """Growth over `lag` periods as a share (0.1 = 10 %), at most `cap`: a small base makes it meaningless beyond.

    A base that is zero or negative gives NaN: growth from it is not defined.
    """
    base = _before(x, lag)
    return np.minimum((x - base) / np.where(base > 0, base, np.nan), cap)


def market_share(x: Floats, *, of: Positive) -> Floats:
    """Share of the sum over all units of the panel that report, as a share of `of` (1, 100 or 10,000).

    Units that an exclusion rule leaves out afterwards are in the market all the same.
    """
    sums = np.nansum(x, axis=0)
    return x / np.where(sums == 0, np.nan, sums) * of


def _before(x: Floats, lag: int) -> Floats:
    shifted = np.full_like(x, np.nan)
    shifted[:, lag:] = x[:, :-lag]
    return shifted


def _window(x: Floats, periods: int) -> Floats:
    result = np.full_like(x, np.nan)
    if x.shape[1] >= periods:
        windows = np.lib.stride_tricks.sliding_window_view(x, periods, axis=1)
        result[:, periods - 1 :] = windows.sum(axis=-1)
    return result


KINDS = {f.__name__: f for f in (last, mean, total, change, growth, market_share)}
