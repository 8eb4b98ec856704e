"""A metric over time, as its card and its definition show it."""

from __future__ import annotations

from sfbench.metrics.targets import parse_target
from sfbench.report.charts import trend
from sfbench.report.collect import Pieces
from sfbench.report.figures import Figures
from sfbench.report.names import sign
from sfbench.report.parts import Chart, Charts
from sfbench.spec import Metric


def course(
    pieces: Pieces, metric: Metric, figures: Figures, charts: Charts, *, most: int | None = None
) -> Chart | None:
    """The components that have the unit of the first, at most so many, with the target; None if none has a figure."""
    first = metric.components[0]
    like = [part for part in metric.components if part.unit == first.unit]
    series = [((part.zh, part.en), points) for part in like if (points := figures.total(metric.id, part.name))]
    if not series:
        return None
    level = parse_target(metric.target).level if metric.target else None
    drawn = trend(series[:most], sign(first.unit), target=level, published=pieces.published)
    return charts.add((metric.zh, metric.en), drawn)
