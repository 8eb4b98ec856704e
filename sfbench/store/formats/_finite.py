"""NaN and infinity, which JSON, SQLite, MySQL and Excel cannot hold: told before anything is written."""

from __future__ import annotations

from sfbench.errors import SfbenchError
from sfbench.store.formats._source import Source, quoted


def refuse_not_finite(source: Source, form: str) -> None:
    """Raises SfbenchError for a number that is none, or without bounds: it would be lost, or the file be unreadable."""
    for table in source.tables.values():
        for column in (column for column in table.columns if column.kind == "number"):
            query = f"SELECT count(*) FROM {quoted(table.name)} WHERE NOT isfinite({quoted(column.name)})"
            if rows := source.number(query):
                where = f"--format {form}: {table.name}.{column.name}"
                why = f"{form} has no NaN and no infinity, {rows:,} rows have one"
                fix = "make them empty, leave the table out with --tables, or choose csv, parquet or duckdb"
                raise SfbenchError("a number is not finite", where=where, why=why, fix=fix)
