"""One evaluation on one connection: builds marts when first needed and collects the figures of metrics in DuckDB."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import duckdb

from sfbench.errors import SfbenchError, did_you_mean
from sfbench.folders import PACKAGE
from sfbench.metrics.cache import Cache
from sfbench.metrics.catalogue import Catalogue
from sfbench.metrics.header import Mart
from sfbench.metrics.needs import Held
from sfbench.metrics.steps import step
from sfbench.spec import Metric

FIGURES = "metric_figure"
_SLICE = "_from_month"
_QUERIED, _STEPPED = "metric_rows", "metric_step"  # before and after a metric's step
_CREATE = f"""CREATE OR REPLACE TEMP TABLE {FIGURES} (
    metric VARCHAR, component VARCHAR, period DATE, cut VARCHAR, cut_value VARCHAR, value DOUBLE,
    scope_version VARCHAR, computable BOOLEAN, reason VARCHAR
)"""
# What a body gives, and what stands in for the columns that it may leave out. Loan notes carry the 2025 definition.
_REQUIRED = ("component", "period", "cut", "cut_value", "value")
_OPTIONAL = {
    "scope_version": "'2025'",
    "computable": "value IS NOT NULL",
    "reason": "CASE WHEN value IS NULL THEN 'no value' END",
}


class QueryError(SfbenchError):
    """A query of a metric or mart that fails. `built_in`: the file is ours, so the tables are to blame if not ours."""

    built_in = False


class Session:
    """Holds the marts that are built; `close` drops all that it made.

    `defects` says of tables and `table.column`s that are not there why they cannot be read.
    """

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        catalogue: Catalogue,
        defects: Mapping[str, str] | None = None,
        cache: Cache | None = None,
    ) -> None:
        self.connection = connection
        self.catalogue = catalogue
        self.built: dict[str, Mart] = {}
        self._failed: dict[str, SfbenchError] = {}
        self._shown: set[str] = set()  # marts that are views of the cache
        self._slices: dict[str, datetime.date] = {}  # tables of month-end rows of which the months from a day are held
        self._cache = cache
        self._held = Held(connection, defects)
        connection.execute(_CREATE)

    def missing(self, metric: Metric) -> list[str]:
        """Tables, and `table.column`s, that the metric needs and the dataset lacks, with what is known of the cause."""
        return self._held.missing(self.catalogue.tables_of(metric.id))

    def add(self, metric: Metric) -> None:
        """Appends the figures of a metric whose tables are all there; SfbenchError if a query of its files fails."""
        for mart in self.catalogue.marts_of(metric.id):
            self._build(mart)
        body = self._body(metric)
        if body is None:
            self.add_reason(metric, "no data")
            return
        given = [str(row[0]) for row in self._run(f"DESCRIBE SELECT * FROM {body}", "metric", metric)]
        _check_columns(metric, given)
        columns = [*_REQUIRED, *_OPTIONAL]
        values = ", ".join(name if name in given else f"{_OPTIONAL[name]} AS {name}" for name in columns)
        insert = f"INSERT INTO {FIGURES} (metric, {', '.join(columns)}) SELECT '{metric.id}', {values} FROM {body}"
        self._run(insert, "metric", metric)
        found = f"SELECT DISTINCT component, cut FROM {FIGURES} WHERE metric = ? ORDER BY ALL"
        rows = self.connection.execute(found, [metric.id]).fetchall()
        _check_words(
            metric,
            "component",
            {row[0] for row in rows},
            [c.name for c in metric.components],
        )
        _check_words(metric, "cut", {row[1] for row in rows}, metric.cuts)
        if not rows:
            self.add_reason(metric, "no data")

    def _body(self, metric: Metric) -> str | None:
        """What stands after FROM: the query, or a view of what the metric's step made; None if it has no rows."""
        body = f"({_query(metric.sql)}\n)"
        if not metric.step:
            return body
        self._run(f"CREATE OR REPLACE TEMP TABLE {_QUERIED} AS SELECT * FROM {body}", "metric", metric)
        rows = self.connection.table(_QUERIED).to_arrow_table()
        self.connection.execute(f"DROP TABLE temp.{_QUERIED}")
        if not rows.num_rows:
            return None
        self.connection.register(_STEPPED, step(metric.step)(rows))
        return _STEPPED

    def add_reason(self, metric: Metric, reason: str) -> None:
        """The one row of a metric that cannot be computed."""
        row = [metric.id, metric.components[0].name, reason]
        insert = f"INSERT INTO {FIGURES} VALUES (?, ?, NULL, 'total', 'total', NULL, NULL, FALSE, ?)"
        self.connection.execute(insert, row)

    def replace_by_reason(self, metric: Metric, reason: str) -> None:
        """Takes back the figures of a metric and says why it has none."""
        self.connection.execute(f"DELETE FROM {FIGURES} WHERE metric = ?", [metric.id])
        self.add_reason(metric, reason)

    def drop(self, marts: Iterable[str]) -> None:
        for name in marts:
            self.connection.execute(f"DROP {'VIEW' if name in self._shown else 'TABLE'} IF EXISTS temp.{name}")
            self.built.pop(name, None)
            self._shown.discard(name)

    def close(self) -> None:
        self.drop([*self.built, FIGURES, *(table + _SLICE for table in self._slices)])
        self.connection.unregister(_STEPPED)

    def _build(self, mart: Mart) -> None:
        if mart.id in self._failed:
            raise self._failed[mart.id]
        if mart.id in self.built:
            return
        try:
            self._create(mart)
        except SfbenchError as error:
            self._failed[mart.id] = error
            raise
        self.built[mart.id] = mart

    def _create(self, mart: Mart) -> None:
        """Builds a mart, from the rows that the cache has of it where there are some."""
        kept = self._cache.kept_rows(mart) if self._cache else None
        if kept is None:
            self._run(f"CREATE TEMP TABLE {mart.id} AS {_query(mart.sql)}", "mart", mart)
        elif kept.first is None:
            self._show(mart, kept.rows)
            return
        else:
            with self._months_from(kept.first, mart):
                new = f"SELECT * FROM ({_query(mart.sql)}\n) WHERE {mart.incremental} >= DATE '{kept.first}'"
                self._run(f"CREATE TEMP TABLE {mart.id} AS {new}", "mart", mart)
            if self.connection.execute(f"SELECT COUNT(*) FROM temp.{mart.id}").fetchall() == [(0,)]:
                self.drop([mart.id])
                self._show(mart, kept.rows)  # it serves once more, and stays kept with the look that it has
                return
            self.connection.execute(f"INSERT INTO temp.{mart.id} BY NAME {kept.rows}")
        if self._cache:
            self._cache.keep_mart(self.connection, mart)

    def _show(self, mart: Mart, rows: str) -> None:
        """A mart whose rows stay in the file of the cache."""
        self.connection.execute(f"CREATE TEMP VIEW {mart.id} AS {rows}")
        self._shown.add(mart.id)

    @contextmanager
    def _months_from(self, first: datetime.date, mart: Mart) -> Iterator[None]:
        """Limits the tables of month-end rows that a mart reads: temporary views stand before them."""
        tables = [need.name for need in mart.needs if "month" in need.columns]
        database = self.connection.execute("SELECT current_database()").fetchall()[0][0]
        for table in tables:
            if self._slices.get(table) != first:
                # One reading of the table serves every such mart.
                needs = (need for other in self.catalogue.marts.values() if other.incremental for need in other.needs)
                columns = ", ".join(sorted({c for need in needs if need.name == table for c in need.columns}))
                rows = f'SELECT {columns} FROM "{database}".main."{table}" WHERE month >= DATE \'{first}\''
                self.connection.execute(f"CREATE OR REPLACE TEMP TABLE {table}{_SLICE} AS {rows}")
                self._slices[table] = first
        for table in tables:
            self.connection.execute(f'CREATE TEMP VIEW "{table}" AS FROM temp.{table}{_SLICE}')
        try:
            yield
        finally:
            for table in tables:
                self.connection.execute(f'DROP VIEW temp."{table}"')

    def _run(self, sql: str, kind: str, owner: Metric | Mart) -> list[tuple[object, ...]]:
        """Runs text whose line numbers are those of the owner's file."""
        try:
            return self.connection.execute(sql).fetchall()
        except duckdb.Error as error:
            message = str(error)
            line = re.search(r"^LINE (\d+):", message, re.MULTILINE)
            where = f"{owner.where}:{line[1] if line else 1}"
            why = message.split("\n\nLINE ")[0].replace("\n", " ")
            failure = QueryError(f"the query of {kind} {owner.id!r} fails", where=where, why=why)
            failure.built_in = Path(owner.where).is_relative_to(PACKAGE)
            raise failure from error


def _query(sql: str) -> str:
    return sql.rstrip().rstrip(";")


def _check_columns(metric: Metric, given: list[str]) -> None:
    for name in _REQUIRED:
        if name not in given:
            raise SfbenchError(
                f"the body of metric {metric.id!r} gives no column {name!r}",
                where=f"{metric.where}:1",
            )
    for name in given:
        if name not in _REQUIRED and name not in _OPTIONAL:
            what = f"the body of metric {metric.id!r} gives an unknown column {name!r}"
            raise SfbenchError(
                what,
                where=f"{metric.where}:1",
                fix=did_you_mean(name, [*_REQUIRED, *_OPTIONAL]),
            )


def _check_words(metric: Metric, what: str, found: set[str], declared: Iterable[str]) -> None:
    for word in sorted(str(word) for word in found - set(declared)):
        message = f"the body of metric {metric.id!r} gives a {what} {word!r} that its header does not declare"
        raise SfbenchError(message, where=f"{metric.where}:1", fix=did_you_mean(word, declared))
