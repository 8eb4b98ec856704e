"""A month of a feed that never arrived."""

from sfbench.reporting.kit import Draw, Fault, Planted, Rows, Wish, drop, feed, months

FAULT = Fault(
    zh="缺月",
    en="Missing month",
    level="table",
    visible=True,
    mechanisms=("one institution's month is missing", "a month is missing for all"),
    mechanisms_zh=("一家机构缺一个月", "全部机构缺一个月"),
    asks=("event_day",),
    columns=0,
    withholds="chance",
)


def plant(rows: Rows, wish: Wish, draw: Draw) -> Planted:
    """All rows of the month of a feed, or of the month, are lost."""
    event = feed(rows) if wish.mechanism == 1 else months(rows)
    return drop(rows, rows.pick_events(draw, event), group=event)
