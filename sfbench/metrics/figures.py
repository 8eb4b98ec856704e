"""The figures that a metric's query or step gives, checked against its header, as rows of one shape for all metrics.

`pa.array`, `pa.scalar` and `empty_table` import pandas wherever it is installed, which takes a quarter of a second:
they are not used here.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable

import pyarrow as pa
import pyarrow.compute as pc

from sfbench.draws.text import vocabulary_array
from sfbench.errors import SfbenchError, did_you_mean
from sfbench.spec import Metric

SCHEMA = pa.schema(
    {
        "metric": pa.string(),
        "component": pa.string(),
        "period": pa.date32(),
        "cut": pa.string(),
        "cut_value": pa.string(),
        "value": pa.float64(),
        "scope_version": pa.string(),
        "computable": pa.bool_(),
        "reason": pa.string(),
    }
)
_OPTIONAL = ("scope_version", "computable", "reason")
_REQUIRED = tuple(name for name in SCHEMA.names if name not in ("metric", *_OPTIONAL))
_TRUE = pc.is_valid(vocabulary_array([""]))[0]
_KEY = ("component", "period", "cut", "cut_value")
_SCOPE = "2025"  # loan notes carry the 2025 definition


def figures(metric: Metric, rows: pa.Table) -> pa.Table:
    """`rows` as rows of SCHEMA: components as declared, the total before the cuts, numbers of cuts by their size.

    Raises SfbenchError for columns, types, components or cuts that do not fit.
    """
    _check_columns(metric, rows.column_names)
    _check_words(metric, "component", rows, [component.name for component in metric.components])
    _check_words(metric, "cut", rows, metric.cuts)
    number = rows.num_rows
    has_value = pc.is_valid(rows["value"])
    found = {
        "metric": _all(metric.id, number),
        "scope_version": _all(_SCOPE, number),
        "computable": has_value,
        "reason": pc.if_else(has_value, pa.nulls(number, pa.string()), _all("no value", number)),
    } | {name: rows[name] for name in rows.column_names}
    return _ordered(metric, pa.table([_cast(metric, field, found[field.name]) for field in SCHEMA], schema=SCHEMA))


def repeated(rows: pa.Table) -> str:
    """The first figure that comes twice in ordered rows, in words; empty if there is none."""
    above, below = rows.slice(0, max(rows.num_rows - 1, 0)), rows.slice(1)
    same = [_same(above[name], below[name]) for name in _KEY]
    place = pc.index(functools.reduce(pc.and_, same), _TRUE).as_py()
    return "" if place < 0 else ", ".join(str(rows[name][place]) for name in _KEY)


def reason(metric: Metric, why: str) -> pa.Table:
    """The one row of a metric that has no figures."""
    row = {
        "metric": metric.id,
        "component": metric.components[0].name,
        "cut": "total",
        "cut_value": "total",
        "reason": why,
    }
    given = {name: _all(word, 1) for name, word in row.items()} | {"computable": pc.is_valid(pa.nulls(1))}
    return pa.table([given.get(field.name, pa.nulls(1, field.type)) for field in SCHEMA], schema=SCHEMA)


def _ordered(metric: Metric, rows: pa.Table) -> pa.Table:
    cut_value = rows["cut_value"]
    is_whole = pc.match_substring_regex(cut_value, "^-?[0-9]{1,18}$")
    keys = {
        "component": pc.index_in(rows["component"], vocabulary_array([part.name for part in metric.components])),
        "is_cut": pc.not_equal(rows["cut"], vocabulary_array(["total"])[0]),
        "cut": rows["cut"],
        "number": pc.if_else(is_whole, cut_value, pa.nulls(len(cut_value), pa.string())).cast(pa.int64()),
        "cut_value": cut_value,
        "period": rows["period"],
    }
    return rows.take(pc.sort_indices(pa.table(keys), sort_keys=[(name, "ascending") for name in keys]))


def _same(above: pa.ChunkedArray, below: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.coalesce(pc.equal(above, below), pc.and_(pc.is_null(above), pc.is_null(below)))


def _all(word: str, number: int) -> pa.StringArray:
    return pa.repeat(vocabulary_array([word])[0], number)


def _cast(metric: Metric, field: pa.Field, values: pa.ChunkedArray) -> pa.ChunkedArray:
    try:
        return values.cast(field.type)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        what = f"the body of metric {metric.id!r} gives a {field.name} that is no {field.type}"
        raise SfbenchError(what, where=f"{metric.where}:1", why=str(error)) from error


def _check_columns(metric: Metric, given: Iterable[str]) -> None:
    for name in _REQUIRED:
        if name not in given:
            raise SfbenchError(f"the body of metric {metric.id!r} gives no column {name!r}", where=f"{metric.where}:1")
    for name in given:
        if name not in _REQUIRED and name not in _OPTIONAL:
            what = f"the body of metric {metric.id!r} gives an unknown column {name!r}"
            raise SfbenchError(what, where=f"{metric.where}:1", fix=did_you_mean(name, [*_REQUIRED, *_OPTIONAL]))


def _check_words(metric: Metric, column: str, rows: pa.Table, declared: Iterable[str]) -> None:
    found = {str(word) for word in pc.unique(rows[column]).to_pylist()}
    for word in sorted(found - set(declared)):
        message = f"the body of metric {metric.id!r} gives a {column} {word!r} that its header does not declare"
        raise SfbenchError(message, where=f"{metric.where}:1", fix=did_you_mean(word, declared))
