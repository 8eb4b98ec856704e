"""Who a row is about: the firm, the loan, the bank that its columns name, whatever the column is called.

An entity is a table with a key of one number or code, such as `loan`; a column is its name in a row if it is that key or
refers to it. Entities of tables that grow with the city are fine (a loan, a firm, a fund); the others are coarse (a bank,
a product): many rows share one, so it says who a row is about only together with a month.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from sfbench.spec import Table

_FIXED = ("fixed", "months")


class Entities:
    """The entities of a schema, numbered."""

    def __init__(self, tables: Mapping[str, Table]) -> None:
        self.tables = tables
        self.names = [n for n, table in tables.items() if len(table.key) == 1 and n != "month" and not self._parent(n)]
        self.number = {name: place for place, name in enumerate(self.names)}

    def _parent(self, name: str) -> str:
        """The table whose key this table's key refers to."""
        table = self.tables[name]
        return table.column(table.key[0]).references.partition(".")[0]

    def fine(self, entity: str) -> bool:
        """Whether the city has more of them the larger it is."""
        return self.tables[entity].grows not in _FIXED

    def of(self, table: str) -> dict[str, str]:
        """column -> the entity that it names, for the columns of a table."""
        found = {}
        for column in self.tables[table].columns:
            entity = self._root(table, column.name)
            if entity in self.number:
                found[column.name] = entity
        return found

    def _root(self, table: str, column: str) -> str:
        while table in self.tables and (target := self.tables[table].column(column).references):
            table, _, column = target.partition(".")
        return table if table in self.tables and self.tables[table].key == (column,) else ""

    @cached_property
    def by_name(self) -> dict[str, str]:
        """column name -> entity, for names that mean the same entity in every table that has them."""
        found: dict[str, set[str]] = {}
        for name in self.tables:
            for column, entity in self.of(name).items():
                found.setdefault(column, set()).add(entity)
        return {column: entities.pop() for column, entities in found.items() if len(entities) == 1}
