"""DuckDB as a datasource of plain Great Expectations 1.24: adds `context.data_sources.add_duckdb`.

GX 1.24 has no DuckDB dialect. Two things are needed, and three more save half of the work: one connection kept open (GX
closes it before it fetches, which empties DuckDB's cursor: fivetran/great_expectations issue 10738; an engine is in the
open pull request 12084), a regular-expression operator, row queries that run once (GX runs each for its rows and again
for their number), columns by DESCRIBE, and faulty values counted by WHERE. This file needs great-expectations, duckdb,
duckdb-engine and nothing else; drop it once GX brings an engine of its own. Importing it registers the datasource.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

import sqlalchemy as sa
from great_expectations.constants import MAX_RESULT_RECORDS
from great_expectations.datasource.fluent.sql_datasource import SQLDatasource
from great_expectations.execution_engine.sqlalchemy_execution_engine import SqlAlchemyExecutionEngine
from great_expectations.expectations.metrics import util
from great_expectations.expectations.metrics.metric_provider import metric_value
from great_expectations.expectations.metrics.query_metrics.query_row_count.unexpected_rows_query_row_count import (
    UnexpectedRowsQueryRowCount,
)
from great_expectations.expectations.metrics.table_metrics.table_column_types import ColumnTypes
from great_expectations.validator.metric_configuration import MetricConfiguration
from sqlalchemy.sql.visitors import replacement_traverse

_ROWS = "unexpected_rows_query.table"
_LARGE = 200_000  # rows


class DuckDBExecutionEngine(SqlAlchemyExecutionEngine):  # type: ignore[misc,unused-ignore]
    """Keeps one connection, as GX does for SQLite."""

    @contextmanager
    def get_connection(self) -> Iterator[Any]:
        """The connection; it is not closed afterwards. A query that fails must not fail all that follow it."""
        if getattr(self, "_duck", None) is None:
            self._duck: Any = self.engine.connect()
        try:
            yield self._duck
        except Exception:
            self._duck.rollback()
            raise

    def resolve_metric_bundle(self, metric_fn_bundle: Any) -> dict[Any, Any]:
        """Counts faulty values of a large table by WHERE, where GX sums a CASE over all rows of all columns: DuckDB
        then passes over rows that a Parquet file's statistics and dictionaries clear. All else is left to GX."""
        counts: list[tuple[Any, Any]] = []
        rest: list[Any] = []
        sources: dict[str, Any] = {}  # domain -> its rows as a source of queries; None if they are few
        for metric in metric_fn_bundle:
            condition, domain = _counted(metric.metric_fn), metric.compute_domain_kwargs or {}
            if condition is not None and (name := repr(domain)) not in sources:
                sources[name] = self._large(domain)
            if condition is None or sources[name] is None:
                rest.append(metric)
            else:
                place: Any = sa.literal_column(str(len(counts)))
                rows = sa.select(place, sa.func.count()).select_from(sources[name]).where(condition)
                counts.append((metric.metric_configuration.id, rows))
        found: dict[Any, Any] = super().resolve_metric_bundle(rest)
        if counts:
            asked = sa.union_all(*(rows for _, rows in counts))
            found |= {counts[row[0]][0]: row[1] for row in self.execute_query(asked).fetchall()}
        return found

    def _large(self, domain: Any) -> Any:
        """The rows of a domain, if they are many: of few, one query for all counts costs less than a query for each."""
        records: Any = self.get_domain_records(domain_kwargs=domain)
        source = records.subquery() if hasattr(records, "subquery") else records
        number = self.execute_query(sa.select(sa.func.count()).select_from(source)).fetchall()[0][0]
        return source if number > _LARGE else None


