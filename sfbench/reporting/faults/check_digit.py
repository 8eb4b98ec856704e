"""A credit code whose check character does not fit its digits."""

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
    zh="校验位错误",
    en="Wrong check digit",
    level="cell",
    visible=True,
    mechanisms=("another check character", "another digit of the organisation, the check characters as they were"),
    mechanisms_zh=("校验位被改成另一字符", "机构标识中一位有误，校验位未变"),
    kinds=("text",),
    at=("report", "source"),
    check="uscc",
)

ALPHABET = np.array([ord(letter) for letter in "0123456789ABCDEFGHJKLMNPQRTUWXY"], np.uint32)  # GB 32100
ORGANISATION, LAST = 8, 17  # places of the organisation's first character and of the check character


def plant(rows: Rows, wish: Wish, draw: Draw) -> Planted:
    """One character of the code is another one of its alphabet."""
    cells = rows.columns[wish.columns[0]]
    at = rows.pick(draw, filled(cells))
    letters, who, every = codepoints(take(values(cells), at)), rows.identity[at], np.arange(len(at))
    # Of the first seven characters of the organisation; the eighth is its check.
    place = np.full(len(at), LAST) if wish.mechanism == 1 else ORGANISATION + draw.below("place", who, 7)
    old = np.searchsorted(ALPHABET, letters[every, place])
    letters[every, place] = ALPHABET[(old + 1 + draw.below("other", who, len(ALPHABET) - 1)) % len(ALPHABET)]
    return change(rows, at, {wish.columns[0]: from_codepoints(letters)})
