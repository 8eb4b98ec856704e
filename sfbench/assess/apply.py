"""A method applied to data: the assessment, the one of a year before, and what it owes to the method's choices."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from sfbench.assess.assessment import Assessment
from sfbench.assess.calendar import A_YEAR
from sfbench.assess.chain import run
from sfbench.assess.data import Data
from sfbench.assess.own_figures import HEADER, METRIC
from sfbench.assess.panel import NotAssessable
from sfbench.assess.sensitivity import LeftOut, Sobol, leave_one_out, rank_shift_indices
from sfbench.assess.spec import Method
from sfbench.assess.uncertainty import Uncertainty, monte_carlo
from sfbench.errors import SfbenchError

_SAMPLE = 1024  # base sample of the Sobol indices: 1,024 x (steps + 2) values, of pipelines that are assessed once


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What there is to report. `no_before` and `no_sobol` say why a part is missing."""

    method: Method
    data: Data
    now: Assessment
    before: Assessment | None
    no_before: str
    uncertainty: Uncertainty | None = None
    sobol: Sobol | None = None
    no_sobol: str = ""
    left_out: tuple[LeftOut, ...] = ()


def apply(method: Method, data: Data, *, replicates: int = 0, seed: int = 0, indices: bool = True) -> Result:
    """Assesses the last period, and the same period a year before where the data reach back.

    With `replicates` there are rank intervals, Sobol indices (unless `indices` is off, which spares seconds) and the
    rankings without each indicator. Raises SfbenchError if the last period cannot be assessed, or if the method has no
    alternatives to draw replicates from.
    """
    now = _assessed(method, data)
    before, no_before = _year_before(method, data)
    result = Result(method=method, data=data, now=now, before=before, no_before=no_before)
    if not replicates:
        return result
    uncertainty = monte_carlo(method, data.panel, replicates=replicates, seed=seed)
    sobol, no_sobol = _indices(method, data, seed) if indices else (None, "")
    left_out = leave_one_out(method, data.panel)
    return replace(result, uncertainty=uncertainty, sobol=sobol, no_sobol=no_sobol, left_out=left_out)


def _assessed(method: Method, data: Data) -> Assessment:
    try:
        return run(method, data.panel)
    except NotAssessable as error:
        if not data.missing:
            raise
        lacking = "; ".join(f"{name}: {why}" for name, why in data.missing.items())
        why = f"{error.why}; {lacking}" if error.why else lacking
        own = [i.component for name, i in method.indicators.items() if i.metric == METRIC and name in data.missing]
        line = f"{data.panel.units[0]},{data.panel.periods[-1]},{own[0]},8.5" if own else ""
        fix = f"give --qualitative FILE, a CSV with {','.join(HEADER)} and lines as {line}" if own else error.fix
        raise NotAssessable(error.what, where=error.where, why=why, fix=fix) from error


def _year_before(method: Method, data: Data) -> tuple[Assessment | None, str]:
    periods = data.panel.periods
    place = len(periods) - 1 - A_YEAR[method.period]
    if place < 0 or not np.isfinite(data.panel.values[:, place]).any():
        return None, "the data do not reach back a year"
    then = periods[place]
    try:
        return run(method, data.panel.until(then)), ""
    except SfbenchError as error:  # shown in the report: this year's assessment stands without it
        return None, f"{then}: {error.what}"


def _indices(method: Method, data: Data, seed: int) -> tuple[Sobol | None, str]:
    try:
        return rank_shift_indices(method, data.panel, n=_SAMPLE, seed=seed), ""
    except SfbenchError as error:  # shown in the report: rank intervals stand without them
        return None, f"{error.what}; {error.why}"
