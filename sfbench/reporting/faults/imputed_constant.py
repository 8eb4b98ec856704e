"""A missing figure filled with one value for all."""

import numpy as np

from sfbench.reporting.kit import Draw, Fault, Planted, Rows, Wish, change, feed, filled

FAULT = Fault(
    zh="常数填补",
    en="Imputed constant",
    level="statistical",
    visible=False,
    mechanisms=("one figure for an institution's month", "the default of the form"),
    mechanisms_zh=("一家机构当月填同一数值", "填报表的默认值"),
    asks=("event_day",),
    kinds=("money", "rate", "count", "code"),
    at=("report", "source"),
    severity="warning",
)

TYPICAL = {"money": 5_000_000_00, "rate": 400_000, "count": 12}  # 5 million yuan, 4 percent, 12
DEFAULT = {"money": 1_000_000_00, "rate": 300_000, "count": 1}


def plant(rows: Rows, wish: Wish, draw: Draw) -> Planted:
    """A figure between the half and three halves of a typical one, or what the form proposes (the first code)."""
    column = rows.table.column(wish.columns[0])
    at = rows.pick(draw, filled(rows.columns[column.name]))
    if column.kind == "code":
        place = draw.below("code", feed(rows)[at], len(column.values)) if wish.mechanism == 1 else np.zeros(len(at))
        return change(rows, at, {column.name: place.astype(np.int64)})
    if wish.mechanism == 2:
        return change(rows, at, {column.name: np.full(len(at), DEFAULT[column.kind])})
    typical = TYPICAL[column.kind]
    return change(rows, at, {column.name: draw.between("figure", feed(rows)[at], typical // 2, typical * 3 // 2)})
