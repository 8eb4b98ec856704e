"""A loan ledger: what is outstanding at a month end, by bank, and which notes are bad."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from decimal import Decimal

BAD = ("FQ03", "FQ04", "FQ05")


class Ledger:
    """Notes and balances in SQLite; amounts in cents."""

    def __init__(self) -> None:
        self._db = sqlite3.connect(":memory:")
        self._db.execute("CREATE TABLE note (id INTEGER PRIMARY KEY, bank INTEGER NOT NULL)")
        self._db.execute("CREATE TABLE balance (month TEXT, note INTEGER REFERENCES note, cents INTEGER, grade TEXT)")

    def add_notes(self, notes: Iterable[tuple[int, int]]) -> None:
        self._db.executemany("INSERT INTO note VALUES (?, ?)", notes)

    def add_balances(self, rows: Iterable[tuple[str, int, Decimal, str]]) -> None:
        cents = ((month, note, int(amount * 100), grade) for month, note, amount, grade in rows)
        self._db.executemany("INSERT INTO balance VALUES (?, ?, ?, ?)", cents)

    def outstanding(self, month: str) -> dict[int, Decimal]:
        """Bank -> yuan."""
        query = "SELECT bank, sum(cents) FROM balance JOIN note ON note = id WHERE month = ? GROUP BY bank"
        return {bank: Decimal(cents).scaleb(-2) for bank, cents in self._db.execute(query, [month])}

    def bad(self, month: str) -> set[int]:
        """Notes that are substandard or worse."""
        marks = ", ".join("?" * len(BAD))
        query = f"SELECT note FROM balance WHERE month = ? AND grade IN ({marks})"
        return {note for (note,) in self._db.execute(query, [month, *BAD])}
