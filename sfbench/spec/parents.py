"""Which tables refer to which, and an order in which each comes after those it refers to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from sfbench.spec.table import Table


def references(table: Table, among: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    """(column, parent, its column) of each reference to one of these tables."""
    names = set(among)
    for column in table.columns:
        parent, _, key = column.references.partition(".")
        if parent in names:
            yield column.name, parent, key


def parents_first(tables: Mapping[str, Table]) -> Iterator[str]:
    """Each table after those it refers to; in a circle, where the circle was entered."""
    seen: set[str] = set()

    def visit(name: str) -> Iterator[str]:
        if name not in seen:
            seen.add(name)
            for _, parent, _ in references(tables[name], tables):
                yield from visit(parent)
            yield name

    for name in tables:
        yield from visit(name)
