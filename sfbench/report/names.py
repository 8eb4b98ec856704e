"""How metrics, their parts and units are called on the page."""

from __future__ import annotations

from collections.abc import Mapping

from sfbench.report.parts import Both, Cell, same
from sfbench.spec import Metric
from sfbench.words import short_unit


def cells(metrics: Mapping[str, Metric], metric: str, component: str) -> list[Cell]:
    """The first two cells of a row: metric and component, by their ids where no file declares them."""
    own = metrics.get(metric)
    part = next((part for part in own.components if part.name == component), None) if own else None
    return [
        Cell((own.zh, own.en) if own else same(metric)),
        Cell((part.zh, part.en) if part else same(component)),
    ]


def sign(unit_name: str) -> Both:
    """A unit as an axis shows it."""
    return short_unit("zh", unit_name).strip(), short_unit("en", unit_name).strip()
