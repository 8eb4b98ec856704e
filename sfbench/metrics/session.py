"""One evaluation: runs the queries of metrics, each when its marts are there, and collects their figures."""

from __future__ import annotations

import warnings
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path

import duckdb
import pyarrow as pa

from sfbench.errors import SfbenchError
from sfbench.metrics.builder import Builder
from sfbench.metrics.cache import Cache
from sfbench.metrics.catalogue import Catalogue
from sfbench.metrics.failure import QueryError, marked, told
from sfbench.metrics.figures import figures, reason, repeated
from sfbench.metrics.mart import Mart
from sfbench.metrics.needs import Held
from sfbench.metrics.plan import plan
from sfbench.metrics.required import required
from sfbench.metrics.schedule import run_all
from sfbench.metrics.steps import step
from sfbench.metrics.workspace import Workspace
from sfbench.spec import Metric

_OFTEN = 3  # queries that read a table, for which holding it in memory pays if it is small


class Session:
    """Holds the marts that are built, in memory, and drops all that it made when closed.

    `defects` says of tables and `table.column`s that are not there why they cannot be read. The tables may not be
    temporary, as `Workspace` says.
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
        self.figures: dict[str, pa.Table] = {}  # by metric, as `figures` gives them
        self._cache = cache
        self._held = Held(connection, defects)
        self.workspace = Workspace(connection, self._held, content)
        self.builder = Builder(self.workspace, catalogue, cache)

    def missing(self, metric: Metric) -> list[str]:
        """Tables, and `table.column`s, that the metric needs and the dataset lacks, with what is known of the cause."""
        if not self._held.missing(self.catalogue.tables_of(metric.id)):
            return []  # as a rule nothing lacks, and then it need not be asked what for
        return self._held.missing(required(self.catalogue, metric.id))

    def run(self, metrics: Sequence[Metric], add: Callable[[Metric], None]) -> None:
        """Calls `add` for every metric when its marts are there, several at a time; no mart is kept longer than needed.

        A mart that cannot be built is the error of every metric that it is for.
        """
        parts = self.builder.parts = plan(self.catalogue, metrics, self._cache)
        self.workspace.stand_in([need for metric in metrics for need in self.catalogue.tables_of(metric.id)])
        tasks: dict[str, Callable[[], None]] = {}
        for metric in metrics:
            marts = [mart for mart in self.catalogue.marts_of(metric.id) if mart.id in parts]
            tasks |= {mart.id: partial(self._try, mart) for mart in marts if mart.id not in tasks}
            tasks[metric.id] = partial(add, metric)
        needs = {name: {mart.id for mart in self.builder.marts_under(name)} for name in tasks}
        readers = Counter(name for names in needs.values() for name in names)
        for table, names in self._often_read(tasks).items():
            tasks[f"table {table}"] = partial(self.workspace.load_small, table)
            needs |= {name: needs[name] | {f"table {table}"} for name in names}

        def finished(name: str) -> None:
            read = needs.get(name, set()) & readers.keys()
            readers.subtract(read)
            self.builder.drop([mart for mart in read if not readers[mart]])

        # One thread a query and several queries at a time: planning a query takes one thread anyway, and a sum of
        # doubles is then the same on every run.
        connection = self.workspace.connection
        threads = int(connection.execute("SELECT current_setting('threads')").fetchall()[0][0])
        connection.execute("SET threads = 1")
        try:
            with warnings.catch_warnings():  # a metric's rows are few: a copy costs less than planning its query twice
                warnings.filterwarnings("ignore", "Arrow output on a DB-API result")
                run_all(tasks, needs, threads, finished)
        except BaseException:
            self.workspace.interrupt()
            raise
        finally:
            connection.execute(f"SET threads = {threads}")

    def add(self, metric: Metric) -> None:
        """Computes the figures of a metric whose tables are all there; SfbenchError if a query of its files fails."""
        for mart in self.builder.marts_under(metric.id):
            self.builder.build(mart)
        rows = self._rows(metric)
        if metric.step and rows.num_rows:
            rows = step(metric.step)(rows)
        found = figures(metric, rows) if rows.num_rows or not metric.step else rows
        if not found.num_rows:
            self.refuse(metric, "no data")
            return
        if twice := repeated(found):
            failure = QueryError(f"metric {metric.id!r} gives a figure twice", where=f"{metric.where}:1", why=twice)
            raise marked(metric, failure, f"a figure comes twice: {twice}")
        self.figures[metric.id] = found

    def refuse(self, metric: Metric, why: str) -> None:
        """Puts the reason why a metric has no figures in their place."""
        self.figures[metric.id] = reason(metric, why)

    def close(self) -> None:
        self.workspace.close()

    def _often_read(self, names: Iterable[str]) -> dict[str, list[str]]:
        """Tables that several of these metrics and marts read, and which do."""
        found: dict[str, list[str]] = defaultdict(list)
        for name in names:
            for need in self.builder.reads(name):
                found[need.name].append(name)
        marts = self.catalogue.marts
        return {table: readers for table, readers in found.items() if len(readers) >= _OFTEN and table not in marts}

    def _try(self, mart: Mart) -> None:
        with suppress(SfbenchError):  # kept for the metrics, which raise it
            self.builder.build(mart)

    def _rows(self, metric: Metric) -> pa.Table:
        with told(metric):
            # of a query that stands alone DuckDB does not say which line is wrong
            return self.workspace.connection.execute(f"SELECT * FROM ({metric.query}\n)").to_arrow_table()