def _counted(metric: Any) -> Any:
    """The condition of `sum(CASE WHEN condition THEN 1 ELSE 0 END)`, by which GX counts; None for anything else."""
    cases = list(metric.clauses) if isinstance(metric, sa.sql.functions.sum) else []
    if len(cases) != 1 or not isinstance(cases[0], sa.Case) or len(cases[0].whens) != 1:
        return None
    ((condition, one),) = cases[0].whens
    values = [getattr(value, "value", None) for value in (one, cases[0].else_)]
    replaced: Any = replacement_traverse
    return replaced(condition, {}, _whole) if values == [1, 0] else None


def _whole(part: Any, **named: Any) -> Any:
    """A whole number as such: GX makes every bound a float, which DuckDB does not look up in a file's statistics."""
    value = part.value if isinstance(part, sa.BindParameter) else None
    return sa.literal(int(value)) if isinstance(value, float) and value.is_integer() else None


class RowsOnce(UnexpectedRowsQueryRowCount):  # type: ignore[misc,unused-ignore]
    """The number of rows of a query whose first rows are known: asked of the database only if there are more."""

    @metric_value(engine=DuckDBExecutionEngine)  # type: ignore[untyped-decorator,unused-ignore]
    def _sqlalchemy(cls, metrics: dict[str, Any], **asked: Any) -> int:  # type: ignore[override,unused-ignore]
        shown = metrics[_ROWS]
        if len(shown) < MAX_RESULT_RECORDS:
            return len(shown)
        count = UnexpectedRowsQueryRowCount._sqlalchemy
        return int(count(cls, metrics=metrics, **asked))

    @classmethod
    def _get_evaluation_dependencies(
        cls, metric: MetricConfiguration, *asked: Any, **named: Any
    ) -> dict[str, MetricConfiguration]:
        return {_ROWS: MetricConfiguration(_ROWS, metric.metric_domain_kwargs, metric.metric_value_kwargs)}


class TypesAsDescribed(ColumnTypes):  # type: ignore[misc,unused-ignore]
    """The columns of a table, as DuckDB describes it: SQLAlchemy's reflection asks for tables of PostgreSQL's."""

    @metric_value(engine=DuckDBExecutionEngine)  # type: ignore[untyped-decorator,unused-ignore]
    def _sqlalchemy(  # type: ignore[override,unused-ignore]
        cls, execution_engine: Any, metric_domain_kwargs: dict[str, Any], **asked: Any
    ) -> list[dict[str, str]]:
        batches = execution_engine.batch_manager
        batch = batches.batch_data_cache[metric_domain_kwargs.get("batch_id") or batches.active_batch_data_id]
        rows = sa.select(sa.text("*")).select_from(batch.selectable)
        described = execution_engine.execute_query(
            sa.text(f"DESCRIBE {rows.compile(dialect=execution_engine.engine.dialect)}")
        )
        return [{"name": row[0], "type": row[1]} for row in described.fetchall()]


class DuckDBDatasource(SQLDatasource):  # type: ignore[misc,unused-ignore]
    """Subclassing registers `data_sources.add_duckdb`."""

    type: Literal["duckdb"] = "duckdb"  # type: ignore[assignment,unused-ignore]

    @property
    def execution_engine_type(self) -> Any:
        """The engine of this datasource."""
        return DuckDBExecutionEngine


def _teach_regex() -> None:
    """GX's regular expressions for DuckDB, in every module that imported the function by name."""
    original: Any = util.get_dialect_regex_expression

    def regex(column: Any, pattern: str, dialect: Any, positive: bool = True) -> Any:
        if getattr(getattr(dialect, "dialect", dialect), "name", "") != "duckdb" and "duckdb" not in str(dialect):
            return original(column, pattern, dialect, positive)
        matches = sa.func.regexp_matches(column, sa.literal(pattern))
        return matches if positive else sa.not_(matches)

    for name, module in list(sys.modules.items()):
        if name.startswith("great_expectations") and getattr(module, original.__name__, None) is original:
            module.get_dialect_regex_expression = regex  # type: ignore[attr-defined,unused-ignore]


_teach_regex()
