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

    def __contains__(self, table: str) -> bool:
        return table.lower() in self._columns

    def missing(self, needs: Iterable[Need]) -> list[str]:
        """Tables, and `table.column`s, that are needed and not there, with what is known of the cause."""
        names: list[str] = []
        for need in needs:
            names += [f"{need.name}.{column}" for column in self.lacking(need)] if need.name in self else [need.name]
        return [f"{name} ({self._defects[name]})" if self._defects.get(name) else name for name in names]

    def lacking(self, need: Need) -> list[str]:
        """The columns of a need that are not there: all of them if the table is not."""
        held = self._columns.get(need.name.lower(), set())
        return [column for column in need.columns if column.lower() not in held]
