"""Where notes of a grade are a year later, by balance: most stay or are repaid, and bad ones rarely come back."""

from __future__ import annotations

import duckdb
import numpy as np

from sfbench.realism.check import Check, Measured, Panel, Result, Words, columns, ratio

_MOVES = """
    WITH ends AS (
        SELECT loan_id, year(month) AS year, grade, balance_rmb::DOUBLE AS balance FROM loan_balance
        WHERE month(month) = 12
    ), lost AS (SELECT DISTINCT loan_id FROM loan_flow WHERE kind IN ('write_off', 'transfer'))
    SELECT a.grade AS before, coalesce(b.grade, CASE WHEN l.loan_id IS NULL THEN 'repaid' ELSE 'lost' END) AS after,
           sum(a.balance) AS balance, count(*) AS notes
    FROM ends AS a LEFT JOIN ends AS b ON b.loan_id = a.loan_id AND b.year = a.year + 1
    LEFT JOIN lost AS l ON l.loan_id = a.loan_id
    WHERE a.year < (SELECT max(year) FROM ends) GROUP BY ALL"""
_GRADES = ("FQ01", "FQ02", "FQ03", "FQ04", "FQ05")
_AFTER = (*_GRADES, "repaid", "lost")
_NAMES: tuple[Words, ...] = (
    ("正常", "pass"),
    ("关注", "special mention"),
    ("次级", "substandard"),
    ("可疑", "doubtful"),
    ("损失", "loss"),
    ("已还清", "repaid"),
    ("核销或转让", "written off or sold"),
)
_BAD = slice(2, 5)


def _compute(connection: duckdb.DuckDBPyConnection) -> Result:
    found = columns(connection, _MOVES)
    balance, notes = np.zeros((5, 7)), np.zeros(5, np.int64)
    for before, after, amount, count in zip(*(found[n] for n in ("before", "after", "balance", "notes")), strict=True):
        balance[_GRADES.index(before), _AFTER.index(after)] += amount
        notes[_GRADES.index(before)] += int(count)
    stays = balance[:, :5]  # still open a year later
    bad = balance[_BAD]
    figures = {
        "pass_stays_pass": _share(stays[0, 0], stays[0].sum(), notes[0]),
        "pass_to_bad": _share(balance[0, _BAD].sum(), balance[0].sum(), notes[0]),
        "watched_to_bad": _share(balance[1, _BAD].sum(), balance[1].sum(), notes[1]),
        "bad_to_pass": _share(bad[:, 0].sum(), bad.sum(), notes[_BAD].sum()),
        "bad_leaves": _share(bad[:, 5:].sum(), bad.sum(), notes[_BAD].sum()),
        "loss_improves": _share(balance[4, :4].sum(), balance[4].sum(), notes[4]),
    }
    panel = Panel(
        ("五级分类年度迁徙(余额占比，%)", "Grades a year later (% of the balance)"),
        ("一年后", "a year later"),
        ("年末", "at the year end"),
        matrix=100 * balance / np.maximum(balance.sum(axis=1, keepdims=True), 1.0),
        rows=_NAMES[:5],
        columns=_NAMES,
    )
    return Result(figures, (panel,))


def _share(part: float, whole: float, notes: int) -> Measured:
    return Measured(ratio(100 * float(part), float(whole)), int(notes))


CHECK = Check("grade_migration", "五级分类迁徙", "Migration of grades", ("loan_balance", "loan_flow"), _compute)
