"""Digits written in another script."""

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
    take,
    values,
)

FAULT = Fault(
    zh="全角数字",
    en="Full-width digits",
    level="cell",
    visible=True,
    mechanisms=("digits of full width", "digits as ideographs"),
    mechanisms_zh=("数字为全角字符", "数字写成汉字"),
    kinds=("text",),
    at=("report", "source"),
)

FULL_WIDTH = np.array([ord(letter) for letter in "０１２３４５６７８９"], np.uint32)
IDEOGRAPHS = np.array([ord(letter) for letter in "〇一二三四五六七八九"], np.uint32)


def plant(rows: Rows, wish: Wish, draw: Draw) -> Planted:
    """All digits of a text; a text without digits stays as it is."""
    cells = rows.columns[wish.columns[0]]
    at = rows.pick(draw, filled(cells))
    letters = codepoints(take(values(cells), at))
    digit = (letters >= ord("0")) & (letters <= ord("9"))
    script = FULL_WIDTH if wish.mechanism == 1 else IDEOGRAPHS
    letters[digit] = script[letters[digit] - ord("0")]
    return change(rows, at, {wish.columns[0]: from_codepoints(letters)})
