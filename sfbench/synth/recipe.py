"""How a table is learned and written again: a recipe of two queries, or a plan worked out from its columns.

A recipe is `recipes/<table>.sql`: a header, the query whose columns are learned (with `_key` and, below a parent,
`_parent`), the line `-- emit`, and the query that makes the declared columns out of what was drawn. Whatever an
identity fixes is not learned but worked out there, so it holds by construction.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from sfbench.errors import SfbenchError, did_you_mean
from sfbench.folders import PACKAGE

FOLDER = PACKAGE / "synth" / "recipes"
EMIT = "-- emit\n"
_HEADER = re.compile(r"^-- (parent|registers): (.+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Recipe:
    """One `recipes/<table>.sql`. `parent_key` is the column that names the parent's row."""

    table: str
    learn: str
    emit: str
    parent: str = ""
    parent_key: str = ""
    registers: tuple[str, ...] = ()


def names() -> list[str]:
    """The tables that have a recipe, parents first."""
    known = sorted(path.stem for path in FOLDER.glob("*.sql"))
    return sorted(known, key=_depth)


@cache
def recipe(table: str) -> Recipe:
    """The recipe of a table. Raises SfbenchError if it has none."""
    path = FOLDER / f"{table}.sql"
    if not path.is_file():
        raise SfbenchError(f"no recipe for table {table!r}", fix=did_you_mean(table, names()))
    text = path.read_text(encoding="utf-8")
    learn, _, emit = text.partition(EMIT)
    header = dict(_HEADER.findall(learn))
    parent, _, key = header.get("parent", "").partition(" ")
    registers = tuple(name.strip() for name in header.get("registers", "").split(",") if name.strip())
    return Recipe(table, learn, emit, parent, key, registers)


def _depth(table: str) -> int:
    parent = recipe(table).parent
    return _depth(parent) + 1 if parent else 0
