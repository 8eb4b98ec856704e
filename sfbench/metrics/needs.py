"""What metrics need against what a connection holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import duckdb

from sfbench.spec import Need


class Held:
    """The tables and columns of a connection; `defects` says of others why they could not be read."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, defects: Mapping[str, str] | None = None) -> None:
        self._defects = defects or {}
        rows = connection.execute(
            "SELECT lower(table_name), lower(column_name) FROM information_schema.columns"
        ).fetchall()
        self._columns: dict[str, set[str]] = {}
        for table, column in rows:
            self._columns.setdefault(table, set()).add(column)

    def missing(self, needs: Iterable[Need]) -> list[str]:
        """Tables, and `table.column`s, that are needed and not there, with what is known of the cause."""
        names = [name for need in needs for name in self._lacking(need)]
        return [f"{name} ({self._defects[name]})" if self._defects.get(name) else name for name in names]

    def _lacking(self, need: Need) -> list[str]:
        columns = self._columns.get(need.name.lower())
        if columns is None:
            return [need.name]
        return [f"{need.name}.{column}" for column in need.columns if column.lower() not in columns]
