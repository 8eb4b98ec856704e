"""Who a row is about: the firm, the loan, the bank that its columns name, whatever the column is called.

An entity is a table with a key of one number or code, such as `loan`, and the codes that registers of different
keepers share: credit codes and note codes. A column is its name in a row if it is that key or refers to it. Entities
of tables that grow with the city are fine (a loan, a firm, a fund); the others are coarse (a bank, a product): many
rows share one, so it says who a row is about only together with a month.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from sfbench.spec import Column, Table

_FIXED = ("fixed", "months")
_CODES = ("note_code", "uscc")


class Entities:
    """The entities of a schema, numbered."""

    def __init__(self, tables: Mapping[str, Table]) -> None:
        self.tables = tables
        keyed = [n for n, table in tables.items() if len(table.key) == 1 and n != "month" and self._is_root(n)]
        self.number = {name: place for place, name in enumerate((*keyed, *_CODES))}
        self._columns = {name: self._named(table) for name, table in tables.items()}

    def fine(self, entity: str) -> bool:
        """Whether the city has more of them the larger it is."""
        return entity in _CODES or self.tables[entity].grows not in _FIXED

    def of(self, table: str) -> Mapping[str, str]:
        """column -> the entity that it names, for the columns of a table."""
        return self._columns[table]

    @cached_property
    def by_name(self) -> Mapping[str, str]:
        """column name -> entity, for names that mean the same entity in every table that has them."""
        found: dict[str, set[str]] = {}
        for columns in self._columns.values():
            for column, entity in columns.items():
                found.setdefault(column, set()).add(entity)
        return {column: entities.pop() for column, entities in found.items() if len(entities) == 1}

    @cached_property
    def above(self) -> Mapping[str, frozenset[str]]:
        """entity -> the entities that its row names, and those that they name: of a loan its firm and its bank."""
        found: dict[str, frozenset[str]] = {}
        for entity in self.number:
            seen: set[str] = set()
            waiting = [entity]
            while waiting:
                for other in self._columns.get(waiting.pop(), {}).values():
                    if other not in seen and other != entity:
                        seen.add(other)
                        waiting.append(other)
            found[entity] = frozenset(seen)
        return found

    def _is_root(self, name: str) -> bool:
        """Whether the table's key refers to no other table."""
        table = self.tables[name]
        return not table.column(table.key[0]).references

    def _named(self, table: Table) -> dict[str, str]:
        entities = ((column.name, self._entity(table, column)) for column in table.columns)
        return {column: entity for column, entity in entities if entity in self.number}

    def _entity(self, table: Table, column: Column) -> str:
        if column.check in _CODES or column.name in _CODES:
            return column.check or column.name
        while column.references:
            target, _, name = column.references.partition(".")
            if target not in self.tables:
                return ""
            table, column = self.tables[target], self.tables[target].column(name)
        return table.name if table.key == (column.name,) else ""
