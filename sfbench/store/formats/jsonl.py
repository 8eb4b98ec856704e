"""JSON Lines: an object per row, UTF-8; amounts are numbers with all their digits (read them as decimals)."""

from __future__ import annotations

from sfbench.store.formats._finite import refuse_not_finite
from sfbench.store.formats._format import Format, Wishes, files
from sfbench.store.formats._source import Source, quoted
from sfbench.store.read import sql_text


def write(source: Source, out: str, wishes: Wishes) -> None:
    """A file per table."""
    refuse_not_finite(source, "jsonl")
    for table, path in files(source, out, ".jsonl"):
        cells = ", ".join(quoted(column.name) for column in table.columns)
        query = f"SELECT {cells} FROM {quoted(table.name)}"
        source.connection.execute(f"COPY ({query}) TO {sql_text(str(path))} (FORMAT json)")


FORMAT = Format(zh="JSON Lines", en="JSON Lines", holds="tables", write=write, suffix=".jsonl")
