"""How often methods claim an effect where there is none: the size of their tests, with its own uncertainty."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from sfbench.bench.run import Answer

NOMINAL = 0.05  # what an interval of 95 % promises
_CONFIDENCE = 0.99

Verdict = Literal["holds", "too often", "seldom"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """False claims of a method over the worlds of a variant without an effect.

    instances: those that it answered or refused (to refuse is to claim nothing); claims: in how many of them its
    interval leaves out 0. low, high: the 99 % interval of the rate, exact for a binomial share (Clopper and Pearson
    1934).
    """

    scenario: str
    variant: str
    method: str
    instances: int
    claims: int
    low: float
    high: float

    @property
    def rate(self) -> float:
        """The share of false claims."""
        return self.claims / self.instances

    @property
    def verdict(self) -> Verdict:
        """Whether 5 % lies in the interval; below it a test is cautious, as those of few ways to choose must be."""
        return "too often" if self.low > NOMINAL else "seldom" if self.high < NOMINAL else "holds"


def sizes(answers: Iterable[Answer]) -> list[Size]:
    """By scenario, variant and method; of answers with an interval, or a refusal, to worlds whose true effect is 0."""
    judged = [a for a in answers if a.truth == 0.0 and a.kind != "failed" and "claims" in a.figures]

    def key(answer: Answer) -> tuple[str, str, str]:
        return answer.scenario, answer.variant, answer.method

    return [_size(*names, list(group)) for names, group in groupby(sorted(judged, key=key), key=key)]


def _size(scenario: str, variant: str, method: str, group: list[Answer]) -> Size:
    from scipy.stats import binomtest

    hits = sum(answer.figures["claims"] == 1.0 for answer in group)
    found = binomtest(hits, len(group)).proportion_ci(_CONFIDENCE, "exact")
    return Size(
        scenario=scenario,
        variant=variant,
        method=method,
        instances=len(group),
        claims=hits,
        low=float(found.low),
        high=float(found.high),
    )
