"""The chain: figures, exclusions, imputation, outliers, normalisation, weights, aggregation, rules, bands, ranks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from sfbench.assess.assessment import Assessment
from sfbench.assess.bounds import interval
from sfbench.assess.check import compatible
from sfbench.assess.context import Context, Note
from sfbench.assess.exclude import Exclusion
from sfbench.assess.field import Field, Normalised, by_step, call, joined, normalised
from sfbench.assess.outcome import Outcome, merged, of_group, scored
from sfbench.assess.panel import Bools, Floats, NotAssessable, Panel
from sfbench.assess.ranks import ties
from sfbench.assess.rules import Figures
from sfbench.assess.spec import Method, Step
from sfbench.errors import SfbenchError, did_you_mean, raise_all

_FILLED_ZH = {
    "mean": "均值",
    "median": "中位数",
    "peer_median": "同组中位数",
    "last_observed": "最近一期数值",
    "worst_observed": "最差观测值",
    "best_observed": "最好观测值",
    "iterative": "回归估计值",
}


def run(method: Method, panel: Panel) -> Assessment:
    """Assesses the panel's last period. Pure: the same method and panel give the same result.

    Columns of the panel that the method does not declare are not looked at. Raises SfbenchError where steps do not go
    together, an indicator is not in the panel, a step is not defined for the figures, or no unit is left.
    """
    compatible(method)
    if method.missing.kind == "bounds":
        low = run(method.with_step("missing", Step("worst_observed")), panel)
        high = run(method.with_step("missing", Step("best_observed")), panel)
        en, zh = "score and rank are those with the worst observed figures", "得分与名次按最差观测值填补"
        note = Note("missing", en, zh)
        own = interval(low, high, method.peers.kind == "apart")
        return replace(low, interval=own, notes=(*low.notes, note), realised=method.pipeline())
    panel = _ordered(method, panel)
    figures = _figures(method, panel)
    keep, exclusions = _excluded(method, panel, figures)
    field, notes = _field(method, panel, figures, keep)
    numbers = np.unique(field.context.groups)
    parts = [field] if method.peers.kind == "together" else [field.units(field.context.groups == g) for g in numbers]
    treated = []
    for part in parts:
        done, fallen = normalised(method, part, panel.units)
        treated.append(done)
        exclusions += fallen
    notes += tuple(_alone(method, panel, treated))
    if method.peers.kind != "apart":
        treated = [joined(treated)]
    rated = Figures(panel.indicators, figures)
    full = [part for part in treated if len(part.places)]
    if method.peers.kind == "apart":
        outcomes = [_of_peers(method, part, rated, panel.groups[part.places[0]]) for part in full]
    else:
        outcomes = [scored(method, part, rated) for part in full]
    if not outcomes:
        first = {e.en: e.unit for e in reversed(exclusions)}  # of each reason
        why = "; ".join(f"{unit}: {reason}" for reason, unit in list(first.items())[::-1][:5])
        raise NotAssessable("no unit can be assessed", why=why, fix="look at `exclude` and `missing` of the method")
    names = field.context.names
    return _assessment(method, panel, merged(outcomes), names, figures, tuple(exclusions), notes)


def _ordered(method: Method, panel: Panel) -> Panel:
    """The panel with the method's indicators only, in the method's order."""
    unknown = [name for name in method.indicators if name not in panel.indicators]
    fix = [did_you_mean(name, panel.indicators) for name in unknown]
    raise_all([SfbenchError(f"the panel has no indicator {n!r}", fix=f) for n, f in zip(unknown, fix, strict=True)])
    columns = [panel.indicators.index(name) for name in method.indicators]
    return replace(panel, indicators=tuple(method.indicators), values=panel.values[:, :, columns])


def _figures(method: Method, panel: Panel) -> Floats:
    """[unit, period, indicator] after period rule and transform."""
    figures = panel.values.copy()
    for step in ("period", "transform"):
        for choice, mask in by_step([getattr(indicator, step) for indicator in method.indicators.values()]):
            names = tuple(name for name, chosen in zip(panel.indicators, mask, strict=True) if chosen)
            own = (figures[:, :, mask],) if step == "period" else (figures[:, :, mask], names)
            figures[:, :, mask] = call(step, choice, *own)
    return figures


def _excluded(method: Method, panel: Panel, figures: Floats) -> tuple[Bools, list[Exclusion]]:
    """(mask of the units that stay, exclusions); the first rule that a unit falls under is its reason."""
    keep = np.ones(len(panel.units), bool)
    exclusions: list[Exclusion] = []
    for rule in method.exclude:
        out, en, zh = call("exclude", rule, panel, figures)
        exclusions += [Exclusion(panel.units[u], en, zh) for u in np.nonzero(out & keep)[0]]
        keep &= ~out
    return keep, exclusions


def _field(method: Method, panel: Panel, figures: Floats, keep: Bools) -> tuple[Field, tuple[Note, ...]]:
    """The units that stay, with the scored indicators of which any of them has a figure."""
    wanted = np.array([indicator.role == "scored" for indicator in method.indicators.values()])
    seen = np.isfinite(figures[keep, -1]).any(axis=0)
    empty = [name for name, column, has in zip(panel.indicators, wanted, seen, strict=True) if column and not has]
    if empty and (method.empty.kind == "refuse" or not (wanted & seen).any()):
        why = f"{', '.join(empty)}: not reported by any unit in {panel.periods[-1]}"
        raise NotAssessable("an indicator has no figures", why=why, fix="bring the data, or name `empty: leave_out`")
    columns = wanted & seen
    names = tuple(name for name, column in zip(panel.indicators, columns, strict=True) if column)
    own = [method.indicators[name] for name in names]
    depth = min(_depth(method), len(panel.periods) - 1)
    part = figures[keep][:, -1 - depth :, columns]
    context = Context(
        names=names,
        pillars=tuple(indicator.pillar for indicator in own),
        sign=np.array([1.0 if indicator.direction == "up" else -1.0 for indicator in own]),
        goalposts=np.array([indicator.goalposts or (np.nan, np.nan) for indicator in own]),
        history=part[:, :-1],
        groups=np.unique(np.array(panel.groups), return_inverse=True)[1].reshape(-1)[keep],
        aside=dict(zip(panel.indicators, figures[keep, -1].T, strict=True)),
        treated=part[:, -1],
    )
    which = ", ".join(empty)
    note = Note("empty", f"left out, as no unit has a figure: {which}", f"无数据，未计入：{which}")
    return Field(np.nonzero(keep)[0], part, context), (note,) if empty else ()


def _depth(method: Method) -> int:
    """Earlier periods that imputation and normalisation look at."""
    steps = [method.missing, method.normalise, *(i.normalise for i in method.indicators.values() if i.normalise)]
    return max(int(step.options.get("periods", 0)) for step in steps)


def _of_peers(method: Method, part: Normalised, figures: Figures, group: str) -> Outcome:
    """The outcome of a peer group that is assessed apart; an error, such as of a group of one, says which."""
    try:
        return of_group(scored(method, part, figures), group)
    except SfbenchError as error:
        why = f"peer group {group} is assessed apart"
        why = f"{why}; {error.why}" if error.why else why
        raise type(error)(error.what, where=error.where, why=why, fix=error.fix) from error


def _alone(method: Method, panel: Panel, parts: Sequence[Normalised]) -> Iterator[Note]:
    """Peer groups of one unit that are normalised within: it has the middle of every scale, whatever its figures."""
    if method.peers.kind == "normalise_within":
        which = ", ".join(panel.groups[part.places[0]] for part in parts if len(part.places) == 1)
        if which:
            yield Note("peers", f"one unit alone, and level with itself: {which}", f"组内仅一家，无从比较：{which}")


def _assessment(
    method: Method,
    panel: Panel,
    outcome: Outcome,
    names: tuple[str, ...],
    figures: Floats,
    exclusions: tuple[Exclusion, ...],
    notes: tuple[Note, ...],
) -> Assessment:
    places = outcome.places
    units = tuple(panel.units[u] for u in places)
    columns = [panel.indicators.index(name) for name in names]
    apart = np.array([panel.groups[u] for u in places]) if method.peers.kind == "apart" else np.full(len(places), "")
    numbers = np.unique(apart, return_inverse=True)[1].reshape(-1)
    raw = figures[places][:, -1, columns]
    return Assessment(
        method=method.name,
        period=panel.periods[-1],
        units=units,
        names=tuple(panel.names[u] for u in places),
        groups=tuple(panel.groups[u] for u in places),
        indicators=names,
        figures=raw,
        treated=outcome.treated,
        normalised=outcome.normalised,
        weights=outcome.weights,
        contributions=outcome.contributions,
        additive=outcome.additive,
        base=outcome.base,
        score=outcome.score,
        rank=outcome.rank,
        ties=ties(outcome.rank, numbers, units),
        band=outcome.band,
        bands=outcome.bands,
        adjustments=outcome.adjustments,
        vetoes=outcome.vetoes,
        exclusions=exclusions,
        notes=(*notes, *_made(method, names, raw, outcome.treated), *outcome.notes),
        realised=method.pipeline(),
    )


def _made(method: Method, names: tuple[str, ...], raw: Floats, treated: Floats) -> Iterator[Note]:
    """Which figures of the assessed period are not those that were reported."""
    gaps = np.isnan(raw)
    if gaps.any():
        which = _counted(names, gaps)
        en = f"{gaps.sum()} figures are imputed by {method.missing.kind}: {which}"
        by = _FILLED_ZH.get(method.missing.kind, method.missing.kind)
        yield Note("missing", en, f"{gaps.sum()}个缺失值以{by}填补：{which}")
    pulled = ~gaps & (treated != raw)
    if method.outliers.kind.startswith("winsorise") and pulled.any():
        which = _counted(names, pulled)
        yield Note(
            "outliers", f"{pulled.sum()} outliers are pulled in: {which}", f"{pulled.sum()}个极端值被拉回：{which}"
        )


def _counted(names: tuple[str, ...], mask: Bools) -> str:
    counts = mask.sum(axis=0).tolist()
    return ", ".join(f"{name} ({count})" for name, count in zip(names, counts, strict=True) if count)
