"""Tables and the references between them, in layers: a table stands right of all that it refers to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sfbench.spec import Column, Table, parents

_SWEEPS = 6


@dataclass(frozen=True, slots=True)
class Reference:
    """`child.column` refers to `parent.parent_column`."""

    parent: str
    parent_column: str
    child: str
    column: str
    optional: bool


def references(tables: Mapping[str, Table]) -> list[Reference]:
    """All references inside the set of tables, in the order of declaration."""
    return [
        Reference(parent, key, name, column, table.column(column).nullable)
        for name, table in tables.items()
        for column, parent, key in parents.references(table, tables)
    ]


def shown(table: Table) -> list[Column]:
    """The columns that make the picture: the key and the references."""
    return [column for column in table.columns if column.name in table.key or column.references]


def neighbourhood(tables: Mapping[str, Table], name: str) -> dict[str, Table]:
    """A table with those that it refers to and those that refer to it."""
    near = {name}
    for reference in references(tables):
        if name in (reference.parent, reference.child):
            near |= {reference.parent, reference.child}
    return {other: table for other, table in tables.items() if other in near}


def layers(tables: Mapping[str, Table]) -> list[list[str]]:
    """Names by layer, ordered inside each so that references cross little (means of neighbours, back and forth)."""
    edges = [(r.parent, r.child) for r in references(tables) if r.parent != r.child]
    depth = dict.fromkeys(tables, 0)
    for _ in tables:  # longest way from a table without references; a circle cannot lengthen it for ever
        for parent, child in edges:
            depth[child] = min(max(depth[child], depth[parent] + 1), len(tables))
    rows: list[list[str]] = [[] for _ in range(max(depth.values(), default=0) + 1)]
    for name in sorted(tables):
        rows[depth[name]].append(name)
    rows = [row for row in rows if row]
    for sweep in range(_SWEEPS):
        for row in rows if sweep % 2 == 0 else reversed(rows):
            height = {name: place / len(other) for other in rows for place, name in enumerate(other)}
            row.sort(key=lambda name: (_mean(name, edges, height), name))
    return rows


def _mean(name: str, edges: list[tuple[str, str]], height: Mapping[str, float]) -> float:
    near = [height[a if b == name else b] for a, b in edges if name in (a, b)]
    return sum(near) / len(near) if near else height[name]
