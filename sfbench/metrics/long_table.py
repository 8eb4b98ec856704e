"""The long table: the figures of all metrics, with city values, units and what was found of targets.

As in `figures`, nothing here may import pandas.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sfbench.draws.text import vocabulary_array
from sfbench.metrics.arrays import array
from sfbench.metrics.targets import Verdict, judge, parse_target
from sfbench.spec import Metric

_ZERO = vocabulary_array(["0"]).cast(pa.int32())[0]


def long_table(
    metrics: Iterable[Metric], figures: Mapping[str, pa.Table], scale: float, cuts: Sequence[str] | None
) -> pa.Table:
    """The figures, in the order of the metrics; of the chosen cuts only, a metric's reason in any case."""
    return pa.concat_tables([_rows(metric, figures[metric.id], scale, cuts) for metric in metrics])


def _rows(metric: Metric, rows: pa.Table, scale: float, cuts: Sequence[str] | None) -> pa.Table:
    number = rows.num_rows
    names = [part.name for part in metric.components]
    additive = vocabulary_array([part.name for part in metric.components if part.additive])
    city = pc.divide(rows["value"], array(pa.float64(), np.array([scale], np.float64))[0])
    value_city = pc.if_else(pc.is_in(rows["component"], additive), city, rows["value"])
    verdicts = _verdicts(metric, rows, value_city)
    columns = {
        "metric": rows["metric"],
        "measure": array(pa.int32(), np.full(number, metric.measure, np.int32)),
        "component": rows["component"],
        "period": rows["period"],
        "cut": rows["cut"],
        "cut_value": rows["cut_value"],
        "value": rows["value"],
        "value_city": value_city,
        "unit": vocabulary_array([part.unit for part in metric.components]).take(
            pc.index_in(rows["component"], vocabulary_array(names))
        ),
        "scope_version": rows["scope_version"],
        "target": _column([verdict and metric.target for verdict in verdicts], pa.string(), number),
        "status": _column([verdict and verdict.status for verdict in verdicts], pa.string(), number),
        "first_achieved_on": _column([one and one.first_achieved_on for one in verdicts], pa.date32(), number),
        "sustained": _column([verdict and verdict.sustained for verdict in verdicts], pa.bool_(), number),
        "computable": rows["computable"],
        "reason": rows["reason"],
    }
    table = pa.table(columns)
    if cuts is None:
        return table
    return table.filter(pc.or_(pc.is_in(table["cut"], vocabulary_array(cuts)), pc.is_null(table["period"])))


def _verdicts(metric: Metric, rows: pa.Table, value_city: pa.ChunkedArray) -> list[Verdict | None]:
    """One of each row, up to the last that has one: those of a judged component's totals.

    The totals of a component follow each other; of those a row in no month, as a reason is, comes last and is not
    judged.
    """
    found: list[Verdict | None] = []
    is_total = pc.is_in(rows["cut"], vocabulary_array(["total"]))
    for component in metric.judged:
        judged = pc.and_(is_total, pc.is_in(rows["component"], vocabulary_array([component])))
        start, length = pc.index(judged, pc.is_valid(vocabulary_array([""]))[0]).as_py(), pc.sum(judged).as_py()
        if not length:
            continue
        months = [month for month in rows["period"].slice(start, length).to_pylist() if month]
        values, scopes = (one.slice(start, len(months)).to_pylist() for one in (value_city, rows["scope_version"]))
        found += [None] * (start - len(found)) + [*judge(parse_target(metric.target), months, values, scopes)]
        found += [Verdict(None, None, None)] * (length - len(months))
    return found


def _column(values: Sequence[object], kind: pa.DataType, length: int) -> pa.Array:
    """Values, None as null, and nulls after them up to the length."""
    words = vocabulary_array(["" if value is None else str(value) for value in values])
    known = pc.if_else(pc.equal(pc.binary_length(words), _ZERO), pa.nulls(len(words), pa.string()), words).cast(kind)
    return pa.concat_arrays([known, pa.nulls(length - len(words), kind)])
