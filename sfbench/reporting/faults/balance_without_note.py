"""Balances of a note that is not in the table of notes."""

from sfbench.reporting.kit import Draw, Fault, Planted, Rows, Wish, drop, free_numbers, rename

FAULT = Fault(
    zh="有余额无借据",
    en="Balance without a note",
    level="cross",
    visible=True,
    mechanisms=("the note was not sent", "the note was given another number"),
    mechanisms_zh=("借据未报送", "借据编号被改成另一个"),
    columns=0,
    tables=("loan",),
)


def plant(rows: Rows, wish: Wish, draw: Draw) -> Planted:
    """The note is lost, or stands under a number that its balances do not know."""
    if wish.mechanism == 1:
        return drop(rows, rows.pick(draw))
    at = rows.pick(draw)
    number, free = free_numbers(rows, at, draw, leaving=True)
    return rename(rows, at[free], {rows.table.key[0]: number[free]})
