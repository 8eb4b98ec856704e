"""Firms of the copy that are a learned firm in every column. A firm that was held out can be met by chance alone.

Rows of the copy that are the same firm count once: which firms were learned is what was drawn by lot, and a frequent
combination that happens to be among them is met by all of its rows together.
"""

import numpy as np

from sfbench.privacy.case import Case
from sfbench.privacy.frame import Frame, Words
from sfbench.privacy.outcome import Outcome, outcome

EN, ZH = (
    "Different firms of the copy that equal a learned firm in every column",
    "与被学习企业完全相同的副本企业（相同者计一次）",
)


def attack(case: Case) -> Outcome:
    """Share of the copy's different firms."""
    ours = np.unique(_rows(case.copy))
    hits, by_chance = (np.isin(ours, _rows(frame)).sum() for frame in (case.train, case.holdout))
    return outcome("exact_copies", hits, len(ours), by_chance, len(ours), EN, ZH)


def _rows(frame: Frame) -> Words:
    """Each row as one text."""
    parts = [np.char.mod("%.9g", column) for column in frame.numbers.values()] + list(frame.words.values())
    out = np.full(frame.rows, "", "U1")
    for part in parts:
        out = np.char.add(np.char.add(out, "|"), part)
    return np.asarray(out, np.str_)
