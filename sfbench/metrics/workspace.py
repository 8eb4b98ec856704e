"""The database of one evaluation: in memory, beside the caller's tables, and gone when closed."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Collection, Iterable, Set
from contextlib import suppress
from pathlib import Path

import duckdb

from sfbench.metrics.absent import stand_ins
from sfbench.metrics.needs import Held
from sfbench.spec import Need

_NUMBERS = itertools.count()
_SMALL = 3000  # rows of a table for which holding it in memory pays


class Workspace:
    """Marts stand in `name`.main, before the caller's tables; what makes these whole stands in `name`.whole.

    Several threads may use it: each has a connection of its own to the caller's DuckDB, so the tables have to be in a
    database or be views of it, not temporary.
    """

    def __init__(self, caller: duckdb.DuckDBPyConnection, held: Held, content: Iterable[Path] = ()) -> None:
        self.name = f"sfbench_metrics_{next(_NUMBERS)}"
        self._caller, self._held, self._content = caller, held, content
        self._own = threading.local()
        self._connections: list[duckdb.DuckDBPyConnection] = []
        self._database = str(caller.execute("SELECT current_database()").fetchall()[0][0])
        self._stand_ins: Set[str] = set()  # tables that lack what marts can be built without: views of `whole`
        caller.execute(f"ATTACH ':memory:' AS {self.name}")
        caller.execute(f"CREATE SCHEMA {self.name}.whole")

    @property
    def connection(self) -> duckdb.DuckDBPyConnection:
        """This thread's connection: it sees the marts before the caller's tables."""
        if not hasattr(self._own, "connection"):
            cursor = self._caller.cursor()
            cursor.execute(f"SET search_path = '{self.name}.main,{self.name}.whole,\"{self._database}\".main'")
            self._connections.append(cursor)
            self._own.connection = cursor
        found: duckdb.DuckDBPyConnection = self._own.connection
        return found

    def stand_in(self, needs: Collection[Need]) -> None:
        """Makes whole, by nulls, what the tables lack of these needs."""
        sources = {need.name: self.source(need.name) for need in needs}
        found = stand_ins(self._held, needs, sources, self._content)
        for table, rows in found.items():
            self._caller.execute(f'CREATE VIEW {self.name}.whole."{table}" AS {rows}')
        self._stand_ins = found.keys()

    def source(self, table: str) -> str:
        """Name of a table as marts read it, from outside of what stands before it in this workspace."""
        where = f"{self.name}.whole" if table in self._stand_ins else f'"{self._database}".main'
        return f'{where}."{table}"'

    def load_small(self, table: str) -> None:
        """Takes a small table into memory, before the view of its files, which every query that reads it would open."""
        source = self.source(table)
        with suppress(duckdb.Error):  # a query that reads it says why it cannot be read
            few = self.connection.execute(f"SELECT COUNT(*) <= {_SMALL} FROM (FROM {source} LIMIT {_SMALL + 1})")
            if few.fetchall()[0][0]:
                self.connection.execute(f'CREATE TABLE {self.name}.main."{table}" AS FROM {source}')

    def interrupt(self) -> None:
        """Stops what any thread's connection is running."""
        for connection in self._connections:
            connection.interrupt()

    def close(self) -> None:
        for connection in self._connections:
            connection.close()
        self._caller.execute(f"DETACH {self.name}")
