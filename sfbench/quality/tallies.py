"""Rows of a large table by a part of its key, counted once for the expectations that ask for no more."""

from __future__ import annotations

from sfbench.spec import Table


def owner_key(table: Table) -> str:
    """The column of a key of two that is not its month or count: a note, say, which has months; else an empty text."""
    numbers = _numbers(table)
    return next((name for name in table.key if name not in numbers), "") if len(numbers) == 1 else ""


def tally(table: Table, column: str) -> str:
    """Name of the view that counts the rows of a table by a column."""
    return f"{table.name}_by_{column}"


def tallies(table: Table) -> dict[str, str]:
    """Views by name, for a table with an `owner_key`.

    By that key: `rows`, and how many months or counts they show (`numbers`). Each sets a bit of 127, so two that are
    127 apart count once: who asks for repeated keys has to look again at what has more rows than numbers. By month,
    where that is the other key: `rows`.
    """
    owner = owner_key(table)
    if not owner:
        return {}
    (number,) = _numbers(table)
    place = "12 * year(month) + month(month)" if number == "month" else f"{number} % 127 + 127"
    bits = f"bit_count(bit_or(1::HUGEINT << (({place}) % 127)::INTEGER))"
    counted = f"SELECT {owner}, count(*) AS rows, coalesce({bits}, 0) AS numbers FROM {table.name} GROUP BY {owner}"
    by_month = f"SELECT month, count(*) AS rows FROM {table.name} GROUP BY month"
    return {tally(table, owner): counted} | ({tally(table, number): by_month} if number == "month" else {})


def _numbers(table: Table) -> list[str]:
    if len(table.key) != 2:
        return []
    return [name for name in table.key if name == "month" or table.column(name).kind == "count"]
