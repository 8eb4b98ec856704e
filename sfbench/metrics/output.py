"""The long table for others: its rows as records, the names of metrics and components in Chinese or English."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from sfbench.draws.text import vocabulary_array
from sfbench.errors import SfbenchError, did_you_mean
from sfbench.metrics.groups import Held, group_name
from sfbench.spec import Metric
from sfbench.words import Language

LANGUAGES = ("zh", "en")
_MARK = "\x1f"  # parts metric, cut and value


def label(metric: Metric, lang: str, component: str = "") -> str:
    """Name of a metric, or of one of its components, in `zh` or `en`."""
    if lang not in LANGUAGES:
        raise SfbenchError(f"no language {lang!r}", fix=did_you_mean(lang, LANGUAGES))
    if not component:
        return metric.zh if lang == "zh" else metric.en
    parts = {part.name: part for part in metric.components}
    if component not in parts:
        raise SfbenchError(
            f"metric {metric.id!r} has no component {component!r}",
            fix=did_you_mean(component, parts),
        )
    return parts[component].zh if lang == "zh" else parts[component].en


def judged_label(metric: Metric, lang: str, component: str) -> str:
    """Name of a metric with a target, and of the component where the target is judged on several."""
    named = label(metric, lang)
    return f"{named}: {label(metric, lang, component)}" if len(metric.judged) > 1 else named


def records(table: pa.Table) -> list[dict[str, Any]]:
    """One dict per row, ready for JSON: dates as YYYY-MM-DD, what is empty as None."""
    dates = [field.name for field in table.schema if pa.types.is_date(field.type)]
    for name in dates:
        place = table.schema.get_field_index(name)
        table = table.set_column(place, name, table.column(name).cast(pa.string()))
    found: list[dict[str, Any]] = table.to_pylist()
    return found


def json_lines(table: pa.Table) -> Iterator[str]:
    """The table as the lines of one JSON list, a record a line, empty cells as null; DuckDB encodes them.

    Raises ValueError for a number that JSON has no word for.
    """
    for name in (field.name for field in table.schema if pa.types.is_floating(field.type)):
        if pc.all(pc.is_finite(table[name])).as_py() is False:
            raise ValueError(f"a value in column {name!r} is not finite: JSON has no word for it")
    separator = "[\n"
    with duckdb.connect() as connection:
        connection.register("long_table", table)
        for batch in connection.sql("SELECT to_json(long_table) FROM long_table").to_arrow_reader():
            for record in batch.column(0).to_pylist():
                yield separator + record
                separator = ",\n"
    yield "[]\n" if separator == "[\n" else "\n]\n"


def with_names(table: pa.Table, metrics: Mapping[str, Metric], lang: Language, held: Held) -> pa.Table:
    """The long table with columns metric_name, component_name and cut_name at its end, in `zh` or `en`.

    A group that has no name but its value has none; `held` are the names that the dataset's tables give.
    """
    declared = [(metric.id, part.name, metric, part) for metric in metrics.values() for part in metric.components]
    key = pc.binary_join_element_wise(table["metric"], table["component"], "/")
    place = pc.index_in(key, vocabulary_array([f"{name}/{part}" for name, part, _, _ in declared]))
    names = vocabulary_array([label(metric, lang) for _, _, metric, _ in declared])
    parts = vocabulary_array([label(metric, lang, part.name) for _, _, metric, part in declared])
    table = table.append_column("metric_name", names.take(place)).append_column("component_name", parts.take(place))
    return table.append_column("cut_name", _group_names(table, lang, held))


def _group_names(table: pa.Table, lang: Language, held: Held) -> pa.Array:
    key = pc.binary_join_element_wise(table["metric"], table["cut"], table["cut_value"], _MARK)
    groups = key.combine_chunks().dictionary_encode()
    parts = (one.split(_MARK) for one in groups.dictionary.to_pylist())
    words = [group_name(metric, cut, value, lang, held) for metric, cut, value in parts]
    names = vocabulary_array(words).take(groups.indices)
    return pc.if_else(pc.cast(pc.binary_length(names), pa.bool_()), names, pa.nulls(len(names), pa.string()))
