"""Builds the marts of an evaluation, each when first needed: all of it, or the months that a cache lacks."""

from __future__ import annotations

import datetime
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from sfbench.errors import SfbenchError
from sfbench.metrics.cache import ALWAYS, Cache
from sfbench.metrics.catalogue import Catalogue
from sfbench.metrics.failure import told
from sfbench.metrics.mart import Mart
from sfbench.metrics.plan import Part
from sfbench.metrics.workspace import Workspace
from sfbench.spec import Need


class Builder:
    """The marts that stand in the workspace.

    `parts` is what the plan says of each mart; one that is not in it is built whole.
    """

    def __init__(self, workspace: Workspace, catalogue: Catalogue, cache: Cache | None = None) -> None:
        self.built: dict[str, Mart] = {}
        self.parts: Mapping[str, Part] = {}
        self._workspace, self._catalogue, self._cache = workspace, catalogue, cache
        self._failed: dict[str, SfbenchError] = {}
        self._shown: set[str] = set()  # marts that are views: of the cache, and of a table of their new rows
        self._slices: dict[str, str] = {}  # table of month-end rows -> table of the months that are asked for
        self._lock = threading.Lock()  # the cache and the slices are used by one thread at a time

    def reads(self, name: str) -> Sequence[Need]:
        """What a metric or mart itself reads when it is computed; nothing for one that the cache has."""
        if name in self.parts and self.parts[name].first is None:
            return ()
        return self._catalogue.needs[name]

    def marts_under(self, name: str) -> list[Mart]:
        """The marts among what a metric or mart itself reads."""
        marts = self._catalogue.marts
        return [marts[need.name] for need in self.reads(name) if need.name in marts]

    def build(self, mart: Mart) -> None:
        """Builds a mart, and what it reads, unless it is there. Raises SfbenchError, each time, if a query fails."""
        if mart.id in self.built:
            return
        if mart.id in self._failed:
            raise self._failed[mart.id]
        try:
            for below in self.marts_under(mart.id):
                self.build(below)
            self.create(mart)
        except SfbenchError as error:
            self._failed[mart.id] = error
            raise
        self.built[mart.id] = mart

    def create(self, mart: Mart) -> None:
        """Makes a mart, from the rows that the cache has of it where there are some; what it reads has to be there."""
        first, kept = self.parts.get(mart.id, Part())
        if first is None:
            self._show(mart, kept)
            return
        name = _new(mart.id) if kept else mart.id
        self._fill(name, mart, first)
        if kept:
            self._show(mart, f"{kept} UNION ALL BY NAME SELECT * FROM {self._workspace.name}.{name}")
        if self._cache:
            with self._lock:
                self._cache.keep_mart(self._workspace.connection, mart, name, first)

    def drop(self, marts: Iterable[str]) -> None:
        """Lets go of marts."""
        connection, where = self._workspace.connection, self._workspace.name
        for name in marts:
            connection.execute(f"DROP {'VIEW' if name in self._shown else 'TABLE'} IF EXISTS {where}.{name}")
            connection.execute(f"DROP TABLE IF EXISTS {where}.{_new(name)}")
            self.built.pop(name, None)
            self._shown.discard(name)

    @contextmanager
    def months_from(self, first: datetime.date, mart: Mart) -> Iterator[None]:
        """Limits the tables and marts of which a mart names the column month: temporary views stand before them."""
        connection, views = self._workspace.connection, dict[str, str]()
        for table in (need.name for need in mart.needs if "month" in need.columns):
            read = self._catalogue.marts.get(table)
            if not (read and read.sliced):
                source, column = (table, read.incremental) if read else (self._slice(table), "month")
                views[table] = f"FROM {self._workspace.name}.{source} WHERE {column} >= DATE '{first}'"
        if mart.only:
            named = f'SELECT {mart.only.column} FROM "{mart.only.by}"'
            rows = f"FROM {self._workspace.source(mart.only.table)}"
            views[mart.only.table] = f"{rows} WHERE {mart.only.column} IN ({named})"
        for table, rows in views.items():
            connection.execute(f'CREATE TEMP VIEW "{table}" AS {rows}')
        try:
            yield
        finally:
            for table in views:
                connection.execute(f'DROP VIEW temp."{table}"')

    def _show(self, mart: Mart, rows: str) -> None:
        """A mart whose rows, or those that are not new, stay in files of the cache."""
        self._workspace.connection.execute(f"CREATE VIEW {mart.id} AS {rows}")
        self._shown.add(mart.id)

    def _fill(self, name: str, mart: Mart, first: datetime.date) -> None:
        """Makes the table of a mart's rows from a month on."""
        if first == ALWAYS:
            self._run(f"CREATE TABLE {name} AS {mart.query}", mart)
            return
        rows = f"SELECT * FROM ({mart.query}\n)"
        if mart.incremental:  # what it reads may begin earlier, for another reader
            rows += f" WHERE {mart.incremental} >= DATE '{first}'"
        with self.months_from(first, mart):
            self._run(f"CREATE TABLE {name} AS {rows}", mart)

    def _slice(self, table: str) -> str:
        """Name of a table of all months that are asked for: one reading serves every mart that does not want all."""
        with self._lock:
            if table not in self._slices:
                asked = [
                    (part.first, need.columns)
                    for name, part in self.parts.items()
                    for need in self._catalogue.needs[name]
                    if need.name == table and part.first and part.first != ALWAYS
                ]
                columns = ", ".join(sorted({name for _, names in asked for name in names}))
                rows = f"SELECT {columns} FROM {self._workspace.source(table)}"
                rows += f" WHERE month >= DATE '{min(first for first, _ in asked)}'"
                self._slices[table] = f"{table}__slice"
                self._workspace.connection.execute(f"CREATE TABLE {self._slices[table]} AS {rows}")
            return self._slices[table]

    def _run(self, sql: str, mart: Mart) -> None:
        with told(mart):
            self._workspace.connection.execute(sql)


def _new(mart: str) -> str:
    """Name of the table of a mart's rows that the cache lacks."""
    return f"{mart}__new"
