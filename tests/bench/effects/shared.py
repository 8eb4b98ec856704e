"""Panels with a known effect, and the two published reference panels."""

from __future__ import annotations

import gzip
import importlib.util
import pickle
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from sfbench.bench.effects.panel import NEVER, Panel


def panel(y, start, **more):
    start = np.asarray(start, np.int64)
    return Panel(y=np.asarray(y, float), start=start, **{"cluster": np.arange(start.size), **more})


def toy(seed, *, starts=(4, 7, NEVER), each=12, periods=10, effect=0.5, growth=0.0, noise=1.0, ar=0.0, lead=0.0):
    """Parallel trends: unit + period + effect (+ growth a period of age) + noise; `lead` in the period before start."""
    rng = np.random.default_rng(seed)
    start = np.repeat(np.array(starts, np.int64), each)
    shock = rng.normal(size=(start.size, periods))
    for t in range(1, periods):
        shock[:, t] = ar * shock[:, t - 1] + np.sqrt(1 - ar**2) * shock[:, t]
    age = np.arange(periods) - start[:, None]
    y = 2 * rng.normal(size=(start.size, 1)) + rng.normal(size=periods).cumsum() + noise * shock
    return panel(y + (age >= 0) * (effect + growth * age) + lead * (age == -1), start)


def truth_by_cell(start, periods, effect, growth):
    """Mean effect over treated cells."""
    age = np.arange(periods) - np.asarray(start)[:, None]
    return (effect + growth * age)[age >= 0].mean()


def within_band(hits, n, p, level=0.99):
    """A count of a binomial(n, p) inside its central `level` band."""
    low, high = stats.binom.ppf([(1 - level) / 2, (1 + level) / 2], n, p)
    return low <= hits <= high


def goodman_bacon_toy():
    """P5: units 1, 2, 3, t = 1..10, y = id + t + 2 (id = 2, t >= 5) + 4 (id = 3, t >= 8)."""
    t, unit = np.arange(1, 11), np.array([[1], [2], [3]])
    return panel(unit + t + 2.0 * ((unit == 2) & (t >= 5)) + 4.0 * ((unit == 3) & (t >= 8)), [NEVER, 4, 7])


def mpdta():
    """P4: log teen employment of 500 US counties, 2003-2007, and the year of a rise of the minimum wage.

    Callaway and Sant'Anna (2021), data set `mpdta`, out of the MIT-licensed package moderndid (extra `test`).
    """
    spec = importlib.util.find_spec("moderndid")
    if spec is None:
        pytest.skip("the data come with the package moderndid (extra `test`)")
    path = Path(spec.origin).parent / "core" / "datasets" / "mpdta_long.pkl.gz"
    with gzip.open(path) as file:
        rows = pickle.load(file)
    wide = rows.pivot(index="countyreal", columns="year", values="lemp")
    first = rows.groupby("countyreal")["first.treat"].first().reindex(wide.index).to_numpy()
    assert wide.shape == (500, 5)
    return panel(wide.to_numpy(), np.where(first == 0, NEVER, first - 2003))
