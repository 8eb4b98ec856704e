"""Scores of methods over the seeds of a scenario's variant, each with its own uncertainty."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from sfbench.bench.run import Answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """A method over the instances of one variant. Errors are estimates less truths; nan where nothing was estimated.

    bias, bias_se: mean error and its Monte Carlo standard error; rmse; coverage: share of intervals that hold the
    truth; width: mean length of the intervals; claims: share of instances in which an effect is claimed (of a null
    twin: false claims; refusals claim nothing); refusals, failures: their numbers. A failed instance scores as `naive`
    answered it and is flagged by `failures`.
    """

    scenario: str
    variant: str
    method: str
    instances: int
    truth: float
    bias: float
    bias_se: float
    rmse: float
    coverage: float
    width: float
    claims: float
    refusals: int
    failures: int


def scores(answers: Iterable[Answer], naive: str | None = None) -> list[Score]:
    """One score a scenario, variant and method. `naive` answers in place of methods that failed."""
    every = list(answers)
    stand_in = {(a.scenario, a.variant, a.seed): a for a in every if a.method == naive}

    def key(answer: Answer) -> tuple[str, str, str]:
        return answer.scenario, answer.variant, answer.method

    groups = groupby(sorted(every, key=key), key=key)
    return [_score(*name, list(group), stand_in) for name, group in groups]


def _score(
    scenario: str, variant: str, method: str, group: Sequence[Answer], stand_in: dict[tuple[str, str, int], Answer]
) -> Score:
    scored = [stand_in.get((a.scenario, a.variant, a.seed), a) if a.kind == "failed" else a for a in group]
    found = [(a.value - a.att, a.low, a.high, a.att) for a in scored if a.value is not None]
    errors = [error for error, *_ in found]
    spread = statistics.stdev(errors) / math.sqrt(len(errors)) if len(errors) > 1 else math.nan
    bounds = [(low, high, truth) for _, low, high, truth in found if low is not None and high is not None]
    return Score(
        scenario=scenario,
        variant=variant,
        method=method,
        instances=len(group),
        truth=statistics.fmean(a.att for a in group),
        bias=_mean(errors),
        bias_se=spread,
        rmse=math.sqrt(_mean([error**2 for error in errors])),
        coverage=_mean([float(low <= truth <= high) for low, high, truth in bounds]),
        width=_mean([high - low for low, high, _ in bounds]),
        claims=statistics.fmean(bool(a.claims) for a in scored),
        refusals=sum(a.kind == "refusal" for a in group),
        failures=sum(a.kind == "failed" for a in group),
    )


def _mean(values: Sequence[float]) -> float:
    return statistics.fmean(values) if values else math.nan
