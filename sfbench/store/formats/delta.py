"""Delta Lake: a Delta table per table, for Spark, Databricks, Trino, DuckDB, polars."""

from __future__ import annotations

from pathlib import Path

from sfbench.store.formats._ddl import comment
from sfbench.store.formats._format import Format, Wishes, missing
from sfbench.store.formats._source import Source


def write(source: Source, out: str, wishes: Wishes) -> None:
    """A folder per table."""
    try:
        from deltalake import write_deltalake
    except ModuleNotFoundError as error:
        raise missing("deltalake", "delta") from error
    for table in source.tables.values():
        description = comment(table, source.mark)
        write_deltalake(Path(out) / table.name, source.reader(table.name), name=table.name, description=description)


FORMAT = Format(zh="Delta Lake 表", en="Delta Lake tables", holds="folder", write=write, extra="delta")
