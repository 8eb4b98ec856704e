"""What is printed, in the language of `--lang`, on terminals and in pipes."""

from __future__ import annotations

import datetime
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sfbench.cli.table import fitted, width
from sfbench.words import confidence, figure, lacking, month, pick, reason, short_unit, unit

__all__ = [
    "confidence",
    "figure",
    "lacking",
    "month",
    "pick",
    "print_json",
    "print_table",
    "reason",
    "short_unit",
    "size",
    "unit",
    "waiting",
]


def size(count: float) -> str:
    """Bytes for people."""
    for name in ("B", "KB", "MB", "GB"):
        if count < 1000:
            return f"{count:,.0f} {name}" if name == "B" else f"{count:,.1f} {name}"
        count /= 1000
    return f"{count:,.1f} TB"


def print_json(value: Any) -> None:
    """JSON on stdout."""
    print(json.dumps(value, ensure_ascii=False, indent=1, default=_plain))


def print_table(
    headings: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    right: Sequence[int] = (),
    whole: Sequence[int] = (),
    title: str = "",
) -> None:
    """A table that fits the terminal; columns `right` hold numbers, `whole` ones are not broken.

    Where the numbers alone are wider than the terminal, its lines are longer: nothing is cut.
    In a pipe: aligned, one line a row, nothing cut.
    """
    if not _on_terminal():
        _print_plain(headings, rows, set(right), title)
        return
    from rich.console import Console

    space = Console().width
    table, needed = fitted(headings, [list(row) for row in rows], right=right, whole=whole, title=title, space=space)
    Console(width=needed).print(table)


def _on_terminal() -> bool:
    return sys.stdout.isatty()


def _print_plain(headings: Sequence[str], rows: Iterable[Sequence[str]], right: set[int], title: str) -> None:
    lines = [[cell.replace("\n  ", "; ").replace("\n", "; ") for cell in row] for row in (headings, *rows)]
    widths = [max(width(cell) for cell in column) for column in zip(*lines, strict=True)]
    if title:
        print(title)
    for line in lines:
        padded = []
        for place, (cell, room) in enumerate(zip(line, widths, strict=True)):
            blanks = " " * (room - width(cell))
            padded.append(blanks + cell if place in right else cell + blanks)
        print("  ".join(padded).rstrip())


@contextmanager
def waiting(text: str) -> Iterator[None]:
    """A spinner on a terminal while something lasts; nothing in a pipe."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console

    with Console(stderr=True).status(text):
        yield


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime.date) else str(value)
