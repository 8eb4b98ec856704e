"""Which rows violate an expectation: all of them, by SQL, where Great Expectations shows the first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from sfbench.quality.expectation import ROWS, Expectation
from sfbench.spec import Table
from sfbench.store.read import sql_text


def failing_query(expectation: Expectation, table: Table) -> str | None:
    """A query of the rows that violate the expectation, with the key of the table; None if it claims no row's fault.

    Raises KeyError for a built-in expectation about rows that is not known here.
    """
    if expectation.type == ROWS:
        return expectation.query.format(batch=f'"{table.name}"')
    if expectation.type.startswith("expect_table_"):
        return None
    column = str(expectation.kwargs["column"])
    shown = ", ".join(dict.fromkeys((*table.key, column)))
    return f'SELECT {shown} FROM "{table.name}" WHERE {_CONDITIONS[expectation.type](column, expectation.kwargs)}'


def _between(column: str, kwargs: Mapping[str, Any]) -> str:
    low, high = kwargs.get("min_value"), kwargs.get("max_value")
    sides = [f"{column} < {_literal(low)}"] if low is not None else []
    sides += [f"{column} > {_literal(high)}"] if high is not None else []
    return " OR ".join(sides)


def _literal(value: Any) -> str:
    if isinstance(value, dt.date):
        return f"TIMESTAMP '{value.isoformat()}'"
    return sql_text(value) if isinstance(value, str) else str(value)


_CONDITIONS: dict[str, Callable[[str, Mapping[str, Any]], str]] = {
    "expect_column_values_to_not_be_null": lambda column, _: f"{column} IS NULL",
    "expect_column_values_to_be_in_set": lambda column, kwargs: (
        f"{column} NOT IN ({', '.join(map(_literal, kwargs['value_set']))})"
    ),
    "expect_column_values_to_be_between": _between,
    "expect_column_values_to_be_unique": lambda column, _: (
        f"{column} IS NOT NULL QUALIFY count(*) OVER (PARTITION BY {column}) > 1"
    ),
    "expect_column_values_to_not_match_regex": lambda column, kwargs: (
        f"regexp_matches({column}, {_literal(kwargs['regex'])})"
    ),
    "expect_column_values_to_match_regex": lambda column, kwargs: (
        f"NOT regexp_matches({column}, {_literal(kwargs['regex'])})"
    ),
}
