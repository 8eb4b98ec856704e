"""Scores of methods over the seeds of a scenario's variant, each with its own uncertainty."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from sfbench.bench.figures import loss, means
from sfbench.bench.run import Answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """A method over the instances of one variant.

    truth: mean of the figure that was asked for, nan where keys were. figures: name -> (mean, Monte Carlo standard
    error). claims: the share of instances in which an effect is claimed (of a null twin: false claims; refusals claim
    nothing). refusals, failures: their numbers. A failed instance scores as `naive` answered it and is flagged by
    `failures`.
    """

    scenario: str
    variant: str
    method: str
    instances: int
    truth: float
    figures: Mapping[str, tuple[float, float]]
    refusals: int
    failures: int

    def mean(self, figure: str) -> float:
        """A figure's mean, nan if the answers have none."""
        return self.figures.get(figure, (math.nan, math.nan))[0]

    def loss(self, figure: str) -> float:
        """How far the figure is from a perfect method's."""
        return loss(figure, self.mean(figure))


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
    truths = [a.truth for a in group if a.truth is not None]
    return Score(
        scenario=scenario,
        variant=variant,
        method=method,
        instances=len(group),
        truth=statistics.fmean(truths) if truths else math.nan,
        figures=means([a.figures for a in scored if a.figures]),
        refusals=sum(a.kind == "refusal" for a in group),
        failures=sum(a.kind == "failed" for a in group),
    )
