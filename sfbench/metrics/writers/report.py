"""What a report of figures holds, and what all its forms say alike."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import groupby

import pyarrow as pa
import pyarrow.compute as pc

from sfbench.metrics.groups import Held, group_words
from sfbench.metrics.latest import Series, series
from sfbench.spec import Metric
from sfbench.words import Language, pick, reason


@dataclass(frozen=True, slots=True)
class Report:
    """The long table with what names its figures. `metrics` holds at least the metrics of the table.

    published: last month with published figures (None: not known); synthetic: the data are made by sfbench;
    every_cut: the short tables show every cut, not the totals alone; held: names of groups by the dataset's tables.
    """

    table: pa.Table
    metrics: Mapping[str, Metric]
    lang: Language = "en"
    published: datetime.date | None = None
    synthetic: bool = False
    every_cut: bool = False
    held: Held = field(default_factory=dict)

    def latest(self) -> list[Series]:
        """Each series at its latest month."""
        return series(self.table, self.published, every_cut=self.every_cut)

    def by_measure(self) -> list[tuple[int, list[Series]]]:
        """The same by measure of the action plan."""
        return [(number, list(group)) for number, group in groupby(self.latest(), key=lambda one: one.measure)]

    def group(self, one: Series) -> str:
        """The group of a series in words; empty for the total."""
        return "" if one.cut == "total" else group_words(one.metric, one.cut, one.cut_value, self.lang, self.held)

    def not_computable(self) -> dict[str, list[str]]:
        """Reason -> ids of the metrics that have no figure at all for this reason."""
        return not_computable(self.table)


def not_computable(long_table: pa.Table) -> dict[str, list[str]]:
    """Reason -> ids of the metrics of a long table that have no figure at all for this reason, in order."""
    alone = long_table.filter(pc.is_null(long_table["period"]))
    found: dict[str, list[str]] = {}
    for name, why in zip(alone["metric"].to_pylist(), alone["reason"].to_pylist(), strict=True):
        found.setdefault(why, []).append(name)
    return found


def measure_title(lang: Language, number: int) -> str:
    """How a measure of the action plan is called; 0 stands for its headline targets, 20 for context."""
    if number == 0:
        return pick(lang, "Headline targets", "总体目标")
    return pick(lang, "Context", "背景") if number == 20 else pick(lang, f"Measure {number}", f"举措{number}")


def notes(report: Report) -> list[str]:
    """What a reader must know before the figures."""
    lang, words = report.lang, []
    if report.synthetic:
        words.append(pick(lang, "Synthetic data: no row stands for a real firm or bank.", "合成数据：不对应真实机构。"))
        words.append(pick(lang, "Values are scaled to a whole city.", "数值已折算为全市口径。"))
    if report.published:
        month = f"{report.published:%Y-%m}"
        words.append(pick(lang, f"Months after {month} are a projection.", f"{month}之后为推演。"))
    words.append(pick(lang, "A finding says when a target was met, not why.", "结论只说明何时达成，不说明原因。"))
    return words


def reason_lines(report: Report) -> list[str]:
    """A line for each reason for which metrics have no figure."""
    return [f"{reason(report.lang, why)}: {', '.join(names)}" for why, names in report.not_computable().items()]
