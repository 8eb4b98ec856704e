"""A section for each measure of the plan: its figures as a table, its metrics as charts, and what they mean."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from sfbench.metrics.latest import Series, finding_words, target_words
from sfbench.report.charts import Both
from sfbench.report.collect import Pieces
from sfbench.report.courses import course
from sfbench.report.figures import Figures
from sfbench.report.names import cells
from sfbench.report.parts import Cell, Chart, Charts, Table, measured, month_end
from sfbench.spec import Metric
from sfbench.words import reason, unit

_TITLES = Path(__file__).with_name("measures.csv")  # headings of the action plan; the English ones are ours
_LINES = 4  # series of a chart
_HEADINGS: list[Both] = [
    ("指标", "Metric"), ("分项", "Component"), ("已公布月", "Published month"), ("最新", "Latest"), ("月份", "Month"),
    ("单位", "Unit"), ("目标", "Target"), ("结论", "Finding"),
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Definition:
    """What a metric is; its text stands in the metric's file."""

    metric: str
    name: Both
    text: Both
    chart: Chart | None


@dataclass(frozen=True, slots=True)
class Measure:
    """A section of the page."""

    number: int
    title: Both
    table: Table
    definitions: list[Definition]


def titles() -> dict[int, Both]:
    """Number of a measure -> its heading in the plan; 0 stands for the headline targets, 20 for context."""
    with _TITLES.open(encoding="utf-8", newline="") as source:
        return {int(row["measure"]): (row["zh"], row["en"]) for row in csv.DictReader(source)}


def measures(pieces: Pieces, latest: list[Series], figures: Figures, charts: Charts) -> list[Measure]:
    """The sections in the order of the plan; the metrics of a measure by name."""
    known, out = titles(), []
    for number, group in groupby(sorted(latest, key=lambda one: one.measure), key=lambda one: one.measure):
        rows = list(group)
        metrics = [pieces.metrics[name] for name in dict.fromkeys(one.metric for one in rows) if name in pieces.metrics]
        caption = (f"{known[number][0]}：各项指标", f"{known[number][1]}: figures")
        table = Table(f"measure_{number}", caption, _HEADINGS, [_row(pieces, one) for one in rows])
        out.append(Measure(number, known[number], table, [_definition(pieces, m, figures, charts) for m in metrics]))
    return out


def _row(pieces: Pieces, one: Series) -> list[Cell]:
    remark = one.remark or (None if one.last_month else one.reason)
    finding = (finding_words("zh", one) or reason("zh", remark), finding_words("en", one) or reason("en", remark))
    return [
        *cells(pieces.metrics, one.metric, one.component),
        measured(one.published_value, one.unit),
        measured(one.last_value, one.unit),
        month_end(one.last_month),
        Cell((unit("zh", one.unit), unit("en", one.unit))),
        Cell((target_words("zh", one.target, one.unit), target_words("en", one.target, one.unit))),
        Cell(finding),
    ]


def _definition(pieces: Pieces, metric: Metric, figures: Figures, charts: Charts) -> Definition:
    chart = course(pieces, metric, figures, charts, most=_LINES)
    text = (metric.source_zh or metric.source, metric.source)
    return Definition(metric.id, (metric.zh, metric.en), text, chart)
