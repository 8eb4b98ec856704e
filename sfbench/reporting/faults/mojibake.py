"""A text stored in one character set and read in another."""

import numpy as np

from sfbench.reporting.kit import Draw, Fault, Planted, Rows, Wish, change, filled, take, texts, values

FAULT = Fault(
    zh="乱码",
    en="Garbled text",
    level="cell",
    visible=True,
    mechanisms=("UTF-8 read as GBK", "GBK read as Latin-1"),
    mechanisms_zh=("UTF-8被当作GBK读取", "GBK被当作Latin-1读取"),
    kinds=("text",),
    at=("report", "source"),
)


def plant(rows: Rows, wish: Wish, draw: Draw) -> Planted:
    """Texts that are not plain ASCII; each distinct one is garbled once."""
    cells = rows.columns[wish.columns[0]]
    at = rows.pick(draw, filled(cells))
    words, which = np.unique(np.array(take(values(cells), at).to_pylist(), np.str_), return_inverse=True)
    garbled = [_garbled(str(word), wish.mechanism) for word in words]
    return change(rows, at, {wish.columns[0]: take(texts(garbled), which)})


def _garbled(word: str, mechanism: int) -> str:
    if mechanism == 1:
        return word.encode("utf-8").decode("gbk", errors="replace")
    return word.encode("gbk", errors="replace").decode("latin-1")
