"""Rows of the copy that are a learned firm's row: its own, or one of a table below, whoever's it is now.

The attacks on firms see of their rows means, largest ones and numbers alone, so a copy may hold every confidential note
on another firm. A row tells of a firm if no other firm, learned or held out, has one like it. A firm is reached if the
copy repeats such a row. Which of the firms were learned was drawn by lot, so a copy that knows nothing of them
reaches held-out firms as often.

Rows are compared word for word, and nearly: but for one column, numbers by the part of the ranks that they are in.
A table is tried if most of its rows tell of a firm: one of two short codes is in every copy. Nearly it is tried if all
rows of nearly all firms do: else a safe copy reaches so many of them by chance that a leak would not be seen.
"""

from collections.abc import Callable, Iterable

import numpy as np
from numpy.typing import NDArray

from sfbench.privacy.alike import alike
from sfbench.privacy.case import Case
from sfbench.privacy.outcome import Outcome, outcome
from sfbench.privacy.rows import NUMBERS, Marks
from sfbench.synth.learned import Ints

TELLING = 0.5  # of the rows of a table
NEARLY_TELLING = 0.95  # of the firms: all of whose rows tell
Enough = Callable[[NDArray[np.bool_], Ints], bool]
EN, ZH = "Learned firms of which the copy repeats a row of {} word for word", "副本逐字重现其{}记录的被学习企业"
NEARLY_EN = "Learned firms of which the copy nearly repeats a row of {}: all but one column, numbers about as large"
NEARLY_ZH = "副本近似重现其{}记录的被学习企业（至多一列不同、数值相近）"


def attack(case: Case) -> Outcome | None:
    """Share of the firms with a telling row, of the table where it is worst; None without such a table.

    Tables, and either way to compare, share the attack's level: a card with more of them accuses no more safe copies.
    """
    shared = [name for name in case.train.held if name in case.holdout.held and name in case.copy.held]
    found = [one for name in shared for one in _of_table(name, case)]
    if not found:
        return None
    sharing = [one.among(len(found)) for one in found]
    return max(sharing, key=lambda one: (one.risk_low, one.seen_from(), one.risk))


def _of_table(name: str, case: Case) -> list[Outcome]:
    train, holdout, copy = (frame.held[name] for frame in (case.train, case.holdout, case.copy))
    firm = np.concatenate([train.firm, ~holdout.firm])  # below 0, so that the two sides differ
    ways = (
        (EN, ZH, _most_rows, [(train.mark, holdout.mark, copy.mark)]),
        (NEARLY_EN, NEARLY_ZH, _nearly_all_firms, alike(train, holdout, copy)),
    )
    return [
        outcome("copied_rows", *counts, en.format(name), zh.format(name.replace(NUMBERS, "（仅数值与日期）")))
        for en, zh, enough, marks in ways
        if (counts := _reached(firm, marks, enough)) is not None
    ]


def _reached(
    firm: Ints, marks: Iterable[tuple[Marks, Marks, Marks]], enough: Enough
) -> tuple[int, int, int, int] | None:
    """(learned firms of which the copy has a telling row, learned firms that have one; the same of held-out ones).

    marks: of learned, held-out and copied rows, maybe several of each: a row tells by all of them, and is repeated by
    any. None if not enough rows tell.
    """
    tells, repeated = np.ones(len(firm), np.bool_), np.zeros(len(firm), np.bool_)
    for train, holdout, copy in marks:
        mark = np.concatenate([train, holdout])
        order = np.argsort(mark, kind="stable")
        tells[order] &= _of_one_firm(mark[order], firm[order])
        if not enough(tells, firm):
            return None
        repeated |= np.isin(mark, copy)
    learned = firm >= 0
    hits, tries, by_chance, control = (
        len(np.unique(firm[rows & tells])) for rows in (learned & repeated, learned, ~learned & repeated, ~learned)
    )
    return hits, tries, by_chance, control


def _most_rows(tells: NDArray[np.bool_], firm: Ints) -> bool:
    return bool(tells.sum() >= TELLING * len(firm))


def _nearly_all_firms(tells: NDArray[np.bool_], firm: Ints) -> bool:
    firms = len(np.unique(firm))
    return firms - len(np.unique(firm[~tells])) >= NEARLY_TELLING * firms


def _of_one_firm(mark: Marks, firm: Ints) -> NDArray[np.bool_]:
    """Rows whose mark no other firm's row has; in order of marks, and of firms within one."""
    starts = np.flatnonzero(np.r_[True, mark[1:] != mark[:-1]][: len(mark)])
    size = np.diff(np.r_[starts, len(mark)])
    return np.repeat(firm[starts] == firm[starts + size - 1], size)  # all are one firm if the first and the last are
