"""What the indicators of a method ask of metrics: figures by bank, of components that there are, often enough."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sfbench.assess.calendar import MONTHS
from sfbench.assess.own_figures import METRIC
from sfbench.assess.spec import Indicator, Method
from sfbench.errors import SfbenchError, did_you_mean
from sfbench.spec import Metric

CUT = "bank"


def figures_asked(method: Method) -> Iterator[tuple[str, str, str]]:
    """(indicator, metric, component) of every figure that the method looks at, denominators too."""
    for key, indicator in method.indicators.items():
        yield key, indicator.metric, indicator.component
        if indicator.over:
            yield key, *indicator.over


def unit_of(indicator: Indicator, known: Mapping[str, Metric]) -> str:
    """Unit of an indicator's figure before transforms; empty where it is not known."""
    if indicator.period.kind in ("growth", "market_share") or indicator.metric == METRIC:
        return ""
    if indicator.over:
        return "%"
    parts = known[indicator.metric].components
    return next(part.unit for part in parts if part.name == indicator.component)


def unsound(method: Method, known: Mapping[str, Metric]) -> Iterator[SfbenchError]:
    """An error for each metric, component or cut that is not there, and each metric rarer than the method's period."""
    for key, indicator in method.indicators.items():
        if indicator.cut != CUT:
            yield SfbenchError(f"indicator {key!r} is cut by {indicator.cut!r}", where=indicator.where, fix="cut: bank")
    for key, name_, component in figures_asked(method):
        where = method.indicators[key].where
        if name_ == METRIC:
            continue
        metric = known.get(name_)
        if metric is None:
            fix = did_you_mean(name_, (*known, METRIC))
            yield SfbenchError(f"no metric {name_!r}", where=where, fix=fix)
            continue
        parts = [part.name for part in metric.components]
        if component not in parts:
            fix = did_you_mean(component, parts)
            yield SfbenchError(f"{metric.id} has no component {component!r}", where=where, fix=fix)
        if CUT not in metric.cuts:
            yield SfbenchError(
                f"{metric.id} has no figures by bank", where=where, why=f"cuts: {', '.join(metric.cuts)}"
            )
        if MONTHS[metric.period] > MONTHS[method.period]:
            why = f"{metric.id} is by {metric.period}, the method by {method.period}"
            yield SfbenchError(f"indicator {key!r} has no figure in each period", where=where, why=why)
