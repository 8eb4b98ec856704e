"""`marginals_mbi`: the marginals of `marginals_dp`, fitted together as a graphical model by mbi (extra `sfbench[mbi]`).

mbi (McKenna, Sheldon and Miklau 2019, "Graphical-model based estimation and inference for differential privacy";
Apache-2.0) finds the one distribution over a table's columns whose marginals are nearest to all that was measured. The
model keeps the marginals of its pairs, as `marginals_dp` does: sampling needs neither mbi nor jax.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from sfbench.errors import SfbenchError
from sfbench.synth import marginals
from sfbench.synth.columns import Floats
from sfbench.synth.learned import Tables
from sfbench.synth.noisy import Measured, Pair, groups_of
from sfbench.synth.parts import Parts

ABOUT = "the marginals of marginals_dp, fitted together by mbi; needs sfbench[mbi] (Apache-2.0)"
ABOUT_ZH = "marginals_dp 的边际，由 mbi 合并拟合；需安装 sfbench[mbi](Apache-2.0)"
OPTIONS = marginals.OPTIONS | {"iterations": 1000}


def fit(tables: Tables, options: Mapping[str, Any]) -> Parts:
    """As `marginals_dp`; `iterations` of mirror descent, a table at a time."""
    _configured()
    return marginals.fit_with(lambda one: _estimate(one, int(options["iterations"])), tables, options)


def _configured() -> None:
    """jax as mbi wants it, set before mbi looks. Raises SfbenchError without mbi."""
    try:
        import jax

        jax.config.update("jax_enable_x64", True)  # single precision stalls from 100,000 rows on
        jax.config.update("jax_enable_compilation_cache", False)  # many small programs: it costs more
        import mbi  # noqa: F401
    except ImportError as error:
        fix = "pip install 'sfbench[mbi]'"
        raise SfbenchError("this method needs mbi", why=str(error), fix=fix) from error


def _estimate(one: Measured, iterations: int) -> list[Floats]:
    from mbi import Domain, LinearMeasurement
    from mbi.estimation import MirrorDescent

    if not one.pairs:
        return []
    placed = {pair.column for pair in one.pairs if pair.money}  # smoothed already: what they say alone is noisier
    names = list(dict.fromkeys(name for pair in one.pairs for name in (pair.given, pair.column)))
    measured = [LinearMeasurement(p.counts.ravel(), (p.given, p.column), p.sigma) for p in one.pairs]
    for name in names:
        if name in one.alone.keys() - placed:  # a group's count is a sum over its codes, noise and all
            alone = one.alone[name]
            noise = alone.sigma * float(np.sqrt(np.bincount(groups_of(alone.coding)).mean()))
            measured.append(LinearMeasurement(alone.grouped() * one.total, (name,), noise))
    domain = Domain(names, [one.column(name).size for name in names])
    fitted = MirrorDescent().estimate(domain, measured, known_total=one.total, iters=iterations)
    return [p.counts if p.money else _shares(fitted, p) for p in one.pairs]


def _shares(fitted: Any, pair: Pair) -> Floats:
    return np.asarray(fitted.project((pair.given, pair.column)).datavector(), np.float64).reshape(pair.counts.shape)


draw = marginals.draw
