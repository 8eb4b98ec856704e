"""Which choice matters: Sobol indices of the average rank shift, and the ranking without each indicator.

Saisana, Saltelli and Tarantola (2005), Uncertainty and sensitivity analysis techniques as tools for the quality
assessment of composite indicators. Estimators: Saltelli (2010) and Jansen (1999), as in SALib.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from sfbench.assess import extra
from sfbench.assess.assessment import Assessment
from sfbench.assess.chain import run
from sfbench.assess.panel import Floats, Panel
from sfbench.assess.spec import Method
from sfbench.assess.uncertainty import effective
from sfbench.errors import SfbenchError


@dataclass(frozen=True, slots=True, kw_only=True)
class Sobol:
    """Indices [factor]: share of the variance that a factor makes alone (first) and with all others (total)."""

    names: tuple[str, ...]
    first: Floats
    total: Floats
    first_error: Floats  # half-widths of 95 % intervals
    total_error: Floats
    variance: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """The ranking without one indicator: mean shift of ranks, and the bank that moves most; `why` if it fails."""

    indicator: str
    shift: float
    largest: int  # of one unit, in ranks; below 0 it moves up
    unit: str
    why: str = ""


def sobol(function: Callable[[Floats], Floats], bounds: dict[str, tuple[float, float]], *, n: int, seed: int) -> Sobol:
    """Indices of a function of inputs [sample, factor] -> [sample], uniform within bounds; `n` is a power of 2.

    Costs n (factors + 2) values of the function.
    """
    sample, analyse = extra.salib("sample.sobol"), extra.salib("analyze.sobol")
    problem = {"num_vars": len(bounds), "names": list(bounds), "bounds": [list(ends) for ends in bounds.values()]}
    values = function(sample.sample(problem, n, calc_second_order=False, seed=seed))
    variance = float(np.var(values))
    if not np.isfinite(values).all():
        raise SfbenchError("the function has no value for some inputs", why="Sobol indices need every one of them")
    if variance == 0:
        raise SfbenchError("the function is constant", why="there is no variance to share out")
    found = analyse.analyze(problem, values, calc_second_order=False, seed=seed)
    return Sobol(
        names=tuple(bounds),
        first=np.asarray(found["S1"]),
        total=np.asarray(found["ST"]),
        first_error=np.asarray(found["S1_conf"]),
        total_error=np.asarray(found["ST_conf"]),
        variance=variance,
    )


def rank_shift_indices(method: Method, panel: Panel, *, n: int, seed: int) -> Sobol:
    """Indices of the average rank shift over the method's alternatives that have an effect.

    Raises SfbenchError if any pipeline cannot be realised, or if ranks never move.
    """
    pipelines, _ = effective(method, panel)
    if not pipelines.factors:
        raise SfbenchError("no alternative has an effect", why="there is no variance to share out")
    sizes = np.array([len(factor.choices) for factor in pipelines.factors])

    def shift(sample: Floats) -> Floats:
        choices = (sample * sizes).astype(int)  # points of a Sobol sequence are below 1
        different, number = np.unique(choices, axis=0, return_inverse=True)
        return np.array([pipelines.shift(tuple(row)) for row in different.tolist()])[number.reshape(-1)]

    return sobol(shift, {factor.step: (0.0, 1.0) for factor in pipelines.factors}, n=n, seed=seed)


def leave_one_out(method: Method, panel: Panel) -> tuple[LeftOut, ...]:
    """The ranking without each scored indicator in turn; the method weighs the others as though it were not there.

    An indicator without any figure is not in the ranking, and nothing is said of it.
    """
    own = run(method, panel)
    if len(own.indicators) < 2:
        return ()
    return tuple(_without(method, panel, own, name) for name in own.indicators)


def _without(method: Method, panel: Panel, own: Assessment, name: str) -> LeftOut:
    aside = replace(method.indicators[name], role="condition")
    less = replace(method, indicators={**method.indicators, name: aside})
    try:
        other = run(less, panel)
    except SfbenchError as error:  # shown: some methods are not defined with one indicator less
        return LeftOut(indicator=name, shift=float("nan"), largest=0, unit="", why=error.what)
    rank = dict(zip(other.units, other.rank.tolist(), strict=True))
    both = [unit for unit in own.units if unit in rank]
    moves = np.array([rank[u] for u in both]) - own.rank[[u in rank for u in own.units]]
    most = int(np.abs(moves).argmax())
    return LeftOut(indicator=name, shift=float(np.abs(moves).mean()), largest=int(moves[most]), unit=both[most])
