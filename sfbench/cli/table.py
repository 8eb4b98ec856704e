"""How a table fits a terminal: texts wrap, numbers do not, and no cell is cut."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.table import Table

_NUMBER = 16  # columns; what is wider in a column of numbers is a text and wraps
_LEAST = 16  # columns that a text keeps beside numbers


def width(text: str) -> int:
    """Columns that a text takes on a terminal: Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def fitted(
    headings: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    right: Sequence[int],
    whole: Sequence[int],
    title: str,
    space: int,
) -> tuple[Table, int]:
    """The table, and the columns that it needs: more than `space` where the numbers alone are wider.

    A line that the terminal folds can still be read; a number that lost its last digits is another number.
    """
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    table = Table(box=SIMPLE_HEAD, title=title or None, title_justify="left", title_style="bold", pad_edge=False)
    found = [[width(line) for row in rows for line in row[place].split("\n")] for place in range(len(headings))]
    frame = 3 * len(headings) - 1
    roomy = sum(max([width(head), *cells]) for head, cells in zip(headings, found, strict=True)) + frame <= space
    needed = frame
    for place, (heading, cells) in enumerate(zip(headings, found, strict=True)):
        number, longest = place in right, max(cells, default=0)
        words = heading.split(" ")
        stacked = number and not roomy and width(heading) > longest  # a heading must not widen its numbers
        text = (number and longest > _NUMBER) or not (number or place in whole)
        table.add_column(
            "\n".join(words) if stacked else heading,
            justify="right" if number else "left",
            no_wrap=not text,
            overflow="fold",
        )
        short = max((cell for cell in cells if cell <= _NUMBER), default=0) if number else min(longest, _LEAST)
        needed += max(short if text else longest, max(map(width, words)) if stacked else min(width(heading), _LEAST))
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    return table, max(needed, space)
