"""What the sections of the page are built of, and the charts that they register."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sfbench.report.charts import Both, Spec

__all__ = ["Both", "Cell", "Chart", "Charts", "Table", "same"]


@dataclass(frozen=True, slots=True)
class Cell:
    """Text of a table in both languages; `sort` is the number by which its column is put in order."""

    text: Both
    sort: float | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """`name` is that of the file that the reader may save."""

    name: str
    caption: Both
    headings: Sequence[Both]
    rows: Sequence[Sequence[Cell]]


@dataclass(frozen=True, slots=True)
class Chart:
    """A place of the page in which a chart is drawn."""

    id: str
    caption: Both


@dataclass(slots=True)
class Charts:
    """The specifications of all charts of the page, by the id of their place."""

    specs: dict[str, Spec] = field(default_factory=dict)

    def add(self, caption: Both, spec: Spec) -> Chart:
        """A place for a chart."""
        name = f"c{len(self.specs)}"
        self.specs[name] = spec
        return Chart(name, caption)


def same(text: str) -> Both:
    """Words that are alike in both languages."""
    return text, text
