"""What the sections of the page are built of, and the charts that they register."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sfbench.report.charts import Both, Spec
from sfbench.words import figure, month

__all__ = ["Both", "Cell", "Chart", "Charts", "Shared", "Table", "measured", "month_end", "same"]


@dataclass(frozen=True, slots=True)
class Cell:
    """Text of a table in both languages; `sort` is the number by which its column is put in order.

    A figure is not broken over lines, nor is what is `whole`.
    """

    text: Both
    sort: float | None = None
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """`name` is that of the file that the reader may save."""

    name: str
    caption: Both
    headings: Sequence[Both]
    rows: Sequence[Sequence[Cell]]


@dataclass(frozen=True, slots=True)
class Chart:
    """A place of the page in which a chart is drawn; with `shared`, that chart with the data of `name`."""

    id: str
    caption: Both
    shared: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Shared:
    """A chart that several pages show, each with its own data."""

    id: str
    caption: Both

    def of(self, name: str) -> Chart:
        """Its place on the page of one of them."""
        return Chart(f"{self.id}-{name}", self.caption, self.id, name)


@dataclass(slots=True)
class Charts:
    """The specifications of all charts of the page, by the id of their place.

    A specification without data is drawn for each of many: `series` has its days and, by the name of each, its values.
    """

    specs: dict[str, Spec] = field(default_factory=dict)
    series: dict[str, dict[str, Any]] = field(default_factory=dict)

    def add(self, caption: Both, spec: Spec) -> Chart:
        """A place for a chart."""
        name = f"c{len(self.specs)}"
        self.specs[name] = spec
        return Chart(name, caption)

    def each(
        self, caption: Both, spec: Spec, days: Sequence[str], values: Mapping[str, Sequence[float | None]]
    ) -> Shared:
        """A chart of several pages, which differ in the first of its series; the second is that of `others`."""
        made = self.add(caption, spec)
        self.series[made.id] = {"days": days, "values": values}
        return Shared(made.id, caption)


def measured(value: float | None, unit: str = "") -> Cell:
    """A figure with the sign of its unit, by which its column is put in order."""
    return Cell((figure(value, unit, "zh"), figure(value, unit)), value)


def month_end(day: datetime.date | None) -> Cell:
    """A month."""
    return Cell(same(month(day)), whole=True)


def same(text: str) -> Both:
    """Words that are alike in both languages."""
    return text, text
