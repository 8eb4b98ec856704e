"""How a table is learned and written again: a recipe of two queries, or a plan worked out from its columns.

A recipe is `recipes/<table>.sql`: a header, the query whose columns are learned (with `_key` and, below a parent,
`_parent`), the line `-- emit`, and the query that makes the declared columns out of what was drawn. Whatever an
identity fixes is not learned but worked out there, so it holds by construction. Further lines of the header:

`-- derived: x = table.a - b`: a difference of learned or derived columns of the table or its parents, on which later
columns and children may depend; or a sum (`+`), `since`: the difference, null where it is below 0, or `>=`. Its
right side may be a number.
`-- given: x | y, z~`: x depends on y and z first of all, whatever else it depends on; `~`: on groups of z.
`-- first: x`: x is drawn before what a row says of its children, which may then depend on it.
`-- no more: x, y`: x and y depend on what they are given alone. Else rows whose context too few firms share are drawn
as the rest of their like, and an outcome that is frequent in many small contexts is lost.
`-- after: table, table`: where these are in the copy, they are written first, as the query for the columns reads them.
`-- with table: x, y`: x and y are learned only where that table is in the copy, and no other depends on them.
`-- apart: why`: all other tables are drawn as if the table were not learned.
`-- only if named: why`: the table is learned only if it is asked for by name.
`-- by firm: why`: what is written of a firm follows from its own rows and those of its parents alone, so the table is
written a block of firms at a time.
`-- one: x | table.p`: x is true of one row of each parent whose p is not null, and of no other, so it is not drawn.
`-- outsiders know: x, y`: learned columns that are a row's quasi-identifiers, those that stand for declared ones first.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from sfbench.errors import SfbenchError, did_you_mean
from sfbench.folders import PACKAGE
from sfbench.synth.learned import Derived

FOLDER = PACKAGE / "synth" / "recipes"
EMIT = "-- emit\n"
_WORDS = r"parent|after|with \w+|registers|derived|given|no more|apart|only if named|by firm|one|first|outsiders know"
_HEADER = re.compile(rf"^-- ({_WORDS}): (.+)$", re.MULTILINE)
_DERIVED = re.compile(r"(\w+) = ([\w.]+) ([+-]|since|>=) ([\w.]+)")


@dataclass(frozen=True, slots=True)
class Recipe:
    """One `recipes/<table>.sql`. `parent_key` is the column that names the parent's row."""

    table: str
    learn: str
    emit: str
    parent: str = ""
    parent_key: str = ""
    registers: tuple[str, ...] = ()
    derived: tuple[Derived, ...] = ()
    given: tuple[tuple[str, tuple[str, ...]], ...] = ()
    no_more: tuple[str, ...] = ()
    one: tuple[str, ...] = ()
    first: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    only_with: tuple[tuple[str, tuple[str, ...]], ...] = ()
    apart: bool = False
    only_if_named: bool = False
    by_firm: bool = False
    outsiders_know: tuple[str, ...] = ()


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
    words = ("registers", "after", "no more", "first")
    registers, after, no_more, first = (_listed(header.get(word, "")) for word in words)
    derived = tuple(Derived(*match) for match in _DERIVED.findall(header.get("derived", "")))
    given = tuple(_given(line) for line in header.get("given", "").split(";") if line.strip())
    only_with = tuple((word[5:], _listed(line)) for word, line in header.items() if word.startswith("with "))
    one = tuple(name.strip() for name in header["one"].split("|")) if "one" in header else ()
    apart, named, by_firm = (word in header for word in ("apart", "only if named", "by firm"))
    outside = _listed(header.get("outsiders know", ""))
    said = Recipe(table, learn, emit, parent, key, registers, derived, given, no_more, one, first, after, only_with)
    return replace(said, apart=apart, only_if_named=named, by_firm=by_firm, outsiders_know=outside)


def recipe_of(table: str, own: bool) -> Recipe | None:
    """A table's recipe; None if it has none, or if a user declares the tables: a name says nothing then."""
    return None if own or table not in names() else recipe(table)


def learned_columns(said: Recipe, columns: Sequence[str], among: Sequence[str]) -> list[str]:
    """Those of a recipe's columns that are learned in a copy of the tables `among`."""
    absent = {name for other, names in said.only_with if other not in among for name in names}
    return [name for name in columns if name not in absent]


def withheld(said: Recipe) -> tuple[str, ...]:
    """Columns that are learned for the sake of another table, on which no table depends."""
    return tuple(name for _, names in said.only_with for name in names)


def _listed(words: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in words.split(",") if name.strip())


def _given(line: str) -> tuple[str, tuple[str, ...]]:
    column, _, predictors = line.partition("|")
    return column.strip(), tuple(name.strip() for name in predictors.split(","))


def _depth(table: str) -> int:
    parent = recipe(table).parent
    return _depth(parent) + 1 if parent else 0
