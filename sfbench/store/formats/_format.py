"""What a format declares, and what those of a file per table share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from sfbench.errors import SfbenchError
from sfbench.spec import Table
from sfbench.store.formats._source import Source

Holds = Literal["tables", "file", "folder", "server"]  # a file per table; one file; a folder of its own; a database
_MARK = ".synthetic"  # in file names of formats that have no place for a remark


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What a user may choose: the encoding of text files, and whether tables of a server are replaced."""

    encoding: str = ""
    force: bool = False


Writer = Callable[[Source, str, Wishes], None]  # the second is a path, or the address of a server


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """One export format. `write` may leave half a file behind when it raises: it is given a place to try in.

    in_place: what is written holds its own path, so it cannot be written elsewhere and moved.
    """

    zh: str
    en: str
    holds: Holds
    write: Writer
    suffix: str = ""
    encodings: tuple[str, ...] = ()  # the first is the default
    extra: str = ""  # of sfbench, that brings its library
    in_place: bool = False


def files(source: Source, out: str, suffix: str) -> Iterator[tuple[Table, Path]]:
    """Each table with the path of its file: `loan.synthetic.csv`, or `loan.csv` for data that are not synthetic."""
    for table in source.tables.values():
        yield table, Path(out) / f"{table.name}{_MARK if source.synthetic else ''}{suffix}"


def missing(library: str, extra: str) -> SfbenchError:
    """The error for a library that is not installed."""
    return SfbenchError(f"{library} is not installed", where="--format", fix=f"pip install 'sfbench[{extra}]'")
