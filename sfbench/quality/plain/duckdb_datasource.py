"""DuckDB as a datasource of plain Great Expectations 1.24: adds `context.data_sources.add_duckdb`.

GX 1.24 has no DuckDB dialect. Two things are needed: one connection kept open (GX closes it before it fetches, which
empties DuckDB's cursor: fivetran/great_expectations issue 10738; an engine is in the open pull request 12084), and a
regular-expression operator. This file needs great-expectations, duckdb, duckdb-engine and nothing else; drop it once
GX brings an engine of its own. Importing it registers the datasource.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

import sqlalchemy as sa
from great_expectations.datasource.fluent.sql_datasource import SQLDatasource
from great_expectations.execution_engine.sqlalchemy_execution_engine import SqlAlchemyExecutionEngine
from great_expectations.expectations.metrics import util


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

    for module in list(sys.modules.values()):
        if getattr(module, "get_dialect_regex_expression", None) is original:
            module.get_dialect_regex_expression = regex  # type: ignore[attr-defined,unused-ignore]


_teach_regex()
