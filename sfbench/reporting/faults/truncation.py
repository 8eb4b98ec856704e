"""A text cut off by a field that is too short."""

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
    zh="截断",
    en="Truncated text",
    level="cell",
    visible=True,
    mechanisms=("the end is cut off", "the beginning is lost, as leading zeros are"),
    mechanisms_zh=("尾部被截断", "首部丢失，如前导零"),
    kinds=("text",),
    at=("report", "source"),
    defaults={"share": 0.3},  # of the letters that are lost, at least one
)


def plant(rows: Rows, wish: Wish, draw: Draw) -> Planted:
    """Texts of two letters and more lose some of them."""
    cells = rows.columns[wish.columns[0]]
    at = rows.pick(draw, filled(cells))
    letters = codepoints(take(values(cells), at))
    long = lengths(letters)
    lost = np.where(long > 1, np.maximum((long * wish.settings["share"]).astype(np.int64), 1), 0)
    place = np.arange(letters.shape[1])
    if wish.mechanism == 1:
        letters[place >= (long - lost)[:, None]] = 0
    else:
        source = np.minimum(place + lost[:, None], letters.shape[1] - 1)
        letters = np.where(place < (long - lost)[:, None], np.take_along_axis(letters, source, axis=1), 0)
    return change(rows, at, {wish.columns[0]: from_codepoints(letters.astype(np.uint32))})
