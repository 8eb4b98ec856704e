"""What an expectation looks at: the tables and columns that its query names."""

from __future__ import annotations

import re
from collections.abc import Mapping

from sfbench.quality.expectation import ROWS, Expectation, Suite
from sfbench.quality.export import inlined
from sfbench.spec import Table

_WORD = re.compile(r"\w+")


def looked_at(suite: Suite, tables: Mapping[str, Table]) -> dict[str, set[tuple[str, str | None]]]:
    """Expectation id -> the (table, column) pairs that it looks at; (table, None) stands for the table's rows.

    A name in the query is enough: so it may look at less than this, never at more. A claim about a table as a whole
    looks at all of it.
    """
    return {e.id: _pairs(e, suite.table, tables) for e in inlined(suite)}


def _pairs(expectation: Expectation, own: str, tables: Mapping[str, Table]) -> set[tuple[str, str | None]]:
    if expectation.type != ROWS:
        column = expectation.kwargs.get("column")
        names = {str(column)} if column else {c.name for c in tables[own].columns}
        return {(own, None), *((own, name) for name in names)}
    words = set(_WORD.findall(expectation.query))
    read = {own, *(words & tables.keys())}
    return {(t, None) for t in read} | {(t, c.name) for t in read for c in tables[t].columns if c.name in words}
