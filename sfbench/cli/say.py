"""What is printed, in the language of `--lang`, on terminals and in pipes."""

from __future__ import annotations

import datetime
import json
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sfbench.words import figure, month, pick, reason, short_unit, unit

__all__ = [
    "figure",
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
    for name in ("bytes", "KB", "MB", "GB"):
        if count < 1000:
            return f"{count:,.0f} {name}" if name == "bytes" else f"{count:,.1f} {name}"
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

    In a pipe: aligned, one line a row, nothing cut.
    """
    if not sys.stdout.isatty():
        _print_plain(headings, rows, set(right), title)
        return
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=SIMPLE_HEAD, title=title or None, title_justify="left", title_style="bold", pad_edge=False)
    for place, heading in enumerate(headings):
        number = place in right
        table.add_column(
            heading, justify="right" if number else "left", no_wrap=number or place in whole, overflow="fold"
        )
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    Console().print(table)


def _print_plain(headings: Sequence[str], rows: Iterable[Sequence[str]], right: set[int], title: str) -> None:
    lines = [[cell.replace("\n  ", "; ").replace("\n", "; ") for cell in row] for row in (headings, *rows)]
    widths = [max(_width(cell) for cell in column) for column in zip(*lines, strict=True)]
    if title:
        print(title)
    for line in lines:
        padded = []
        for place, (cell, width) in enumerate(zip(line, widths, strict=True)):
            blanks = " " * (width - _width(cell))
            padded.append(blanks + cell if place in right else cell + blanks)
        print("  ".join(padded).rstrip())


def _width(text: str) -> int:
    """Columns that a text takes on a terminal: Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


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
