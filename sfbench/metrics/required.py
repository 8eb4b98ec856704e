"""What a metric's figures hang on: not all that its marts read, since a mart serves many metrics.

A mart's header names under `optional` what it can be built without, and which of its columns then tell nothing. A query
reads a column only if it names it, so the words of a metric's query, and of the marts between, say which are wanted. A
word that merely comes up (as the name of a column that is made there) counts as well: a metric then asks for more than
it must, never for less.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from functools import cache

from sfbench.metrics.catalogue import Catalogue
from sfbench.spec import Need


def required(known: Catalogue, metric: str) -> list[Need]:
    """Of the tables and columns that a metric and its marts read, those without which it has no figures."""
    found: dict[str, set[str]] = {}
    nothing: frozenset[str] = frozenset()
    seen = {(metric, nothing)}  # metrics and marts, each with the columns that are wanted of those it can spare
    waiting = list(seen)
    while waiting:
        name, wanted = waiting.pop()
        for need in _not_spared(known, name, wanted):
            if need.name not in known.marts:
                found.setdefault(need.name, set()).update(need.columns)
            elif (below := (need.name, frozenset(need.columns))) not in seen:
                seen.add(below)
                waiting.append(below)
    tables = (need for need in known.tables_of(metric) if need.name in found)
    return [Need(table.name, tuple(c for c in table.columns if c in found[table.name])) for table in tables]


def _not_spared(known: Catalogue, name: str, wanted: Set[str]) -> Iterator[Need]:
    """What a file needs when only `wanted` is asked of what it can spare; of a mart, the columns that it can spare."""
    own = known.marts.get(name)
    words = _words(own.sql if own else known.metrics[name].sql)
    for need in known.needs[name]:
        spares = [spare for spare in own.optional if spare.need.name == need.name] if own else []
        asked = [spare.need.columns for spare in spares if spare.output in wanted]
        spared = [spare.need.columns for spare in spares if spare.output not in wanted]
        if () in spared and () not in asked:
            continue
        columns = need.columns
        if need.name in known.marts:
            columns = tuple({spare.output for spare in known.marts[need.name].optional} & words)
        without = {c for names in spared for c in names} - {c for names in asked for c in names}
        kept = tuple(column for column in columns if column not in without)
        if kept or not need.columns or need.name in known.marts:
            yield Need(need.name, kept)


@cache
def _words(sql: str) -> frozenset[str]:
    """The words of a query, without comments and texts."""
    return frozenset(re.findall(r"\w+", re.sub(r"--.*|'[^']*'", "", sql)))
