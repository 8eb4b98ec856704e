"""Average ranks of methods over scenarios, with bootstrap intervals and groups that the data cannot tell apart.

Per-scenario tables come first; an average says less, and only with its uncertainty. Ranks are of the task's headline
figure in every scenario and variant that all ranked methods answered (Demšar 2006, JMLR 7).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sfbench.bench.figures import loss
from sfbench.bench.run import Answer

DRAWS, SEED, LEVEL = 1000, 20_260_101, 0.95  # of the bootstrap over seeds
SAME, ZERO = 1e-9, 1e-28  # losses that differ by less, of themselves or at all, differ by the noise of floating point
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rank:
    """mean: over scenarios and variants, 1 is best; low, high: bootstrap over seeds, 95 %. group: methods of one letter
    differ by less than the critical difference of Nemenyi's test; a method may have several."""

    method: str
    mean: float
    low: float
    high: float
    group: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """Ranks, best first, over so many cases (a scenario's variant each); the critical difference (nan for one case)."""

    ranks: tuple[Rank, ...]
    cases: tuple[tuple[str, str], ...]
    critical_difference: float


def ranking(answers: Iterable[Answer], headline: str) -> Ranking | None:
    """Ranks of the methods that answered most cases, where all of them did; None with fewer than two methods.

    headline: the figure that is ranked.
    """
    losses: dict[tuple[str, str], dict[str, dict[int, float]]] = {}
    for answer in answers:
        case = losses.setdefault((answer.scenario, answer.variant), {})
        case.setdefault(answer.method, {})[answer.seed] = lost(answer.figures, headline)
    often: dict[str, int] = {}
    for case in losses.values():
        for name in case:
            often[name] = often.get(name, 0) + 1
    names = sorted(name for name, count in often.items() if count == max(often.values()))
    cases = [key for key, case in losses.items() if set(names) <= set(case) and _seeds(case, names)]
    if len(names) < 2 or not cases:
        return None
    tables = [_table(losses[case], names) for case in cases]
    means = np.mean([_ranks(table.mean(axis=0)) for table in tables], axis=0)
    draw = np.random.default_rng(SEED)
    again = np.array(
        [
            np.mean([_ranks(table[draw.integers(0, len(table), len(table))].mean(axis=0)) for table in tables], axis=0)
            for _ in range(DRAWS)
        ]
    )
    low, high = np.quantile(again, [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=0)
    apart = critical_difference(len(names), len(cases))
    order = np.argsort(means, kind="stable")
    letters = groups(means[order], apart)
    ranks = tuple(
        Rank(method=names[at], mean=float(means[at]), low=float(low[at]), high=float(high[at]), group=letter)
        for at, letter in zip(order.tolist(), letters, strict=True)
    )
    return Ranking(ranks=ranks, cases=tuple(cases), critical_difference=apart)


def lost(found: Mapping[str, float], figure: str) -> float:
    """What an answer with these figures loses: the squared error, or what its figure does; without a figure, all.

    Where nothing is identified, whoever says so loses nothing and any number loses 1.
    """
    if figure != "rmse":
        return round(loss(figure, found[figure]), 12) if figure in found else 1.0  # 1 - AUC ends in noise
    if "misjudged" in found and bool(found["misjudged"]) == ("squared" in found):
        return found["misjudged"]
    return found.get("squared", math.inf)


def critical_difference(methods: int, cases: int) -> float:
    """Nemenyi's at 5 %: q of the studentized range over sqrt 2, times sqrt(k (k + 1) / 6 N); nan for one case."""
    from scipy.stats import studentized_range

    if cases < 2:
        return math.nan
    q = float(studentized_range.ppf(LEVEL, methods, np.inf)) / math.sqrt(2)
    return q * math.sqrt(methods * (methods + 1) / (6 * cases))


def groups(means: Floats, apart: float) -> list[str]:
    """Letters of the maximal runs of ascending means that span less than the critical difference; none if it is nan."""
    letters = [""] * len(means)
    if math.isnan(apart):
        return letters
    ends = [int(np.searchsorted(means, mean + apart, side="left")) for mean in means]
    runs = [(start, end) for start, end in enumerate(ends) if start == 0 or end > ends[start - 1]]
    for number, (start, end) in enumerate(runs):
        for at in range(start, end):
            letters[at] += chr(ord("a") + number)
    return letters


def _table(case: Mapping[str, Mapping[int, float]], names: list[str]) -> Floats:
    """(seeds, methods) losses over the seeds that all have."""
    return np.array([[case[name][seed] for name in names] for seed in _seeds(case, names)])


def _seeds(case: Mapping[str, Mapping[int, float]], names: list[str]) -> list[int]:
    """Those that all methods answered: runs of other seeds may lie beside each other."""
    return sorted(set.intersection(*(set(case[name]) for name in names)))


def _ranks(losses: Floats) -> Floats:
    """Ranks of losses, ties shared. Those that agree but for noise are tied, however small they are."""
    from scipy.stats import rankdata

    order = np.argsort(losses, kind="stable")
    ascending = losses[order]
    with np.errstate(invalid="ignore"):  # inf - inf is nan, and no step
        steps = np.diff(ascending) > SAME * np.abs(ascending[:-1]) + ZERO
    levels = np.empty(len(losses), np.int64)
    levels[order] = np.concatenate([[0], np.cumsum(steps)])
    return np.asarray(rankdata(levels), np.float64)
