"""A slip of the hand in a text."""

from typing import Any

import numpy as np

from sfbench.reporting.kit import (
    Draw,
    Fault,
    Planted,
    Rows,
    Wish,
    change,
    codepoints,
    filled,
    from_codepoints,
    lengths,
    take,
    values,
)

FAULT = Fault(
    zh="录入错误",
    en="Typing error",
    level="cell",
    visible=True,
    mechanisms=("two neighbouring letters change places", "one letter is another one"),
    mechanisms_zh=("相邻两字互换", "一字有误"),
    kinds=("text",),
    at=("report", "source"),
)


def plant(rows: Rows, wish: Wish, draw: Draw) -> Planted:
    """One slip in each text, at any place of it."""
    cells = rows.columns[wish.columns[0]]
    at = rows.pick(draw, filled(cells))
    letters, who = codepoints(take(values(cells), at)), rows.identity[at]
    long = lengths(letters)
    every = np.arange(len(at))
    if wish.mechanism == 1:
        first = draw.below("place", who, np.maximum(long - 1, 1))
        second = np.minimum(first + 1, np.maximum(long - 1, 0))
        letters[every, first], letters[every, second] = letters[every, second], letters[every, first].copy()
    else:
        place = draw.below("place", who, np.maximum(long, 1))
        letters[every, place] = _other(letters[every, place], draw.below("other", who, 9) + 1)
    return change(rows, at, {wish.columns[0]: from_codepoints(letters)})


def _other(letter: Any, step: Any) -> Any:
    """Another digit for a digit, another capital for a capital, a near ideograph for an ideograph."""
    digit, capital = (letter >= ord("0")) & (letter <= ord("9")), (letter >= ord("A")) & (letter <= ord("Z"))
    near = letter + step
    near = np.where(digit, (letter - ord("0") + step) % 10 + ord("0"), near)
    return np.asarray(np.where(capital, (letter - ord("A") + step) % 26 + ord("A"), near), np.uint32)
