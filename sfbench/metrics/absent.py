"""Stand-ins for what the tables lack and marts can be built without: columns of nulls, tables without rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from sfbench.content.tables import tables
from sfbench.metrics.needs import Held
from sfbench.spec import Need
from sfbench.store.shape import DUCKDB_TYPES


def stand_ins(
    held: Held, needs: Iterable[Need], sources: Mapping[str, str], content: Iterable[Path] = ()
) -> dict[str, str]:
    """By table that lacks something of these needs, the SELECT of it as if it were whole.

    `sources` say of tables what to select them from. Types are those that the built-in tables and those of `content`
    declare.
    """
    lacking: dict[str, dict[str, None]] = {}
    for need in needs:
        if columns := held.lacking(need):
            lacking.setdefault(need.name, {}).update(dict.fromkeys(columns))
    declared = tables(tuple(content)) if lacking else {}
    found: dict[str, str] = {}
    for table, names in lacking.items():
        known = declared[table].spec.columns if table in declared else ()
        types = {column.name: DUCKDB_TYPES[column.kind] for column in known}
        nulls = ", ".join(f'CAST(NULL AS {types.get(name, "VARCHAR")}) AS "{name}"' for name in names)
        found[table] = f"SELECT *, {nulls} FROM {sources[table]}" if table in held else f"SELECT {nulls} LIMIT 0"
    return found
