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
    nothing). refusals, failures: their numbers. A failed instance has the figures of the question's naive method and is
    flagged by `failures`.
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


def best_first(found: Iterable[Score], headline: str) -> list[Score]:
    """By variant, the smallest loss of the headline figure first; methods without one last, and before them those that
    mostly misjudge whether there is an answer at all."""

    def key(score: Score) -> tuple[str, str, bool, bool, float]:
        lost = score.loss(headline)
        return score.scenario, score.variant, score.mean("misjudged") > 0.5, math.isnan(lost), lost

    return sorted(found, key=key)


def scores(answers: Iterable[Answer]) -> list[Score]:
    """One score a scenario, variant and method."""

    def key(answer: Answer) -> tuple[str, str, str]:
        return answer.scenario, answer.variant, answer.method

    groups = groupby(sorted(answers, key=key), key=key)
    return [_score(*name, list(group)) for name, group in groups]


def _score(scenario: str, variant: str, method: str, group: Sequence[Answer]) -> Score:
    truths = [a.truth for a in group if a.truth is not None]
    return Score(
        scenario=scenario,
        variant=variant,
        method=method,
        instances=len(group),
        truth=statistics.fmean(truths) if truths else math.nan,
        figures=means([a.figures for a in group if a.figures]),
        refusals=sum(a.kind == "refusal" for a in group),
        failures=sum(a.kind == "failed" for a in group),
    )
