"""From headings to declared columns: by name, Chinese or English name, the standard's code name, or all in one cell."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from sfbench.errors import SfbenchError, did_you_mean
from sfbench.spec import Column, Table

_MARK = ".synthetic"  # in file names of exports


def table_of(name: str, declared: Mapping[str, Table]) -> Table | None:
    """The table of a file's or sheet's name: its own, its Chinese or its English name; a sheet's may be cut at 31."""
    wanted = plain(name)
    for key, table in declared.items():
        if wanted in {plain(key), plain(key[:31]), plain(table.zh), plain(table.en)}:
            return table
    return None


def stem(path: Path) -> str:
    """The name of a file without its endings and the mark."""
    return path.stem.removesuffix(_MARK)


def is_marked(path: Path) -> bool:
    """Whether an export's file name says that its data are synthetic."""
    return path.stem.endswith(_MARK)


def matched(headings: Sequence[str], table: Table) -> dict[str, int]:
    """Column name -> position of its heading. Raises SfbenchError if two headings mean the same column."""
    known = _aliases(table)
    found: dict[str, int] = {}
    for place, heading in enumerate(headings):
        lines = [heading, *reversed(heading.splitlines())]
        name = next((known[plain(line)] for line in lines if plain(line) in known), None)
        if name is None:
            continue
        if name in found:
            why = f"{headings[found[name]]!r} and {heading!r} are both {name}"
            raise SfbenchError("two headings mean the same column", where=table.name, why=why, fix="remove one")
        found[name] = place
    return found


def unknown_table(name: str, where: str, declared: Mapping[str, Table]) -> SfbenchError:
    """The error for a file whose table is not known."""
    fix = f"{did_you_mean(name, declared)} (name the file after its table, or add --table NAME)"
    return SfbenchError("it is not known which table this is", where=where, why=f"no table {name!r}", fix=fix)


def no_headings(headings: Sequence[str], table: Table, where: str) -> SfbenchError:
    """The error for a file without a heading that the table knows."""
    seen = ", ".join(repr(heading) for heading in headings[:6])
    why = f"the first row is {seen}; {table.name} has {', '.join(column.name for column in table.columns[:6])} ..."
    fix = "the first row holds names, Chinese names or code names of columns; if it is garbled, try --encoding"
    return SfbenchError("no heading is known", where=where, why=why, fix=fix)


def plain(text: str) -> str:
    """A heading without differences of width, case and blanks."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def _aliases(table: Table) -> dict[str, str]:
    """Plain heading -> column; what two columns share names neither, unless it is a column's own name."""
    names: list[tuple[str, str]] = []
    for column in table.columns:
        others = {plain(text) for text in (column.zh, column.en, column.standard) if text}
        names += [(text, column.name) for text in others]
    count = Counter(text for text, _ in names)
    aliases = {text: name for text, name in names if count[text] == 1}
    return aliases | {plain(column.name): column.name for column in table.columns}


def required(table: Table, found: Mapping[str, int]) -> list[Column]:
    """Columns that must be there and are not."""
    return [column for column in table.columns if column.name not in found and not column.nullable]
