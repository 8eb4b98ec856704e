"""Two fields of one kind filled the wrong way round."""

from sfbench.reporting.kit import Draw, Fault, Planted, Rows, Wish, change, filled, take, values

FAULT = Fault(
    zh="字段互换",
    en="Swapped fields",
    level="cell",
    visible=True,
    mechanisms=("two fields change places", "one field is copied into the other"),
    mechanisms_zh=("两个字段互换", "一个字段被复制到另一个"),
    asks=("one_kind",),
    columns=2,
    kinds=("money", "rate", "count", "date", "text", "key"),
    at=("report", "source"),
)


def plant(rows: Rows, wish: Wish, draw: Draw) -> Planted:
    """The first field gets the second's content, and with mechanism 1 the second the first's."""
    first, second = wish.columns
    a, b = rows.columns[first], rows.columns[second]
    at = rows.pick(draw, filled(a) & filled(b))
    cells = {first: take(values(b), at)}
    if wish.mechanism == 1:
        cells[second] = take(values(a), at)
    return change(rows, at, cells)
