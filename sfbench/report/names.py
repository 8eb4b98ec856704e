"""How metrics, their parts and units are called on the page."""

from __future__ import annotations

from collections.abc import Mapping

from sfbench.report.parts import Both, Cell, same
from sfbench.spec import Component, Metric
from sfbench.words import short_unit


def cells(metrics: Mapping[str, Metric], metric: str, name: str) -> list[Cell]:
    """The first two cells of a row: metric and component, by their ids where no file declares them."""
    own = metrics.get(metric)
    part = next((part for part in own.components if part.name == name), None) if own else None
    return [
        Cell((own.zh, own.en) if own else same(metric)),
        Cell((part.zh, part.en) if part else same(name)),
    ]


def component(metric: Metric, name: str) -> Component:
    """A component of a metric that has it."""
    return next(part for part in metric.components if part.name == name)


def caption(metric: Metric, name: str) -> Both:
    """A metric and one of its components."""
    part = component(metric, name)
    return f"{metric.zh}：{part.zh}", f"{metric.en}: {part.en}"


def sign(unit_name: str) -> Both:
    """A unit as an axis shows it."""
    return short_unit("zh", unit_name).strip(), short_unit("en", unit_name).strip()
