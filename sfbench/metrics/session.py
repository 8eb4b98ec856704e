"""One evaluation: builds marts when first needed, in a database of its own, and collects the figures of metrics."""

from __future__ import annotations

import datetime
import itertools
import re
import threading
import warnings
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

import duckdb
import pyarrow as pa

from sfbench.errors import SfbenchError
from sfbench.folders import PACKAGE
from sfbench.metrics.absent import stand_ins
from sfbench.metrics.cache import ALWAYS, Cache
from sfbench.metrics.catalogue import Catalogue
from sfbench.metrics.figures import figures, reason, repeated
from sfbench.metrics.header import Mart
from sfbench.metrics.needs import Held
from sfbench.metrics.plan import Part, plan
from sfbench.metrics.required import required
from sfbench.metrics.schedule import run_all
from sfbench.metrics.steps import step
from sfbench.spec import Metric, Need

_NUMBERS = itertools.count()
_SMALL, _OFTEN = 3000, 3  # rows of a table, and queries that read it, for which holding it in memory pays


class QueryError(SfbenchError):
    """A query of a metric or mart that fails, or gives a figure twice.

    `built_in`: the file is ours, so the tables are to blame if not ours; `reason` says so in place of the figures.
    """

    built_in = False
    reason = ""


class Session:
    """Holds the marts that are built, in memory, and drops all that it made when closed.

    Several threads may add metrics and build marts: each has a connection of its own to the caller's DuckDB, so the
    tables have to be in a database or be views of it, not temporary. `defects` says of tables and `table.column`s that
    are not there why they cannot be read.
    """

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        catalogue: Catalogue,
        defects: Mapping[str, str] | None = None,
        cache: Cache | None = None,
        content: Iterable[Path] = (),
    ) -> None:
        self.catalogue = catalogue
        self.built: dict[str, Mart] = {}
        self._failed: dict[str, SfbenchError] = {}
        self._parts: dict[str, Part] = {}  # what the plan says of each mart; all of it is built of others
        self.figures: dict[str, pa.Table] = {}  # by metric, as `figures` gives them
        self._shown: set[str] = set()  # marts that are views: of the cache, and of a table of their new rows
        self._slices: dict[str, str] = {}  # table of month-end rows -> table of the months that are asked for
        self._cache = cache
        self._held = Held(connection, defects)
        self._lock = threading.Lock()  # the cache and its slices are used by one thread at a time
        self._caller = connection
        self._own = threading.local()
        self._connections: list[duckdb.DuckDBPyConnection] = []
        self._name = f"sfbench_metrics_{next(_NUMBERS)}"
        self._database = str(connection.execute("SELECT current_database()").fetchall()[0][0])
        connection.execute(f"ATTACH ':memory:' AS {self._name}")
        connection.execute(f"CREATE SCHEMA {self._name}.whole")
        self._stand_ins: Set[str] = set()  # tables that lack what marts can be built without: views of `whole`
        self._content = content

    @property
    def connection(self) -> duckdb.DuckDBPyConnection:
        """This thread's connection: it sees the session's marts before the caller's tables."""
        if not hasattr(self._own, "connection"):
            cursor = self._caller.cursor()
            cursor.execute(f"SET search_path = '{self._name}.main,{self._name}.whole,\"{self._database}\".main'")
            self._connections.append(cursor)
            self._own.connection = cursor
        found: duckdb.DuckDBPyConnection = self._own.connection
        return found

    def missing(self, metric: Metric) -> list[str]:
        """Tables, and `table.column`s, that the metric needs and the dataset lacks, with what is known of the cause."""
        if not self._held.missing(self.catalogue.tables_of(metric.id)):
            return []  # as a rule nothing lacks, and then it need not be asked what for
        return self._held.missing(required(self.catalogue, metric.id))

    def _reads(self, name: str) -> Sequence[Need]:
        """What a metric or mart itself reads when it is computed; nothing for one that the cache has."""
        if name in self._parts and self._parts[name].first is None:
            return ()
        return self.catalogue.needs[name]

    def _marts_under(self, name: str) -> list[Mart]:
        marts = self.catalogue.marts
        return [marts[need.name] for need in self._reads(name) if need.name in marts]

    def run(self, metrics: Sequence[Metric], add: Callable[[Metric], None]) -> None:
        """Calls `add` for every metric when its marts are there, several at a time; no mart is kept longer than needed.

        A mart that cannot be built is the error of every metric that it is for.
        """
        self._parts = plan(self.catalogue, metrics, self._cache)
        self._stand_in([need for metric in metrics for need in self.catalogue.tables_of(metric.id)])
        tasks: dict[str, Callable[[], None]] = {}
        for metric in metrics:
            marts = [mart for mart in self.catalogue.marts_of(metric.id) if mart.id in self._parts]
            tasks |= {mart.id: partial(self._try, mart) for mart in marts if mart.id not in tasks}
            tasks[metric.id] = partial(add, metric)
        needs = {name: {mart.id for mart in self._marts_under(name)} for name in tasks}
        readers = Counter(name for names in needs.values() for name in names)
        for table, names in self._often_read(tasks).items():
            tasks[f"table {table}"] = partial(self._load_small, table)
            needs |= {name: needs[name] | {f"table {table}"} for name in names}

        def finished(name: str) -> None:
            read = needs.get(name, set()) & readers.keys()
            readers.subtract(read)
            self.drop([mart for mart in read if not readers[mart]])

        # One thread a query and several queries at a time: planning a query takes one thread anyway, and a sum of
        # doubles is then the same on every run.
        threads = int(self.connection.execute("SELECT current_setting('threads')").fetchall()[0][0])
        self.connection.execute("SET threads = 1")
        try:
            with warnings.catch_warnings():  # a metric's rows are few: a copy costs less than planning its query twice
                warnings.filterwarnings("ignore", "Arrow output on a DB-API result")
                run_all(tasks, needs, threads, finished)
        except BaseException:
            for connection in self._connections:
                connection.interrupt()
            raise
        finally:
            self.connection.execute(f"SET threads = {threads}")

    def _stand_in(self, needs: Collection[Need]) -> None:
        """Makes whole, by nulls, what the tables lack of these needs."""
        sources = {need.name: self._source(need.name) for need in needs}
        found = stand_ins(self._held, needs, sources, self._content)
        for table, rows in found.items():
            self._caller.execute(f'CREATE VIEW {self._name}.whole."{table}" AS {rows}')
        self._stand_ins = found.keys()

    def _source(self, table: str) -> str:
        """Name of a table as marts read it, from outside of what stands before it in this session."""
        where = f"{self._name}.whole" if table in self._stand_ins else f'"{self._database}".main'
        return f'{where}."{table}"'

    def _often_read(self, names: Iterable[str]) -> dict[str, list[str]]:
        """Tables that several of these metrics and marts read, and which do."""
        found: dict[str, list[str]] = defaultdict(list)
        for name in names:
            for need in self._reads(name):
                found[need.name].append(name)
        marts = self.catalogue.marts
        return {table: readers for table, readers in found.items() if len(readers) >= _OFTEN and table not in marts}

    def _load_small(self, table: str) -> None:
        """Takes a small table into memory, before the view of its files, which every query that reads it would open."""
        source = self._source(table)
        with suppress(duckdb.Error):  # a query that reads it says why it cannot be read
            few = self.connection.execute(f"SELECT COUNT(*) <= {_SMALL} FROM (FROM {source} LIMIT {_SMALL + 1})")
            if few.fetchall()[0][0]:
                self.connection.execute(f'CREATE TABLE {self._name}.main."{table}" AS FROM {source}')

    def _try(self, mart: Mart) -> None:
        with suppress(SfbenchError):  # kept for the metrics, which raise it
            self.build(mart)

    def add(self, metric: Metric) -> None:
        """Computes the figures of a metric whose tables are all there; SfbenchError if a query of its files fails."""
        for mart in self._marts_under(metric.id):
            self.build(mart)
        rows = self._rows(metric)
        if metric.step and rows.num_rows:
            rows = step(metric.step)(rows)
        found = figures(metric, rows) if rows.num_rows or not metric.step else rows
        if not found.num_rows:
            self.refuse(metric, "no data")
            return
        if twice := repeated(found):
            failure = QueryError(f"metric {metric.id!r} gives a figure twice", where=f"{metric.where}:1", why=twice)
            raise _of(metric, failure, f"a figure comes twice: {twice}")
        self.figures[metric.id] = found

    def refuse(self, metric: Metric, why: str) -> None:
        """Puts the reason why a metric has no figures in their place."""
        self.figures[metric.id] = reason(metric, why)

    def drop(self, marts: Iterable[str]) -> None:
        for name in marts:
            self.connection.execute(f"DROP {'VIEW' if name in self._shown else 'TABLE'} IF EXISTS {self._name}.{name}")
            self.connection.execute(f"DROP TABLE IF EXISTS {self._name}.{_new(name)}")
            self.built.pop(name, None)
            self._shown.discard(name)

    def close(self) -> None:
        for connection in self._connections:
            connection.close()
        self._caller.execute(f"DETACH {self._name}")

    def build(self, mart: Mart) -> None:
        """Builds a mart, and what it reads, unless it is there. Raises SfbenchError, each time, if a query fails."""
        if mart.id in self.built:
            return
        if mart.id in self._failed:
            raise self._failed[mart.id]
        try:
            for below in self._marts_under(mart.id):
                self.build(below)
            self._create(mart)
        except SfbenchError as error:
            self._failed[mart.id] = error
            raise
        self.built[mart.id] = mart

    def _create(self, mart: Mart) -> None:
        """Makes a mart, from the rows that the cache has of it where there are some."""
        first, kept = self._parts.get(mart.id, Part())
        if first is None:
            self._show(mart, kept)
            return
        name = _new(mart.id) if kept else mart.id
        self._fill(name, mart, first)
        if kept:
            self._show(mart, f"{kept} UNION ALL BY NAME SELECT * FROM {self._name}.{name}")
        if self._cache:
            with self._lock:
                self._cache.keep_mart(self.connection, mart, name, first)

    def _show(self, mart: Mart, rows: str) -> None:
        """A mart whose rows, or those that are not new, stay in files of the cache."""
        self.connection.execute(f"CREATE VIEW {mart.id} AS {rows}")
        self._shown.add(mart.id)

    def _fill(self, name: str, mart: Mart, first: datetime.date) -> None:
        """Makes the table of a mart's rows from a month on."""
        if first == ALWAYS:
            self._run(f"CREATE TABLE {name} AS {_query(mart.sql)}", mart)
            return
        rows = f"SELECT * FROM ({_query(mart.sql)}\n)"
        if mart.incremental:  # what it reads may begin earlier, for another reader
            rows += f" WHERE {mart.incremental} >= DATE '{first}'"
        with self._months_from(first, mart):
            self._run(f"CREATE TABLE {name} AS {rows}", mart)

    @contextmanager
    def _months_from(self, first: datetime.date, mart: Mart) -> Iterator[None]:
        """Limits the tables and marts of which a mart names the column month: temporary views stand before them."""
        views: dict[str, str] = {}
        for table in (need.name for need in mart.needs if "month" in need.columns):
            read = self.catalogue.marts.get(table)
            if not (read and read.sliced):
                source, column = (table, read.incremental) if read else (self._slice(table), "month")
                views[table] = f"FROM {self._name}.{source} WHERE {column} >= DATE '{first}'"
        if mart.only:
            named = f'SELECT {mart.only.column} FROM "{mart.only.by}"'
            rows = f"FROM {self._source(mart.only.table)}"
            views[mart.only.table] = f"{rows} WHERE {mart.only.column} IN ({named})"
        for table, rows in views.items():
            self.connection.execute(f'CREATE TEMP VIEW "{table}" AS {rows}')
        try:
            yield
        finally:
            for table in views:
                self.connection.execute(f'DROP VIEW temp."{table}"')

    def _slice(self, table: str) -> str:
        """Name of a table of all months that are asked for: one reading serves every mart that does not want all."""
        with self._lock:
            if table not in self._slices:
                asked = [
                    (part.first, need.columns)
                    for name, part in self._parts.items()
                    for need in self.catalogue.needs[name]
                    if need.name == table and part.first and part.first != ALWAYS
                ]
                columns = ", ".join(sorted({name for _, names in asked for name in names}))
                rows = f"SELECT {columns} FROM {self._source(table)}"
                rows += f" WHERE month >= DATE '{min(first for first, _ in asked)}'"
                self._slices[table] = f"{table}__slice"
                self.connection.execute(f"CREATE TABLE {self._slices[table]} AS {rows}")
            return self._slices[table]

    def _rows(self, metric: Metric) -> pa.Table:
        with _told(metric):
            # of a query that stands alone DuckDB does not say which line is wrong
            return self.connection.execute(f"SELECT * FROM ({_query(metric.sql)}\n)").to_arrow_table()

    def _run(self, sql: str, mart: Mart) -> None:
        with _told(mart):
            self.connection.execute(sql)


@contextmanager
def _told(owner: Metric | Mart) -> Iterator[None]:
    """Says whose query fails: its line numbers are those of the owner's file."""
    try:
        yield
    except duckdb.Error as error:
        message = str(error)
        line = re.search(r"^LINE (\d+):", message, re.MULTILINE)
        where = f"{owner.where}:{line[1] if line else 1}"
        why = message.split("\n\nLINE ")[0].replace("\n", " ")
        what = (
            f"the query of metric {owner.id!r} fails"
            if isinstance(owner, Metric)
            else f"the query of mart {owner.id!r} fails"
        )
        own = not Path(owner.where).is_relative_to(PACKAGE)
        fix = "correct the query, or take the file out of the content folder" if own else ""
        failure = QueryError(what, where=where, why=why, fix=fix)
        raise _of(owner, failure, why) from error


def _of(owner: Metric | Mart, failure: QueryError, reason: str) -> QueryError:
    failure.built_in = Path(owner.where).is_relative_to(PACKAGE)
    failure.reason = reason
    return failure


def _new(mart: str) -> str:
    """Name of the table of a mart's rows that the cache lacks."""
    return f"{mart}__new"


def _query(sql: str) -> str:
    return sql.rstrip().rstrip(";")
