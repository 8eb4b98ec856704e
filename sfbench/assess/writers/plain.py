"""Tables for machines: the ranking, the indicators and the replicates as CSV, everything as JSON."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from sfbench.assess.apply import Result
from sfbench.assess.panel import Floats
from sfbench.assess.scorecard import Card, Item
from sfbench.assess.uncertainty import Uncertainty
from sfbench.metrics.writers.file import write_file
from sfbench.metrics.writers.plain import write_csv


def ranking(cards: Sequence[Card]) -> list[dict[str, Any]]:
    """One record per bank, best first."""
    return [
        {
            "institution_id": card.unit,
            "name_zh": card.zh,
            "name_en": card.en,
            "bank_type": card.group,
            "rank": card.rank,
            "tied": card.tied,
            "score": card.score,
            "band": card.band.id if card.band else None,
            "rank_low": card.interval[0] if card.interval else None,
            "rank_median": card.interval[1] if card.interval else None,
            "rank_high": card.interval[2] if card.interval else None,
            "assessed_share": card.assessed,
            "rank_best_if_reported": card.bounds[0] if card.bounds else None,
            "rank_worst_if_reported": card.bounds[1] if card.bounds else None,
            "score_before": card.score_before,
            "rank_before": card.rank_before,
        }
        for card in cards
    ]


def write_ranking(cards: Sequence[Card], path: Path) -> None:
    """One line per bank."""
    write_csv(pa.Table.from_pylist(ranking(cards)), path)


def write_indicators(result: Result, cards: Sequence[Card], path: Path) -> None:
    """One line per bank and scored indicator."""
    rows = [{"institution_id": card.unit, **_item(result, item)} for card in cards for item in card.items]
    write_csv(pa.Table.from_pylist(rows), path)


def write_replicates(result: Result, uncertainty: Uncertainty, path: Path) -> None:
    """The log: one line per replicate with each step as it was realised, the mean shift of ranks, weights."""
    columns: dict[str, Any] = {"replicate": np.arange(len(uncertainty.shift))}
    for place, factor in enumerate(uncertainty.factors):
        columns[factor.step] = pa.array(map(str, factor.choices)).take(pa.array(uncertainty.drawn[:, place]))
    columns["mean_rank_shift"] = _numbers(uncertainty.shift)
    if uncertainty.weights is not None:
        for name, weights in zip(result.method.scored, uncertainty.weights.T, strict=True):
            columns[f"weight_{name}"] = _numbers(weights)
    write_csv(pa.table(columns), path)


def _numbers(values: Floats) -> pa.Array:
    return pa.array(values, mask=np.isnan(values))


def as_json(result: Result, cards: Sequence[Card]) -> dict[str, Any]:
    """The whole result for machines; what is not known is null."""
    now, method = result.now, result.method
    return {
        "method": method.name,
        "title": {"zh": method.title_zh, "en": method.title_en},
        "source": method.source,
        "confidence": method.confidence,
        "official": method.official,
        "period": now.period,
        "realised": list(now.realised),
        "contributions_sum_to_score": now.additive,
        "notes": [{"step": n.step, "zh": n.zh, "en": n.en} for n in now.notes],
        "missing": dict(result.data.missing),
        "no_year_before": result.no_before or None,
        "excluded": [{"institution_id": e.unit, "zh": e.zh, "en": e.en} for e in now.exclusions],
        "banks": [
            record
            | {
                "adjustments": [{"zh": zh, "en": en, "points": points} for zh, en, points in card.adjustments],
                "vetoes": [{"zh": zh, "en": en} for zh, en in card.vetoes],
                "indicators": [_item(result, item) for item in card.items],
            }
            for record, card in zip(ranking(cards), cards, strict=True)
        ],
        "uncertainty": _uncertainty(result),
    }


def write_json(result: Result, cards: Sequence[Card], path: Path) -> None:
    """The same as a file."""
    text = json.dumps(as_json(result, cards), ensure_ascii=False, allow_nan=False, indent=1)
    write_file(path, lambda sink: sink.write((text + "\n").encode()))


def _item(result: Result, item: Item) -> dict[str, Any]:
    own = result.method.indicators[item.indicator]
    return {
        "indicator": item.indicator,
        "zh": own.zh,
        "en": own.en,
        "figure": item.figure,
        "normalised": item.normalised,
        "weight": item.weight,
        "contribution": item.contribution,
        "mean_contribution": item.peers,
        "change_in_a_year": item.change,
    }


def _uncertainty(result: Result) -> dict[str, Any] | None:
    own, sobol = result.uncertainty, result.sobol
    if own is None:
        return None
    indices = [
        {"step": name, "first": first, "total": total}
        for name, first, total in zip(sobol.names, sobol.first.tolist(), sobol.total.tolist(), strict=True)
    ] if sobol else []  # fmt: skip
    return {
        "replicates": len(own.shift),
        "pipelines": own.pipelines,
        "weight_spread": result.method.weight_spread,
        "choices": {factor.step: [str(choice) for choice in factor.choices] for factor in own.factors},
        "refused": [{"step": r.step, "choice": r.choice, "like": r.like} for r in own.refused],
        "failed": [{"pipeline": list(f.realised), "replicates": f.replicates, "why": f.why} for f in own.failed],
        "sobol_of_mean_rank_shift": indices,
        "no_sobol": result.no_sobol or None,
        "without": [
            {
                "indicator": left.indicator,
                "mean_rank_shift": None if math.isnan(left.shift) else left.shift,
                "largest_shift": left.largest,
                "institution_id": left.unit or None,
                "why": left.why or None,
            }
            for left in result.left_out
        ],
    }
