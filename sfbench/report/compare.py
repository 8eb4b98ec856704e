"""Two datasets side by side: every total of every metric at the same month, and its course."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import duckdb
import pyarrow as pa

from sfbench.errors import SfbenchError
from sfbench.metrics.writers.file import write_file
from sfbench.report.charts import Both, trend
from sfbench.report.figures import Figures
from sfbench.report.measures import titles
from sfbench.report.names import cells, sign
from sfbench.report.parts import Cell, Chart, Charts, Table, measured, month_end, same
from sfbench.report.render import rendered
from sfbench.spec import Metric
from sfbench.words import Language, unit

# The latest month at which both have a value, up to `until`.
_PAIRS = """
SELECT
    a.metric, a.component, any_value(a.measure) AS measure, any_value(a.unit) AS unit, max(a.period) AS period,
    arg_max(a.value_city, a.period) AS a, arg_max(b.value_city, b.period) AS b
FROM left_table AS a
JOIN right_table AS b USING (metric, component, period, cut)
WHERE cut = 'total' AND a.value_city IS NOT NULL AND b.value_city IS NOT NULL
    AND ($until IS NULL OR period <= $until)
GROUP BY a.metric, a.component
ORDER BY measure, a.metric, a.component
"""
_HEADINGS: list[Both] = [
    ("指标", "Metric"), ("分项", "Component"), ("月份", "Month"), ("A", "A"), ("B", "B"), ("差异", "Difference"),
    ("差异（%）", "Difference, %"), ("单位", "Unit"),
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Pair:
    """One component of a metric at one month in both datasets, as values of a whole city."""

    metric: str
    component: str
    measure: int
    unit: str
    period: datetime.date
    a: float
    b: float

    @property
    def difference(self) -> float:
        """B less A."""
        return self.b - self.a

    @property
    def percent(self) -> float | None:
        """The difference as a share of A, in per cent; None where A is zero."""
        return 100 * self.difference / abs(self.a) if self.a else None


@dataclass(frozen=True, slots=True)
class _Measure:
    number: int
    title: Both
    table: Table
    charts: list[Chart]


def pairs(left: pa.Table, right: pa.Table, until: datetime.date | None = None) -> list[Pair]:
    """The totals that both long tables have, by measure and metric, each at the latest month up to `until`.

    Raises SfbenchError if they have none in common.
    """
    with duckdb.connect() as connection:
        connection.register("left_table", left)
        connection.register("right_table", right)
        rows = connection.execute(_PAIRS, {"until": until}).fetchall()
    if not rows:
        raise SfbenchError(
            "the two have no figure of the same metric and month", fix="compare datasets of the same months"
        )
    return [Pair(*row) for row in rows]


def save(
    left: pa.Table,
    right: pa.Table,
    sides: tuple[Both, Both],
    found: Sequence[Pair],
    metrics: Mapping[str, Metric],
    path: Path,
    lang: Language,
) -> None:
    """Writes the page. `sides` says what A and B are. Raises SfbenchError as `rendered` and `write_file` do."""
    charts, a, b, known = Charts(), Figures(left), Figures(right), titles()
    measures = []
    for number, group in groupby(found, key=lambda pair: pair.measure):
        mine = list(group)
        caption = (f"{known[number][0]}：A与B", f"{known[number][1]}: A and B")
        table = Table(f"measure_{number}", caption, _HEADINGS, [_row(pair, metrics) for pair in mine])
        names = [name for name in dict.fromkeys(pair.metric for pair in mine) if name in metrics]
        measures.append(_Measure(number, known[number], table, [_chart(metrics[name], a, b, charts) for name in names]))
    title = ("两个数据集对照", "Two datasets side by side")
    page = rendered("compare.html", lang, charts, title=title, sides=sides, measures=measures).encode()
    write_file(path, lambda sink: sink.write(page))


def _row(pair: Pair, metrics: Mapping[str, Metric]) -> list[Cell]:
    return [
        *cells(metrics, pair.metric, pair.component),
        month_end(pair.period),
        measured(pair.a, pair.unit),
        measured(pair.b, pair.unit),
        measured(pair.difference, pair.unit),
        measured(pair.percent),
        Cell((unit("zh", pair.unit), unit("en", pair.unit))),
    ]


def _chart(metric: Metric, a: Figures, b: Figures, charts: Charts) -> Chart:
    """The metric's first component in both."""
    part = metric.components[0]
    series = [(same("A"), a.total(metric.id, part.name)), (same("B"), b.total(metric.id, part.name))]
    return charts.add((f"{metric.zh}：{part.zh}", f"{metric.en}: {part.en}"), trend(series, sign(part.unit)))
