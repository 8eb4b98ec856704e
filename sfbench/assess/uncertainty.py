"""Monte Carlo over the choices that a method declares: how far ranks depend on them, and on which."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace

import numpy as np

from sfbench.assess import spread
from sfbench.assess.assessment import Assessment
from sfbench.assess.chain import run
from sfbench.assess.panel import Floats, Ints, Panel
from sfbench.assess.pipelines import Choice, Factor, Pipelines, factors_of, placed, rank_shift
from sfbench.assess.spec import Method
from sfbench.errors import SfbenchError

LEVEL = 0.9  # of a rank interval: from the 5th to the 95th percentile
_COMPARED = 32  # pipelines in which an alternative is compared with the method's own choice


@dataclass(frozen=True, slots=True)
class Refused:
    """An alternative that is not drawn: in every pipeline its scores are those of `like`, but for the scale of all."""

    step: str
    choice: str
    like: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """A pipeline that was drawn and could not be realised: how often, and why."""

    realised: tuple[str, ...]
    replicates: int
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Uncertainty:
    """Ranks of the units [unit of the panel] over replicates; NaN or -1 for a unit that was never assessed.

    `drawn[replicate, factor]` is the choice of each step, `shift[replicate]` the mean absolute shift of ranks from the
    method's own (NaN where the pipeline could not be realised). Both together are the log of what was realised.
    """

    factors: tuple[Factor, ...]
    drawn: Ints
    shift: Floats
    weights: Floats | None
    low: Floats  # rank, 5th percentile
    median: Floats
    high: Floats  # rank, 95th percentile
    best: Floats
    worst: Floats
    assessed: Floats  # share of the realised replicates in which the unit was assessed
    field: tuple[int, int]  # fewest and most units that a realised replicate assessed
    pipelines: int  # different ones that were realised
    refused: tuple[Refused, ...]
    failed: tuple[Failed, ...]

    def realised(self, replicate: int) -> tuple[str, ...]:
        """The pipeline of a replicate: every step with alternatives, as it was taken."""
        row = self.drawn[replicate].tolist()
        return tuple(f"{f.step} {f.choices[n]}" for f, n in zip(self.factors, row, strict=True))


def monte_carlo(method: Method, panel: Panel, *, replicates: int, seed: int) -> Uncertainty:
    """Draws a choice of every step, each alike likely, and assesses the panel with it, `replicates` times.

    With `weight_spread` each replicate also scatters the weights that its pipeline came to. An alternative that
    scores as the method's own step or as one before it is refused and not drawn. Raises SfbenchError where the method
    declares nothing to vary, or where nothing that it declares has an effect.
    """
    if replicates < 1:
        raise SfbenchError("no replicates are asked for", where="--replicates", fix="give at least 1")
    if not factors_of(method) and not method.weight_spread:
        fix = "declare `alternatives` or `weight_spread` in the method, or leave out --replicates"
        raise SfbenchError(f"method {method.name!r} declares no alternatives", where=method.where, fix=fix)
    pipelines, refused = effective(method, panel)
    if not pipelines.factors and not method.weight_spread:
        names = ", ".join(f"{r.step} {r.choice}" for r in refused)
        raise SfbenchError("no alternative of the method has an effect on these data", where=method.where, why=names)
    draws = np.random.default_rng(seed).random((replicates, len(pipelines.factors)))
    drawn = (draws * [len(factor.choices) for factor in pipelines.factors]).astype(np.int64)
    rows: list[Choice] = [tuple(row) for row in drawn.tolist()]
    ranks, weights = _ranks(pipelines, rows, spread.factors(method, replicates, seed))
    own = pipelines.ranks((0,) * len(pipelines.factors))
    counts = Counter(rows)
    return Uncertainty(
        factors=pipelines.factors,
        drawn=drawn,
        shift=np.array([rank_shift(own, other) for other in ranks]),
        weights=weights,
        **_intervals(ranks),
        field=_field(ranks),
        pipelines=sum(isinstance(pipelines.at(choice), Assessment) for choice in counts),
        refused=refused,
        failed=_failed(pipelines, counts),
    )


def _ranks(pipelines: Pipelines, rows: list[Choice], factors: Floats) -> tuple[Floats, Floats | None]:
    """Ranks [replicate, unit of the panel], and the scattered weights [replicate, scored indicator]."""
    ranks = np.array([pipelines.ranks(choice) for choice in rows])
    if not pipelines.method.weight_spread:
        return ranks, None
    weights = np.full(factors.shape, np.nan)
    for replicate, choice in enumerate(rows):
        made = pipelines.at(choice)
        if isinstance(made, Assessment):
            method, weights[replicate] = spread.scattered(pipelines.chosen(choice), made, factors[replicate])
            if np.isfinite(weights[replicate]).any():
                other = run(method, pipelines.panel)
                ranks[replicate] = placed(pipelines.panel, other, other.rank)
    return ranks, weights


def effective(method: Method, panel: Panel) -> tuple[Pipelines, tuple[Refused, ...]]:
    """The pipelines of the alternatives that change a score of any unit somewhere, and the alternatives that do not."""
    every = Pipelines(method, panel, factors_of(method))
    base = every.at((0,) * len(every.factors))
    if isinstance(base, SfbenchError):
        raise base
    settings = _settings(every.factors)
    kept, refused = [], []
    for place, factor in enumerate(every.factors):
        works = [0]
        for number in range(1, len(factor.choices)):
            same = next((n for n in works if not _differ(every, settings, place, n, number)), None)
            if same is None:
                works.append(number)
            else:
                names = (str(factor.choices[n]) for n in (number, same))
                refused.append(Refused(factor.step, *names))
        if len(works) > 1:
            kept.append(replace(factor, choices=tuple(factor.choices[n] for n in works)))
    return Pipelines(method, panel, tuple(kept)), tuple(refused)


def _settings(factors: tuple[Factor, ...]) -> list[Choice]:
    """The method's own pipeline, those with one other choice, and some with any."""
    own = [0] * len(factors)
    single = [(*own[:p], n, *own[p + 1 :]) for p, f in enumerate(factors) for n in range(1, len(f.choices))]
    draws = np.random.default_rng(0).random((_COMPARED, len(factors)))
    mixed = (draws * [len(factor.choices) for factor in factors]).astype(int)
    return list(dict.fromkeys([tuple(own), *single, *map(tuple, mixed.tolist())]))


