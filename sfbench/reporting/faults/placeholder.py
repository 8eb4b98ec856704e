"""Something typed into a field only because it may not stay empty."""

from typing import Any

import numpy as np

from sfbench.reporting.kit import Bools, Draw, Fault, Planted, Rows, Wish, change, filled, take, texts, values

FAULT = Fault(
    zh="占位值",
    en="Placeholder",
    level="cell",
    visible=True,
    mechanisms=("a word or number that stands for unknown", "what gets past the form"),
    mechanisms_zh=("以表示“不详”的文字或数字填充", "以能通过表单校验的值填充"),
    kinds=("text", "date", "money", "count"),
    at=("report", "source"),
)

# kind -> what is typed, by mechanism; money in cents, dates in days since 1970-01-01
FILLINGS: dict[str, tuple[Any, Any]] = {
    "text": ("不详", "测试123"),
    "date": (-25567, 0),  # 1900-01-01 and 1970-01-01
    "money": (99_999_999_999, 12_345_678_90),
    "count": (9_999, -1),
}


def plant(rows: Rows, wish: Wish, draw: Draw) -> Planted:
    """One filling for all."""
    name = wish.columns[0]
    at = rows.pick(draw, filled(rows.columns[name]))
    kind = rows.table.column(name).kind
    filling = FILLINGS[kind][wish.mechanism - 1]
    if kind == "text":
        return change(rows, at, {name: take(texts([filling]), np.zeros(len(at), np.int64))})
    return change(rows, at, {name: np.full(len(at), filling)})


def decoy(rows: Rows, wish: Wish, draw: Draw) -> Bools:
    """A nothing that is right, such as the amount of a genuine restructuring, which moves no money."""
    cells = rows.columns[wish.columns[0]]
    if rows.table.column(wish.columns[0]).kind not in ("money", "count"):
        return np.zeros(len(rows), np.bool_)
    return np.asarray(filled(cells) & (values(cells) == 0))
