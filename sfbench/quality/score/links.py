"""Whom rows are about, in SQL: a link is (id of the row, entity, value, fine)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import duckdb

from sfbench.quality.score.entities import Entities

LINK = "id BIGINT, entity INTEGER, value VARCHAR, fine BOOLEAN"


@dataclass(frozen=True, slots=True)
class Ground:
    """Where a score is worked out: a connection over a dataset, the entities of its schema, the tables that it has."""

    connection: duckdb.DuckDBPyConnection
    entities: Entities
    there: frozenset[str]


def add_links(ground: Ground, into: str, source: str, columns: Mapping[str, str]) -> None:
    """Adds to the table `into` the entities that the rows of `source` (a table with `id`) name, and those that these
    name in turn: a balance names a loan, the loan its firm and its bank. columns: column -> entity."""
    entities = ground.entities
    found, joins = [], []
    for place, (column, entity) in enumerate(columns.items()):
        found.append(_pair(entities, entity, f's."{column}"'))
        if not entities.fine(entity) or entity not in ground.there:  # a code names no table
            continue
        parent, key = f"p{place}", entities.tables[entity].key[0]
        named = {name: e for name, e in entities.of(entity).items() if name != key}
        joins.append(f'LEFT JOIN "{entity}" AS {parent} ON {parent}.{key} = try_cast(s."{column}" AS BIGINT)')
        found += [_pair(entities, e, f"{parent}.{name}") for name, e in named.items()]
    if found:
        pairs = f"SELECT s.id, unnest([{', '.join(found)}]) AS l FROM {source} AS s {' '.join(joins)}"
        ground.connection.execute(
            f"INSERT INTO {into} SELECT DISTINCT id, l.entity, l.value, l.fine FROM ({pairs}) WHERE l.value IS NOT NULL"
        )


def _pair(entities: Entities, entity: str, value: str) -> str:
    fine = str(entities.fine(entity)).lower()
    return f"{{'entity': {entities.number[entity]}, 'value': {value}::VARCHAR, 'fine': {fine}}}"
