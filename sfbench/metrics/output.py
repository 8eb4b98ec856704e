"""Writes the long table as Parquet, CSV or JSON; gives the names of metrics and components in Chinese or English."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa

from sfbench.errors import SfbenchError, did_you_mean
from sfbench.spec import Metric

LANGUAGES = ("zh", "en")


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


def records(table: pa.Table) -> list[dict[str, Any]]:
    """One dict per row, ready for JSON: dates as YYYY-MM-DD, what is empty as None."""
    dates = [field.name for field in table.schema if pa.types.is_date(field.type)]
    for name in dates:
        place = table.schema.get_field_index(name)
        table = table.set_column(place, name, table.column(name).cast(pa.string()))
    found: list[dict[str, Any]] = table.to_pylist()
    return found


def write_parquet(table: pa.Table, path: Path) -> None:
    """zstd Parquet."""
    import pyarrow.parquet as pq

    _write(path, lambda sink: pq.write_table(table, sink, compression="zstd"))


def write_csv(table: pa.Table, path: Path) -> None:
    """UTF-8 without a byte-order mark, a heading line, empty cells for what is missing."""
    from pyarrow import csv

    _write(path, lambda sink: csv.write_csv(table, sink))


def write_json(table: pa.Table, path: Path) -> None:
    """A list with one record per row, in UTF-8."""
    text = json.dumps(records(table), ensure_ascii=False, allow_nan=False, indent=1)
    _write(path, lambda sink: sink.write((text + "\n").encode()))


def _write(path: Path, write: Callable[[BinaryIO], object]) -> None:
    """Writes beside `path` and renames, so that a half-written file never has the name of a whole one."""
    partial = path.with_name(f".{path.name}.in-progress")
    try:
        with partial.open("wb") as sink:
            write(sink)
        os.replace(partial, path)
    except OSError as error:
        partial.unlink(missing_ok=True)
        why = error.strerror or str(error)
        raise SfbenchError(
            "the figures cannot be written",
            where=str(path),
            why=why,
            fix="give a path in a folder that exists",
        ) from error
