"""From normalised figures to scores, bands and ranks: of all units, or of one peer group assessed apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

from sfbench.assess.bands import Band, Banded
from sfbench.assess.context import Aggregate, Note, Weights, named
from sfbench.assess.field import Normalised, call
from sfbench.assess.panel import Bools, Floats, Ints
from sfbench.assess.ranks import ranks
from sfbench.assess.rules import Figures, Points, Veto
from sfbench.assess.spec import Method


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """Arrays over the units of `places`, as Assessment describes them."""

    places: Ints
    treated: Floats
    normalised: Floats
    weights: Floats
    contributions: Floats
    base: Floats
    score: Floats
    rank: Ints
    band: Ints
    additive: bool
    bands: tuple[Band, ...]
    adjustments: tuple[Points, ...]
    vetoes: tuple[tuple[str, str, Bools], ...]
    notes: tuple[Note, ...]


def scored(method: Method, part: Normalised, figures: Figures) -> Outcome:
    """The part's outcome. `figures` are of all units of the panel: rules look at indicators that are not scored too."""
    own = Figures(figures.indicators, figures.values[part.places])
    weights: Weights = call("weights", method.weights, part.values, part.context)
    total: Aggregate = call("aggregate", method.aggregate, part.values, weights.values, part.context)
    items: list[Points] = [call("adjust", item, own) for item in method.adjust]
    vetoes: list[Veto] = [call("veto", rule, own) for rule in method.veto]
    score = total.score + sum(item.values for item in items)
    for veto in vetoes:
        if veto.effect == "score_at_most" and isinstance(veto.to, float):
            score = np.where(veto.broken, np.minimum(score, veto.to), score)
    behind = np.zeros(len(score), bool)
    for veto in vetoes:
        behind |= veto.broken & (veto.effect == "rank_last")
    rank = ranks(score - behind * (np.ptp(score) + 1))
    banded: Banded = call("bands", method.bands, score, rank)
    band = banded.band
    for veto in vetoes:
        if veto.effect == "band_at_most":
            lowest = [name.id for name in banded.names].index(str(veto.to))
            band = np.where(veto.broken & (band >= 0), np.maximum(band, lowest), band)
    notes = (*weights.notes, *total.notes, *(n for item in items for n in item.notes))
    notes += (*(n for veto in vetoes for n in veto.notes), *banded.notes, *_level(part))
    return Outcome(
        places=part.places,
        treated=part.context.treated,
        normalised=part.values,
        weights=np.broadcast_to(weights.values, part.values.shape),
        contributions=total.contributions,
        base=total.score,
        score=score,
        rank=rank,
        band=band,
        additive=total.additive,
        bands=banded.names,
        adjustments=tuple(items),
        vetoes=tuple((veto.en, veto.zh, veto.broken) for veto in vetoes),
        notes=notes,
    )


def of_group(outcome: Outcome, group: str) -> Outcome:
    """The outcome of one peer group, whose notes say so."""
    return replace(outcome, notes=tuple(Note(n.step, f"{group}: {n.en}", f"{group}：{n.zh}") for n in outcome.notes))


def merged(outcomes: Sequence[Outcome]) -> Outcome:
    """The outcomes of groups assessed apart as one, in the order of the panel."""
    if len(outcomes) == 1:
        return outcomes[0]
    first = outcomes[0]
    order = np.argsort(np.concatenate([o.places for o in outcomes]))
    arrays: dict[str, Any] = {
        field.name: np.concatenate([getattr(o, field.name) for o in outcomes])[order]
        for field in fields(Outcome)
        if isinstance(getattr(first, field.name), np.ndarray)
    }
    items = tuple(
        replace(item, values=np.concatenate([o.adjustments[i].values for o in outcomes])[order])
        for i, item in enumerate(first.adjustments)
    )
    vetoes = tuple(
        (en, zh, np.concatenate([o.vetoes[i][2] for o in outcomes])[order])
        for i, (en, zh, _) in enumerate(first.vetoes)
    )
    notes = tuple(dict.fromkeys(note for o in outcomes for note in o.notes))
    return replace(first, **arrays, adjustments=items, vetoes=vetoes, notes=notes)


def _level(part: Normalised) -> tuple[Note, ...]:
    """Indicators that all units have alike after treatment."""
    same = part.context.treated.max(axis=0) == part.context.treated.min(axis=0)
    if not same.any() or len(part.places) == 1:
        return ()
    which = named(part.context.names, same)
    return (Note("normalise", f"tells no unit from another: {which}", f"各机构取值相同，无区分度：{which}"),)
