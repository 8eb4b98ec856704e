"""A DuckDB connection on a dataset that can read its files and nothing else, and write nowhere.

DuckDB refuses every file but those of the dataset (`enable_external_access = false`, `allowed_paths`), and any change
of that (`lock_configuration`). It would still let `COPY ... TO` write into the files that it may read, so statements
are limited to a list. Tables that a query creates live in memory and end with the connection.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType

import duckdb
import pyarrow as pa

from sfbench.errors import SfbenchError, did_you_mean
from sfbench.spec import Table
from sfbench.store.own import Defect
from sfbench.store.read import file_pattern, open_usable, present_files

_ALLOWED = {"SELECT", "CREATE", "DROP", "INSERT", "UPDATE", "DELETE", "EXPLAIN", "MULTI"}
_WRAPPERS = {"EXPLAIN", "MULTI"}  # MULTI is what PIVOT becomes; both can hold another statement
_WRITERS = {"copy", "export"}
# How DuckDB says that a view is not a table of its own, which could be changed.
_UNCHANGED = ("is of type View", "from base table", "update base table", "is not an table", "View with name")


class Sealed:
    """What `open_sealed` gives: `run` takes SQL; `tables` are the views; `defects` what could not be read."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, tables: list[str], defects: tuple[Defect, ...]) -> None:
        self._connection = connection
        self.tables = tables
        self.defects = defects

    def run(self, sql: str) -> pa.RecordBatchReader | None:
        """The rows of the last statement, as they come; None if it gives none.

        Raises SfbenchError for SQL that cannot be read, a statement that is not allowed, or a query that fails; later
        batches of the reader may raise it too (see `read`).
        """
        try:
            statements = self._connection.extract_statements(sql)
            for statement in statements:
                _check(statement)
            result = None
            for statement in statements:
                result = self._connection.sql(statement.query)
                if result is not None and statement is not statements[-1]:
                    result.fetchall()  # what stands before the last is run, not shown
            return None if result is None else result.to_arrow_reader()
        except duckdb.Error as error:
            raise self._failure(error) from error

    def table(self, sql: str) -> pa.Table:
        """All rows of the last statement; an empty table if it gives none. Raises SfbenchError as `run` does."""
        rows = self.run(sql)
        try:
            return pa.table({}) if rows is None else rows.read_all()
        except (duckdb.Error, pa.ArrowException) as error:
            raise SfbenchError("the query fails", why=str(error)) from error

    def _failure(self, error: duckdb.Error) -> SfbenchError:
        text = str(error)
        missing = text.partition("Table with name ")[2].partition(" ")[0]
        fix = did_you_mean(missing, self.tables) if missing else ""
        if any(words in text for words in _UNCHANGED):
            fix = "the dataset's tables are read only; CREATE TEMP TABLE under another name, and change that"
        return SfbenchError("the query fails", why=text.replace("\n", "\n       "), fix=fix)

    def interrupt(self) -> None:
        """Stops what runs, from another thread; the next query is not touched."""
        self._connection.interrupt()

    def close(self) -> None:
        """Ends the connection; what was created is gone."""
        self._connection.close()

    def __enter__(self) -> Sealed:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open_sealed(
    path: Path | str, as_of: datetime.date | None = None, *, declared: Mapping[str, Table] | None = None
) -> Sealed:
    """A dataset, or a user's own tables, for SQL that may only read. Raises SfbenchError as `open_usable` does."""
    connection, defects, views = open_usable(path, as_of, declared=declared)
    present = present_files(Path(path))
    files = [file for name in views for file in present[name]]
    # A view names its files by patterns; DuckDB asks about the pattern, then about the file.
    allowed = ", ".join("'" + text.replace("'", "''") + "'" for f in files for text in {str(f), file_pattern(f)})
    for option in (
        f"allowed_paths = [{allowed}]",
        "enable_external_access = false",
        "python_enable_replacements = false",  # a name is a table of the dataset, never a Python variable
        "lock_configuration = true",
    ):
        connection.execute(f"SET {option}")
    return Sealed(connection, sorted(views), defects)


def _check(statement: duckdb.Statement) -> None:
    kind = statement.type.name
    words = {word.lower() for word in _keywords(statement.query)} if kind in _WRAPPERS else set()
    if kind not in _ALLOWED or words & _WRITERS:
        what = "COPY" if words else kind.replace("_", " ")
        why = "a query reads the dataset; it changes no file and no setting"
        fix = "write SELECT, or CREATE TEMP TABLE for a step between; --out FILE keeps a result"
        raise SfbenchError(f"{what} is not allowed here", why=why, fix=fix)


def _keywords(sql: str) -> list[str]:
    tokens = duckdb.tokenize(sql)
    return [sql.encode()[at:].decode().split(maxsplit=1)[0] for at, kind in tokens if kind == duckdb.token_type.keyword]
