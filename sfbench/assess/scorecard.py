"""What is said of one bank: score, band, rank and its interval, what makes the score, what moved in a year."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sfbench.assess.apply import Result
from sfbench.assess.assessment import Assessment
from sfbench.assess.bands import Band


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One indicator of one bank. `change` is that of the contribution in a year, None where it is not known."""

    indicator: str
    figure: float | None  # as reported; None if it was imputed
    normalised: float
    weight: float
    contribution: float
    peers: float  # mean contribution of the banks that are ranked together
    change: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One assessed bank. `interval` is (5th percentile, median, 95th percentile) of its rank over replicates.

    `assessed` is the share of the replicates whose pipeline assessed it: the interval is of its ranks in these.
    """

    unit: str
    zh: str
    en: str
    group: str
    score: float
    band: Band | None
    rank: int
    tied: bool
    interval: tuple[int, int, int] | None
    assessed: float | None
    bounds: tuple[int, int] | None  # best and worst rank that missing figures leave open
    items: tuple[Item, ...]
    adjustments: tuple[tuple[str, str, float], ...]  # (zh, en, points) other than 0
    vetoes: tuple[tuple[str, str], ...]  # (zh, en) that it broke
    score_before: float | None
    rank_before: int | None

    @property
    def moved(self) -> tuple[Item, ...]:
        """The items that changed, the largest change first."""
        changed = [item for item in self.items if item.change]
        return tuple(sorted(changed, key=lambda item: -abs(item.change or 0)))


def scorecards(result: Result) -> tuple[Card, ...]:
    """A card for each assessed bank, best first; banks that tie in the order of the dataset."""
    now = result.now
    before = _by_unit(result.before)
    intervals, assessed = _intervals(result), _assessed(result)
    apart = result.method.peers.kind == "apart"
    ranked = np.array(now.groups if apart else ("",) * len(now.units))
    peers = {group: now.contributions[ranked == group].mean(axis=0).tolist() for group in set(ranked.tolist())}
    tied = {unit for tie in now.ties for unit in tie}
    cards = []
    for row in np.argsort(now.rank, kind="stable").tolist():  # a page for people: some sixty banks
        unit = now.units[row]
        past = before.get(unit)
        old = result.before
        cards.append(
            Card(
                unit=unit,
                zh=result.data.zh[unit],
                en=result.data.en[unit],
                group=now.groups[row],
                score=float(now.score[row]),
                band=now.band_of[row],
                rank=int(now.rank[row]),
                tied=unit in tied,
                interval=intervals.get(unit),
                assessed=assessed.get(unit),
                bounds=_bounds(now, row),
                items=_items(now, row, peers[ranked[row]], old, past),
                adjustments=tuple((a.zh, a.en, float(a.values[row])) for a in now.adjustments if a.values[row]),
                vetoes=tuple((zh, en) for en, zh, broken in now.vetoes if broken[row]),
                score_before=None if old is None or past is None else float(old.score[past]),
                rank_before=None if old is None or past is None else int(old.rank[past]),
            )
        )
    return tuple(cards)


def _items(now: Assessment, row: int, peers: list[float], old: Assessment | None, past: int | None) -> tuple[Item, ...]:
    earlier: Mapping[str, float] = {}
    if old is not None and past is not None:
        earlier = dict(zip(old.indicators, old.contributions[past].tolist(), strict=True))
    columns = (now.figures[row], now.normalised[row], now.weights[row], now.contributions[row])
    return tuple(
        Item(
            indicator=name,
            figure=None if math.isnan(figure) else figure,
            normalised=normalised,
            weight=weight,
            contribution=own,
            peers=mean,
            change=own - earlier[name] if name in earlier else None,
        )
        for name, figure, normalised, weight, own, mean in zip(
            now.indicators, *(column.tolist() for column in columns), peers, strict=True
        )
    )


def _by_unit(assessment: Assessment | None) -> dict[str, int]:
    return {} if assessment is None else {unit: row for row, unit in enumerate(assessment.units)}


def _intervals(result: Result) -> dict[str, tuple[int, int, int]]:
    own = result.uncertainty
    if own is None:
        return {}
    table = np.stack([own.low, own.median, own.high], axis=1)
    return {
        unit: (int(ranks[0]), int(ranks[1]), int(ranks[2]))
        for unit, ranks in zip(result.data.panel.units, table, strict=True)
        if np.isfinite(ranks).all()
    }


def _assessed(result: Result) -> dict[str, float]:
    own = result.uncertainty
    return {} if own is None else dict(zip(result.data.panel.units, own.assessed.tolist(), strict=True))


def _bounds(now: Assessment, row: int) -> tuple[int, int] | None:
    if now.interval is None:
        return None
    return int(now.interval.best_rank[row]), int(now.interval.worst_rank[row])
