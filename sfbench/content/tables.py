"""Loads table files: declaration and functions; checks that they hang together."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any, get_args

from sfbench.content.files import listing
from sfbench.content.modules import load
from sfbench.content.words import unknown_words
from sfbench.errors import SfbenchError, did_you_mean, raise_all
from sfbench.spec import Table
from sfbench.spec.column import Form, Kind, Privacy
from sfbench.spec.table import Stage

_STAGES = get_args(Stage)  # in the order of a run
_FUNCTIONS = {"prelude": ("rows",), "block": ("rows",), "settle": ("partial", "merge", "finish")}


@dataclasses.dataclass(frozen=True, slots=True)
class TableContent:
    """A table with the functions of its file.

    prelude, block: `rows(block, needs, params, draw) -> Columns` (block is None for a prelude table).
    settle: `partial(block, needs, params, draw) -> state`, `merge(a, b) -> state`,
    `finish(state, needs, params, draw) -> Columns`; a state is a dict of int64 arrays, so sums are exact.
    """

    spec: Table
    functions: dict[str, Callable[..., Any]]


def tables(extra: tuple[Path, ...] = ()) -> dict[str, TableContent]:
    """Every table by name, in an order in which each comes after what it needs."""
    return _tables(tuple(extra))  # one key for `tables()` and `tables(())`


@cache
def _tables(extra: tuple[Path, ...]) -> dict[str, TableContent]:
    errors: list[SfbenchError] = []
    loaded: dict[str, TableContent] = {}
    files = listing("generators", extra)
    for name, path in files.items():
        try:
            loaded[name] = _load(name, path)
        except SfbenchError as error:
            errors.append(error)
    for content in loaded.values():
        errors += _check(content.spec, loaded, set(files) - set(loaded))
    raise_all(errors)
    return {name: loaded[name] for name in _ordered(loaded)}


def closure(wanted: Iterable[str], all_tables: dict[str, TableContent]) -> dict[str, TableContent]:
    """The wanted tables and all that they need, in order."""
    keep: set[str] = set()
    stack = list(wanted)
    while stack:
        name = stack.pop()
        if name not in keep:
            keep.add(name)
            stack.extend(all_tables[name].spec.needs)
    return {name: content for name, content in all_tables.items() if name in keep}


def _load(name: str, path: Path) -> TableContent:
    module = load("table", name, path)
    table = getattr(module, "TABLE", None)
    if not isinstance(table, Table):
        raise SfbenchError("the file declares no TABLE", where=str(path), fix="see `sfbench new table` for the shape")
    raise_all(unknown_words(str(path), stage=([table.stage], Stage)))
    functions = {}
    for function in _FUNCTIONS[table.stage]:
        if not callable(getattr(module, function, None)):
            raise SfbenchError(f"a {table.stage} table needs a function {function!r}", where=str(path))
        functions[function] = getattr(module, function)
    return TableContent(dataclasses.replace(table, name=name, where=str(path)), functions)


def _check(table: Table, known: dict[str, TableContent], broken: set[str]) -> list[SfbenchError]:
    """What is wrong with a declaration; what hangs on a `broken` file is not its fault."""
    errors, names = [], [c.name for c in table.columns]
    for need in table.needs:
        if need not in known and need not in broken:
            errors.append(
                SfbenchError(f"needs an unknown table {need!r}", where=table.where, fix=did_you_mean(need, known))
            )
        elif need in known and _STAGES.index(known[need].spec.stage) > _STAGES.index(table.stage):
            why = f"{need!r} is a {known[need].spec.stage} table, made after every {table.stage} table"
            fix = "need what is made before"
            errors.append(SfbenchError(f"needs {need!r} too early", where=table.where, why=why, fix=fix))
    if not table.published:
        return errors
    if table.rows_by and not _is_date(table.rows_by):
        what = f"{table.rows_by!r} is no date"
        errors.append(SfbenchError(what, where=f"{table.where}: rows_by", fix="write it as 2025-12-31"))
    for name in [
        *table.key,
        *filter(None, (table.event_on, table.known_on, table.gone_on)),
        *(c.known_on for c in table.columns if c.known_on),
    ]:
        if name not in names:
            errors.append(
                SfbenchError(f"names an unknown column {name!r}", where=table.where, fix=did_you_mean(name, names))
            )
    for column in table.columns:
        where = f"{table.where}: {table.name}.{column.name}"
        if names.count(column.name) > 1:
            errors.append(SfbenchError("the column is declared twice", where=where))
        errors += unknown_words(
            where, kind=([column.kind], Kind), privacy=([column.privacy], Privacy), check=([column.check], Form)
        )
        if column.kind == "code" and not column.values:
            errors.append(SfbenchError("a code column lists its values", where=where))
        if column.references:
            parent, _, parent_column = column.references.partition(".")
            columns = [c.name for c in known[parent].spec.columns] if parent in known else []
            if parent not in broken and parent_column not in columns:
                fix = did_you_mean(parent_column, columns) if columns else did_you_mean(parent, known)
                errors.append(SfbenchError(f"refers to unknown {column.references!r}", where=where, fix=fix))
        if column.known_on and not column.nullable:
            errors.append(SfbenchError("a column with known_on must be nullable", where=where))
    return errors


def _is_date(text: str) -> bool:
    try:
        return datetime.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _ordered(loaded: dict[str, TableContent]) -> list[str]:
    """Names so that needs come first; ties by name. Raises for a circle."""
    done: list[str] = []
    waiting = dict(sorted(loaded.items()))
    while waiting:
        ready = [n for n, c in waiting.items() if all(need in done for need in c.spec.needs)]
        if not ready:
            circle = _circle(waiting)
            where, why = waiting[circle[0]].spec.where, " -> ".join(circle)
            raise SfbenchError(
                "tables need each other in a circle", where=where, why=why, fix="break the circle in `needs`"
            )
        done += ready
        for name in ready:
            del waiting[name]
    return done


def _circle(waiting: dict[str, TableContent]) -> list[str]:
    """A way along `needs` from a table back to itself; every table that waits needs another that does."""
    way = [min(waiting)]
    while True:
        following = min(need for need in waiting[way[-1]].spec.needs if need in waiting)
        if following in way:
            return [*way[way.index(following) :], following]
        way.append(following)
