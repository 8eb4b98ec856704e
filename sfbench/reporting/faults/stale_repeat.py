"""A month of a feed that shows the figures of an earlier one."""

import numpy as np

from sfbench.reporting.kit import Draw, Fault, Planted, Rows, Wish, change, earlier, feed, figures, take

FAULT = Fault(
    zh="旧数重报",
    en="Stale repeat",
    level="table",
    visible=True,
    mechanisms=("last month's figures again", "those of the quarter before"),
    mechanisms_zh=("重复上月数据", "重复上季数据"),
    asks=("month_key",),
    columns=0,
)

LAG = {1: 1, 2: 3}  # months


def plant(rows: Rows, wish: Wish, draw: Draw) -> Planted:
    """All figures of all rows of the file that had an earlier one."""
    event, before = feed(rows), earlier(rows, LAG[wish.mechanism])
    at = rows.pick_events(draw, event, before >= 0)
    cells = {name: take(rows.columns[name], before[at]) for name in figures(rows)}
    return change(rows, at, cells, group=np.asarray(event))
