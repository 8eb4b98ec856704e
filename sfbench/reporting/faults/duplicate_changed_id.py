"""A record entered again under another number."""

import numpy as np

from sfbench.reporting.kit import Bools, Draw, Fault, Planted, Rows, Wish, copy, event, filled, free_numbers, values

FAULT = Fault(
    zh="换号重复",
    en="Duplicate under a changed number",
    level="row",
    visible=True,
    mechanisms=("the record is sent twice", "it is typed anew, with amounts a little off"),
    mechanisms_zh=("同一记录报送两次", "重新录入，金额略有出入"),
    asks=("number_key", "event_day"),
    columns=0,
    defaults={"spread": 0.02},  # how far amounts may be off
)


def plant(rows: Rows, wish: Wish, draw: Draw) -> Planted:
    """A copy with a number near by that is free. Tables whose numbers leave no gap have none."""
    at = rows.pick(draw)
    number, free = free_numbers(rows, at, draw)
    at, cells = at[free], {rows.table.key[0]: number[free]}
    if wish.mechanism == 2:
        off = 1 + wish.settings["spread"] * (2 * draw.uniform("spread", rows.identity[at]) - 1)
        for column in rows.table.columns:
            money = rows.columns[column.name]
            if column.kind == "money" and filled(money).all():
                amount = values(money)[at]
                tail = amount % 10_000_00  # the digits behind ten thousand yuan stay, or they would betray the copy
                cells[column.name] = np.maximum((amount * off).astype(np.int64) // 10_000_00 * 10_000_00 + tail, 1)
    return copy(rows, at, cells)


def decoy(rows: Rows, wish: Wish, draw: Draw) -> Bools:
    """A second genuine record of one day between the same parties, such as two notes drawn side by side."""
    parties = [c.name for c in rows.table.columns if c.name in ("enterprise_id", "institution_id", "guarantor_id")]
    _, which, times = np.unique(event(rows, *parties, rows.table.event_on), return_inverse=True, return_counts=True)
    return np.asarray(times[which] > 1)
