"""Row queries bind to the declared schema as they stand and as they are exported, and show keys."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import duckdb
import pytest

from sfbench.quality.expectation import ROWS, Expectation
from sfbench.quality.export import inlined
from sfbench.quality.run import all_suites
from sfbench.spec import Table
from sfbench.store.shape import DUCKDB_TYPES


@pytest.fixture(scope="module")
def queries(tables: Mapping[str, Table]) -> list[tuple[Table, Expectation]]:
    suites = all_suites(tables)
    return [(tables[s.table], e) for s in suites for e in inlined(s) if e.type == ROWS and not e.id.endswith(".types")]


@pytest.fixture(scope="module")
def empty(tables: Mapping[str, Table]) -> Iterator[duckdb.DuckDBPyConnection]:
    """Every published table as declared, without rows."""
    with duckdb.connect() as connection:
        for name, table in tables.items():
            columns = ", ".join(f'"{c.name}" {DUCKDB_TYPES[c.kind]}' for c in table.columns)
            connection.execute(f"CREATE TABLE {name} ({columns})")
        yield connection


def test_every_query_stands_alone_and_shows_keys(
    queries: list[tuple[Table, Expectation]], tables: Mapping[str, Table], empty: duckdb.DuckDBPyConnection
) -> None:
    """The key of its own table, or of what the claim is about where that is a group of rows (a loan, a firm)."""
    any_key = {name for table in tables.values() for name in table.key} | {"uscc", "round_id"}
    shown = {
        e.id: {row[0] for row in empty.execute(f"DESCRIBE {e.query.format(batch=t.name)}").fetchall()}
        for t, e in queries
    }
    assert [claim for claim, columns in shown.items() if not columns & any_key] == []
    of_rows = [(table, e) for table, e in queries if not e.id.endswith((".fresh", ".months"))]  # these tell of months
    own = sum(set(table.key) <= shown[e.id] for table, e in of_rows)
    assert own >= 0.9 * len(of_rows)


def test_no_query_finds_anything_in_a_city_without_rows(
    queries: list[tuple[Table, Expectation]], empty: duckdb.DuckDBPyConnection
) -> None:
    """So an empty table would pass them all: the floor of every table is what catches it."""
    found = [e.id for t, e in queries if empty.execute(e.query.format(batch=t.name)).fetchall()]
    assert found == []
