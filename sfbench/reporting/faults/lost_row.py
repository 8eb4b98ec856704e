"""A row that was never sent, or got lost on its way."""

from sfbench.reporting.kit import Draw, Fault, Planted, Rows, Wish, drop, event, months

FAULT = Fault(
    zh="漏报记录",
    en="Lost row",
    level="row",
    visible=True,
    mechanisms=("single rows get lost", "all rows of one subject get lost"),
    mechanisms_zh=("个别记录丢失", "一个主体的记录全部丢失"),
    asks=("event_day",),
    columns=0,
    withholds="chance",
)


def plant(rows: Rows, wish: Wish, draw: Draw) -> Planted:
    """Rows alone, or all that share the first part of the key (of a table with a key of one part: the month)."""
    if wish.mechanism == 1:
        return drop(rows, rows.pick(draw))
    subject = [name for name in rows.table.key if name != rows.table.event_on]
    together = event(rows, subject[0]) if len(rows.table.key) > 1 else months(rows)
    return drop(rows, rows.pick_events(draw, together), group=together)
