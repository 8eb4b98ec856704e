"""A figure taken over from an earlier period."""

from sfbench.reporting.kit import Draw, Fault, Planted, Rows, Wish, change, earlier, take

FAULT = Fault(
    zh="照抄上期",
    en="Copied period",
    level="statistical",
    visible=True,
    mechanisms=("from the month before", "from the same month a year before"),
    kinds=("money", "rate", "count", "number"),
    severity="warning",
)

LAG = {1: 1, 2: 12}  # months


def plant(rows: Rows, wish: Wish, draw: Draw) -> Planted:
    """The cell of the row with the same key and an earlier month."""
    before = earlier(rows, LAG[wish.mechanism])
    at = rows.pick(draw, before >= 0)
    return change(rows, at, {wish.columns[0]: take(rows.columns[wish.columns[0]], before[at])})
