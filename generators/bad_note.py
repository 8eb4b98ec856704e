"""Notes that fall overdue for good: what was owed, and the days that claims and cases count from. Unpublished."""

import numpy as np

from sfbench.kit import Table, day_number, month_of

TABLE = Table(
    zh="逾期借据底表",
    en="Notes in default",
    published=False,
    key=("note",),
    columns=(),
    needs=("note", "note_month"),
    grows="note",
)

OPENING = 2021 * 12 + 11
LAST_DAY = day_number("2027-12-31")
SUBSTANDARD_AFTER = 91  # days overdue; over 90 is substandard at least (rules in force since 2023-07)


def rows(block, needs, params, draw):
    """note (position among the notes), overdue_on, substandard_on, resolved_on, outcome, owed (yuan, in cents)."""
    note, panel = needs["note"], needs["note_month"]
    # A firm that was cured borrows again; its later notes carry the old default, but were never overdue.
    bad = np.flatnonzero((note["overdue_on"] > note["granted_on"]) & (note["overdue_on"] <= LAST_DAY))
    overdue_on = note["overdue_on"][bad]
    # The balance stands still from the overdue day to the resolution; the panel of a note starts in 2021-12 at most.
    first = np.maximum(month_of(note["granted_on"][bad]), OPENING)
    step = np.clip(month_of(overdue_on) - first, 0, panel["length"][bad] - 1)
    return {
        "note": bad,
        "overdue_on": overdue_on,
        "substandard_on": overdue_on + SUBSTANDARD_AFTER,
        "resolved_on": note["resolved_on"][bad],
        "outcome": note["outcome"][bad],
        "owed": panel["balance_rmb"][panel["start"][bad] + step],
    }