def _differ(pipelines: Pipelines, settings: list[Choice], place: int, one: int, number: int) -> bool:
    """Whether two choices of a step give other scores in any of the settings, the plainest first.

    Scores of all units times a factor and plus a sum are no others, such as those of ranks and of percentiles: they
    move no rank, with any weights. A choice that can nowhere be realised beside the other differs: it is drawn, and
    its failures are counted.
    """
    compared = False
    for setting in settings:
        own, other = ((*setting[:place], n, *setting[place + 1 :]) for n in (one, number))
        if isinstance(pipelines.at(own), SfbenchError) or isinstance(pipelines.at(other), SfbenchError):
            continue
        compared = True
        ends = _scaled(pipelines.scores(own)), _scaled(pipelines.scores(other))
        if not np.allclose(*ends, rtol=0, atol=1e-9, equal_nan=True):
            return True
    return not compared


def _scaled(scores: Floats) -> Floats:
    """Scores [unit] between 0 and 1; NaN where a unit is not assessed."""
    low, high = np.nanmin(scores), np.nanmax(scores)
    return np.asarray((scores - low) / (high - low if high > low else 1))


def _intervals(ranks: Floats) -> dict[str, Floats]:
    """Percentiles of ranks [replicate, unit] over the replicates in which a unit was assessed."""
    seen = np.isfinite(ranks)
    ever, realised = seen.any(axis=0), max(int(seen.any(axis=1).sum()), 1)
    tail = (1 - LEVEL) / 2
    names, places = ("best", "low", "median", "high", "worst"), (0, tail, 0.5, 1 - tail, 1)
    table = np.full((len(names), ranks.shape[1]), np.nan)
    if ever.any():
        table[:, ever] = np.nanquantile(ranks[:, ever], places, axis=0, method="inverted_cdf")
    return dict(zip(names, table, strict=True)) | {"assessed": seen.sum(axis=0) / realised}


def _field(ranks: Floats) -> tuple[int, int]:
    """How many units were assessed where ranks [replicate, unit] are realised: 0 and 0 where nowhere."""
    counts = np.isfinite(ranks).sum(axis=1)
    realised = counts[counts > 0].tolist()
    return min(realised, default=0), max(realised, default=0)


def _failed(pipelines: Pipelines, counts: Counter[Choice]) -> tuple[Failed, ...]:
    found = []
    for choice, count in sorted(counts.items()):
        made = pipelines.at(choice)
        if isinstance(made, SfbenchError):
            names = tuple(f"{f.step} {f.choices[n]}" for f, n in zip(pipelines.factors, choice, strict=True))
            found.append(Failed(realised=names, replicates=count, why=made.what))
    return tuple(found)
