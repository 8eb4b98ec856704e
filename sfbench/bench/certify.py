"""Certificates: what a scenario's file claims of two methods, recomputed on the seeds that it fixed beforehand."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sfbench.bench.instance import posed
from sfbench.bench.run import Answer, run
from sfbench.bench.score import Score, scores
from sfbench.bench.shelf import Progress
from sfbench.errors import SfbenchError, did_you_mean
from sfbench.folders import PACKAGE
from sfbench.spec import Claim, Scenario
from sfbench.version import __version__

FOLDER = PACKAGE / "bench" / "certificates"
SAMPLE = 5  # stored answers, which tests recompute


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """The claim, what came out, and the answers to the first seeds.

    naive, better: the claimed figure's mean over the seeds and its Monte Carlo standard error. naive_fails: its loss is
    at least the claimed one; better_holds: the other's is at most the claimed one.
    """

    scenario: str
    version: str
    claim: dict[str, Any]
    truth: float | None
    naive: float
    naive_se: float
    naive_fails: bool
    better: float
    better_se: float
    better_holds: bool
    sample: list[dict[str, Any]]

    @property
    def holds(self) -> bool:
        """Whether both halves of the claim hold."""
        return self.naive_fails and self.better_holds


def certify(
    scenario: Scenario,
    out: Path,
    *,
    jobs: int = 1,
    seeds: int | None = None,
    extra: tuple[Path, ...] = (),
    progress: Progress | None = None,
) -> Certificate:
    """Recompute the claim of a scenario; `seeds` fewer than claimed give a sample, not the certificate.

    Raises SfbenchError if the scenario claims nothing.
    """
    claim = posed(scenario).claim
    if claim is None:
        raise SfbenchError(
            f"scenario {scenario.name!r} claims nothing", where=scenario.where, fix="give its `bench` a `claim`"
        )
    wanted = range(claim.first_seed, claim.first_seed + (claim.seeds if seeds is None else seeds))
    methods = (claim.naive, claim.better)
    answers = run(
        scenario,
        variants=(claim.variant,),
        methods=methods,
        seeds=wanted,
        out=out,
        jobs=jobs,
        extra=extra,
        progress=progress,
    )
    of = {score.method: score for score in scores(answers)}
    naive, better = of[claim.naive], of[claim.better]
    for score in (naive, better):
        if claim.figure not in score.figures:
            fix = did_you_mean(claim.figure, score.figures)
            what = f"the answers of {score.method!r} have no figure {claim.figure!r}"
            raise SfbenchError(what, where=scenario.where, fix=fix)
    return Certificate(
        scenario=scenario.name,
        version=__version__,
        claim=asdict(claim),
        truth=None if math.isnan(naive.truth) else naive.truth,
        naive=naive.figures[claim.figure][0],
        naive_se=naive.figures[claim.figure][1],
        naive_fails=_whole(naive, claim) and naive.loss(claim.figure) >= claim.fails_by,
        better=better.figures[claim.figure][0],
        better_se=better.figures[claim.figure][1],
        better_holds=_whole(better, claim) and better.loss(claim.figure) <= claim.within,
        sample=sample(answers, claim, wanted[:SAMPLE]),
    )


def sample(answers: Sequence[Answer], claim: Claim, seeds: Sequence[int]) -> list[dict[str, Any]]:
    """Truth and answers of some seeds, as a certificate stores them: the estimate, or the claimed figure of keys."""
    by = {(a.seed, a.method): a for a in answers}

    def said(answer: Answer) -> float | None:
        return answer.figures.get(claim.figure) if answer.truth is None else answer.value

    return [
        {"seed": seed, "truth": by[seed, claim.naive].truth}
        | {name: said(by[seed, name]) for name in (claim.naive, claim.better)}
        for seed in seeds
    ]


def agrees(one: Sequence[dict[str, Any]], other: Sequence[dict[str, Any]]) -> bool:
    """Whether two samples say the same of the seeds that both have: numbers to nine digits, as the last bits of a
    logarithm or a matrix product differ between processors."""

    def same(a: dict[str, Any], b: dict[str, Any]) -> bool:
        return a.keys() == b.keys() and all(
            a[key] == b[key] or (None not in (a[key], b[key]) and math.isclose(a[key], b[key], rel_tol=1e-9))
            for key in a
        )

    return all(same(a, b) for a, b in zip(one, other, strict=False))


def stored(name: str) -> Certificate | None:
    """The certificate of a scenario that the product ships; None: the scenario is experimental."""
    path = FOLDER / f"{name}.json"
    return Certificate(**json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else None


def _whole(score: Score, claim: Claim) -> bool:
    """Every instance was answered; to refuse is to claim nothing, perhaps rightly, and no estimate."""
    return not score.failures and (claim.figure in ("claims", "misjudged") or not score.refusals)
