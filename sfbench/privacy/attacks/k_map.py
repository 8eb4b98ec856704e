"""k-map: quasi-identifiers in the copy (what outsiders may know) that fit exactly one learned firm.

k-map with k = 1 (Sweeney 2001); numbers are taken in tenths of their ranks. Rows of the copy that say the same point at
the same firm and count once.
"""

import numpy as np

from sfbench.privacy.case import Case
from sfbench.privacy.frame import Frame, Words
from sfbench.privacy.outcome import Outcome, outcome

EN, ZH = (
    "Quasi-identifiers in the copy that fit exactly one learned firm",
    "副本中恰好对应一家被学习企业的准标识符组合",
)


def attack(case: Case) -> Outcome:
    """Share of the copy's different quasi-identifiers; the control: fit exactly one held-out firm."""
    ours, train, holdout = (_known(frame, case) for frame in (case.copy, case.train, case.holdout))
    told = np.unique(ours)
    hits, by_chance = (int(np.isin(told, _unique(rows)).sum()) for rows in (train, holdout))
    return outcome("k_map", hits, len(told), by_chance, len(told), EN, ZH)


def _known(frame: Frame, case: Case) -> Words:
    out = np.full(frame.rows, "", "U1")
    for name in case.quasi:
        if name in frame.words:
            part = frame.words[name]
        else:
            known = case.scale.numbers[name]
            tenth = np.searchsorted(known, frame.numbers[name]) * 10 // max(len(known), 1)
            part = np.char.mod("%d", np.where(np.isnan(frame.numbers[name]), -1, tenth))
        out = np.char.add(np.char.add(out, "|"), part)
    return out


def _unique(rows: Words) -> Words:
    kinds, number = np.unique(rows, return_counts=True)
    return np.asarray(kinds[number == 1], np.str_)
