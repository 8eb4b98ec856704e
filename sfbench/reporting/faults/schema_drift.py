"""A feed whose columns mean something else from a month on; the stored schema stays, as a positional feed's does."""

import numpy as np

from sfbench.reporting.kit import Draw, Fault, Planted, Rows, Wish, change, filled, from_month, take, values

FAULT = Fault(
    zh="结构漂移",
    en="Schema drift",
    level="table",
    visible=True,
    mechanisms=("two columns of the feed changed places", "both columns come in hundredths of their unit"),
    mechanisms_zh=("报送文件中两列互换", "两列单位有变，数值均缩为百分之一"),
    asks=("event_day", "one_kind"),
    columns=2,
    kinds=("money", "rate", "count"),
)


def plant(rows: Rows, wish: Wish, draw: Draw) -> Planted:
    """Every row of the institution from the month on."""
    first, second = wish.columns
    a, b = rows.columns[first], rows.columns[second]
    event, since = from_month(rows, draw)
    at = rows.pick_events(draw, event, (since >= 0) & filled(a) & filled(b))
    if wish.mechanism == 1:
        cells = {first: take(values(b), at), second: take(values(a), at)}
    else:
        cells = {name: values(column)[at] // 100 for name, column in ((first, a), (second, b))}
    return change(rows, at, cells, group=np.asarray(event))
