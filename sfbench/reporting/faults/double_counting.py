"""One exposure counted in several registers, its borrower's code mistyped so that a match by code misses it."""

from typing import Any

import numpy as np

from sfbench.reporting.kit import (
    Draw,
    Fault,
    Nullable,
    Planted,
    Rows,
    Wish,
    codepoints,
    copy,
    filled,
    from_codepoints,
    lengths,
    take,
    values,
)

FAULT = Fault(
    zh="多登记簿重复统计",
    en="Double counting across registers",
    level="cross",
    visible=True,
    mechanisms=(
        "again in another register, two digits of the code exchanged",
        "again in its own, letters typed for digits",
    ),
    mechanisms_zh=("在另一登记簿重复登记，代码中两位互换", "在本登记簿重复登记，代码中数字录成字母"),
    columns=0,
    tables=("register_entry",),
    defaults={"days": 10},  # by which the day of the grant may differ
)

REGISTERS = 3
CODES = ("borrower_uscc", "note_code")  # where the register has them
LOOK_ALIKE = (("0", "O"), ("1", "I"))


def plant(rows: Rows, wish: Wish, draw: Draw) -> Planted:
    """A copy under a number of its own. Another register's keeper is that of a row of that register."""
    kind = values(rows.columns["register"])
    keeper, wanted = np.full(len(rows), -1), (kind + 1) % REGISTERS
    for register in range(REGISTERS):
        there, asks = np.flatnonzero(kind == register), wanted == register
        if there.size:
            keeper[asks] = there[draw.below("keeper", rows.identity[asks], len(there))]
    at = rows.pick(draw, keeper >= 0)
    who = rows.identity[at]
    cells: dict[str, Any] = {"entry_id": (draw.words("entry", who) >> np.uint64(4)).astype(np.int64)}
    for name in CODES:
        codes = take(rows.columns[name], at)
        wrong = _exchanged(values(codes), draw, who) if wish.mechanism == 1 else _look_alike(values(codes))
        cells[name] = Nullable(wrong, filled(codes))
    if wish.mechanism == 1:
        cells |= {name: take(rows.columns[name], keeper[at]) for name in ("register", "institution_id", "district_id")}
    else:
        days = draw.between("days", who, 1, int(wish.settings["days"]))
        cells["granted_on"] = (values(rows.columns["granted_on"])[at] - days).astype(np.int32)
    return copy(rows, at, cells)


def _exchanged(codes: Any, draw: Draw, who: Any) -> Any:
    """Two neighbouring characters in the second half change places."""
    letters = codepoints(codes)
    long, every = lengths(letters), np.arange(len(letters))
    place = long // 2 + draw.below("place", who, np.maximum(long // 2 - 1, 1))
    place = np.clip(place, 0, letters.shape[1] - 2)
    letters[every, place], letters[every, place + 1] = letters[every, place + 1], letters[every, place].copy()
    return from_codepoints(letters)


def _look_alike(codes: Any) -> Any:
    """Digits read as the letters that look like them."""
    letters = codepoints(codes)
    for digit, letter in LOOK_ALIKE:
        letters[letters == ord(digit)] = ord(letter)
    return from_codepoints(letters)
