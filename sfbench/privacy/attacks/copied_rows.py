"""Rows of the copy that are a learned firm's row word for word: its own, or one of a table below, whoever's it is now.

The attacks on firms see of their rows means, largest ones and numbers alone, so a copy may hold every confidential note
on another firm. A row tells of a firm if no other firm, learned or held out, has one like it. A firm is reached if the
copy repeats such a row. Which of the firms were learned was drawn by lot, so a copy that knows nothing of them
reaches held-out firms as often.

A table is tried if most of its rows tell of a firm: one of two short codes is in every copy.
"""

import numpy as np
from numpy.typing import NDArray

from sfbench.privacy.case import Case
from sfbench.privacy.outcome import Outcome, outcome
from sfbench.privacy.rows import Rows

TELLING = 0.5  # of the rows of a table
EN, ZH = "Learned firms of which the copy repeats a row of {} word for word", "副本逐字重现其{}记录的被学习企业"


def attack(case: Case) -> Outcome | None:
    """Share of the firms with a telling row, of the table where it is worst; None without such a table.

    Tables share the attack's level: a card with more of them accuses no more safe copies.
    """
    shared = [name for name in case.train.held if name in case.holdout.held and name in case.copy.held]
    found = [one for name in shared if (one := _of_table(name, case)) is not None]
    if not found:
        return None
    sharing = [one.among(len(found)) for one in found]
    return max(sharing, key=lambda one: (one.risk_low, one.seen_from(), one.risk))


def _of_table(name: str, case: Case) -> Outcome | None:
    sides = [frame.held[name] for frame in (case.train, case.holdout)]
    telling = _of_one_firm(*sides)
    rows = [np.isin(side.mark, telling) for side in sides]
    if sum(int(tells.sum()) for tells in rows) < TELLING * sum(len(side.mark) for side in sides):
        return None
    copied = case.copy.held[name].mark
    (hits, tries), (by_chance, control) = (
        _reached(side, tells, copied) for side, tells in zip(sides, rows, strict=True)
    )
    return outcome("copied_rows", hits, tries, by_chance, control, EN.format(name), ZH.format(name))


def _of_one_firm(train: Rows, holdout: Rows) -> NDArray[np.uint64]:
    """Marks of which all rows are one firm's."""
    mark = np.concatenate([train.mark, holdout.mark])
    firm = np.concatenate([train.firm, ~holdout.firm])  # below 0, so that the two sides differ
    order = np.lexsort((firm, mark))
    mark, firm = mark[order], firm[order]
    first = np.r_[True, mark[1:] != mark[:-1]] if len(mark) else np.zeros(0, np.bool_)
    starts = np.flatnonzero(first)
    ends = np.r_[starts[1:], len(mark)] - 1
    alone = starts[firm[starts] == firm[ends]]  # sorted by firm within a mark: all are one if the ends are
    return np.asarray(mark[alone], np.uint64)


def _reached(side: Rows, tells: NDArray[np.bool_], copied: NDArray[np.uint64]) -> tuple[int, int]:
    """(firms of which the copy has a telling row, firms that have one)."""
    hit = tells & np.isin(side.mark, copied)
    return len(np.unique(side.firm[hit])), len(np.unique(side.firm[tells]))
