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
    take,
    values,
)

FAULT = Fault(
    zh="多登记簿重复统计",
    en="Double counting across registers",
    level="cross",
    visible=True,
    mechanisms=("again in another register, two digits of the code exchanged", "again in its own, without any code"),
    columns=0,
    tables=("register_entry",),
    defaults={"days": 10},  # by which the day of the grant may differ
)

REGISTERS = 3


def plant(rows: Rows, wish: Wish, draw: Draw) -> Planted:
    """A copy under a number of its own. Another register's keeper is that of a row of that register."""
    code, kind = rows.columns["borrower_uscc"], values(rows.columns["register"])
    keeper, wanted = np.full(len(rows), -1), (kind + 1) % REGISTERS
    for register in range(REGISTERS):
        there, asks = np.flatnonzero(kind == register), wanted == register
        if there.size:
            keeper[asks] = there[draw.below("keeper", rows.identity[asks], len(there))]
    at = rows.pick(draw, filled(code) & (keeper >= 0))
    who = rows.identity[at]
    cells: dict[str, Any] = {"entry_id": (draw.words("entry", who) >> np.uint64(4)).astype(np.int64)}
    if wish.mechanism == 1:
        cells |= {name: take(rows.columns[name], keeper[at]) for name in ("register", "institution_id", "district_id")}
        cells |= {"borrower_uscc": _exchanged(take(values(code), at), draw, who), "note_code": _nothing(rows, at)}
    else:
        cells |= {"borrower_uscc": Nullable(take(values(code), at), np.zeros(len(at), np.bool_))}
        cells |= {"note_code": _nothing(rows, at)}
        days = draw.between("days", who, 1, int(wish.settings["days"]))
        cells["granted_on"] = (values(rows.columns["granted_on"])[at] - days).astype(np.int32)
    return copy(rows, at, cells)


def _nothing(rows: Rows, at: Any) -> Nullable:
    return Nullable(take(values(rows.columns["note_code"]), at), np.zeros(len(at), np.bool_))


def _exchanged(codes: Any, draw: Draw, who: Any) -> Any:
    """Two neighbouring characters of the organisation's number change places."""
    letters, every = codepoints(codes), np.arange(len(codes))
    place = 8 + draw.below("place", who, 7)
    letters[every, place], letters[every, place + 1] = letters[every, place + 1], letters[every, place].copy()
    return from_codepoints(letters)
