"""Reads a lever's `budget`: the money of a policy, and the column of the city that shows what is spent of it."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

import sfbench.content.tables as content
from sfbench.errors import did_you_mean
from sfbench.folders import read_csv
from sfbench.spec import Budget

MOST_YUAN = 10**15  # what DECIMAL(18,2) holds, and sums of cents in 63 bits
KEYS = ("yuan", "of")


class Spending(NamedTuple):
    """A money column in which spending is booked, the date column that says when, and the column that holds the firm's
    number above so many bits."""

    table: str
    column: str
    dated: str
    firm: str
    bits: int


@cache
def spending() -> dict[str, Spending]:
    """What a budget may be of: the lines of `datasets/lever/spending.csv` by table.column."""
    known = read_csv("lever/spending.csv")
    found = {}
    for of, dated, firm, bits in zip(known["column"], known["dated"], known["firm"], known["bits"], strict=True):
        table, column = of.split(".")
        found[of] = Spending(table, column, dated, firm, int(bits))
    return found


def budget(given: Any, usual: str, foreseen: bool, wrong: Callable[[str, str, str], None]) -> Budget | None:
    """The budget of a lever; None, and a call of `wrong` (key, what, fix), where it cannot be one.

    usual: the table.column that adds up what the lever moves, or "". foreseen: months before it takes hold change with
    it.
    """
    if not isinstance(given, dict) or not given.keys() <= set(KEYS) or "yuan" not in given:
        wrong("budget", "a budget is a mapping of yuan, and of what shows its spending", _EXAMPLE)
        return None
    yuan, of = given["yuan"], given.get("of", usual)
    if isinstance(yuan, bool) or not isinstance(yuan, int | float) or not 0.01 <= yuan <= MOST_YUAN:
        wrong("budget", f"a budget is an amount of yuan above 0, not {yuan!r}", "give what there is to spend")
        return None
    if foreseen:
        what = "lenders foresee distress, so the end of such a lever would change what was spent before it"
        wrong("budget", what, "leave the budget out, or move another parameter")
        return None
    if not of:
        wrong("budget", "no money column adds up what this parameter moves", _EXAMPLE)
        return None
    if str(of) not in spending():
        _refuse(str(of), wrong)
        return None
    return Budget(cents=round(yuan * 100), of=of)


_EXAMPLE = "write `budget: {yuan: 300000000, of: interest_subsidy.paid}`"


def _refuse(of: str, wrong: Callable[[str, str, str], None]) -> None:
    """Say why no budget can be of that column."""
    table, _, column = of.partition(".")
    known = content.tables()
    found = {one.name: one for one in known[table].spec.columns} if table in known else {}
    listed = f"known: {', '.join(spending())}"
    if column not in found:
        wrong("budget", f"unknown column {of!r}", did_you_mean(of, spending()))
    elif found[column].kind != "money":
        wrong("budget", f"{of!r} holds no money", listed)
    else:
        wrong("budget", f"{of!r} does not add up, month by month, to what is spent", listed)
