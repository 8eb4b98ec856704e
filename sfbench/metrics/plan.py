"""What of each mart an evaluation builds: all of it, the months from one on, or nothing because the cache has it.

Readers are looked at before what they read. A mart of which all rows still hold is a view of the cache, and what it
reads is not built for it. A sliced mart, which is not kept, begins with the first month that any reader asks for.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import NamedTuple

from sfbench.metrics.cache import ALWAYS, Cache
from sfbench.metrics.catalogue import Catalogue
from sfbench.metrics.mart import Mart
from sfbench.spec import Metric


class Part(NamedTuple):
    """The first month to build (ALWAYS: every month, None: none), and a SELECT of the rows before it that are kept."""

    first: datetime.date | None = ALWAYS
    kept: str = ""


def plan(known: Catalogue, metrics: Iterable[Metric], cache: Cache | None) -> dict[str, Part]:
    """The parts of the marts that these metrics read, by name; a mart that none of them needs built is not there."""
    chosen = list(metrics)
    marts = {mart.id: mart for metric in chosen for mart in known.marts_of(metric.id)}
    asked: dict[str, datetime.date] = {}

    def ask(reader: str, first: datetime.date) -> None:
        for need in known.needs[reader]:
            month = first if need.columns else ALWAYS
            asked[need.name] = min(month, asked.get(need.name, month))

    for metric in chosen:
        ask(metric.id, ALWAYS)
    parts: dict[str, Part] = {}
    for mart in reversed(marts.values()):
        if mart.id in asked:
            part = parts[mart.id] = _part(mart, asked[mart.id], cache)
            if part.first is not None:
                ask(mart.id, part.first)
    return parts


def _part(mart: Mart, asked: datetime.date, cache: Cache | None) -> Part:
    if mart.sliced:
        return Part(asked)
    kept = cache.kept_rows(mart) if cache else None
    return Part(kept.first, kept.rows) if kept else Part()
