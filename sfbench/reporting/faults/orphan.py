"""A reference to something that does not exist."""

from sfbench.reporting.kit import Draw, Fault, Planted, Rows, Wish, change, filled, values

FAULT = Fault(
    zh="孤儿记录",
    en="Orphan",
    level="row",
    visible=True,
    mechanisms=("a number of another range", "a temporary negative number that was never replaced"),
    mechanisms_zh=("编号落在另一号段", "临时的负数编号一直未替换"),
    asks=("reference",),
    kinds=("key",),
)

OTHER_RANGE = 9 * 10**13  # no register of the city counts so far


def plant(rows: Rows, wish: Wish, draw: Draw) -> Planted:
    """Another number in a column that refers to another table."""
    name = wish.columns[0]
    at = rows.pick(draw, filled(rows.columns[name]))
    number = values(rows.columns[name])[at]
    return change(rows, at, {name: number + OTHER_RANGE if wish.mechanism == 1 else -number})
