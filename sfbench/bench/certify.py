"""Certificates: what a scenario's file claims of two methods, recomputed on the seeds that it fixed beforehand."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sfbench.bench.instance import posed
from sfbench.bench.run import Answer, Progress, run
from sfbench.bench.score import Score, scores
from sfbench.errors import SfbenchError
from sfbench.folders import PACKAGE
from sfbench.spec import Scenario
from sfbench.version import __version__
from sfbench.world.variants import MAIN

FOLDER = PACKAGE / "bench" / "certificates"
SAMPLE = 5  # stored answers, which tests recompute


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """The claim, what came out, and the answers to the first seeds.

    naive_fails: its absolute bias is at least the claimed one; better_holds: the other's is at most the claimed one.
    Biases are means over the seeds, with their Monte Carlo standard errors.
    """

    scenario: str
    version: str
    claim: dict[str, Any]
    truth: float
    naive_bias: float
    naive_se: float
    naive_fails: bool
    better_bias: float
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
        variants=(MAIN,),
        methods=methods,
        seeds=wanted,
        out=out,
        jobs=jobs,
        extra=extra,
        progress=progress,
    )
    of = {score.method: score for score in scores(answers)}
    naive, better = of[claim.naive], of[claim.better]
    return Certificate(
        scenario=scenario.name,
        version=__version__,
        claim=asdict(claim),
        truth=naive.truth,
        naive_bias=naive.bias,
        naive_se=naive.bias_se,
        naive_fails=_whole(naive) and abs(naive.bias) >= claim.fails_by,
        better_bias=better.bias,
        better_se=better.bias_se,
        better_holds=_whole(better) and abs(better.bias) <= claim.within,
        sample=sample(answers, methods, wanted[:SAMPLE]),
    )


def sample(answers: Sequence[Answer], methods: Sequence[str], seeds: Sequence[int]) -> list[dict[str, Any]]:
    """Truth and estimates of some seeds, as a certificate stores them."""
    by = {(a.seed, a.method): a for a in answers}
    return [
        {"seed": seed, "truth": by[seed, methods[0]].att} | {name: by[seed, name].value for name in methods}
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


def _whole(score: Score) -> bool:
    return not score.failures and not score.refusals
