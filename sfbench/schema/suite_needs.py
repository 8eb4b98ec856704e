"""The tables and columns that a hand-written suite reads."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import duckdb

from sfbench.quality.expectation import Suite
from sfbench.spec import Need, Table


def suite_needs(suite: Suite, declared: Mapping[str, Table], parser: duckdb.DuckDBPyConnection) -> list[Need]:
    """Its own table, the tables that its queries name, and the columns of its built-in expectations.

    Columns inside of queries are not looked for: a query whose column is missing is reported by the run itself.
    parser: any connection; one for all suites, as to open one takes thirty times as long as to parse a query.
    """
    columns = [column for e in suite.expectations for key, column in e.kwargs.items() if key.startswith("column")]
    named = [column for column in columns if isinstance(column, str)]
    tables = {name for sql in _queries(suite) for name in _tables(sql, parser)}
    others = sorted(name for name in tables - {suite.table} if name in declared)
    return [Need(suite.table, tuple(dict.fromkeys(named))), *(Need(name) for name in others)]


def _tables(sql: str, parser: duckdb.DuckDBPyConnection) -> Iterator[str]:
    """Names after FROM and JOIN, from the parsed text alone: nothing has to be there."""
    tree = parser.execute("SELECT json_serialize_sql($1)", [sql]).fetchall()[0][0]
    waiting: list[Any] = [json.loads(tree)]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            if node.get("type") == "BASE_TABLE":
                yield node["table_name"]
            waiting += node.values()
        elif isinstance(node, list):
            waiting += node


def _queries(suite: Suite) -> Iterator[str]:
    yield from suite.views.values()
    for expectation in suite.expectations:
        if expectation.query:
            yield expectation.query.replace("{batch}", suite.table)
