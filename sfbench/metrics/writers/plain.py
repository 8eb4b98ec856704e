"""The long table as it is: Parquet, CSV, JSON."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa

from sfbench.metrics.output import json_lines
from sfbench.metrics.writers.file import write_file


def write_parquet(table: pa.Table, path: Path) -> None:
    """zstd Parquet; words by dictionary, which figures do not fit into."""
    import pyarrow.parquet as pq

    words = [field.name for field in table.schema if pa.types.is_string(field.type)]
    write_file(path, lambda sink: pq.write_table(table, sink, compression="zstd", use_dictionary=words))


def write_csv(table: pa.Table, path: Path) -> None:
    """UTF-8 without a byte-order mark, a heading line, empty cells for what is missing."""
    from pyarrow import csv

    write_file(path, lambda sink: csv.write_csv(table, sink))


def write_json(table: pa.Table, path: Path) -> None:
    """A list with one record a line, in UTF-8."""
    write_file(path, lambda sink: sink.writelines(line.encode() for line in json_lines(table)))
