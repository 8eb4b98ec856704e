"""Learned firms that the copy lies nearer to than 99.8 % of held-out firms lie: the tail that means hide."""

import numpy as np

from sfbench.privacy.case import Case
from sfbench.privacy.membership import NEAREST
from sfbench.privacy.outcome import Outcome, nothing, outcome, reached

TAIL = 0.002
EN, ZH = "Firms nearest to some firm of the copy that it lies suspiciously near to", "副本异常接近的被学习企业"


def attack(case: Case) -> Outcome:
    """Share of the learned firms that are nearest to some firm of the copy; the control: of held-out firms."""
    reference = np.quantile(case.holdout_to_train[:, 0], TAIL)
    if reference <= NEAREST:  # held-out firms are learned ones in all columns: no copy lies nearer than that
        return nothing("near_copies", EN, ZH)
    sides = [
        (rows[:, 0], distances[:, 0] < reference) for distances, rows in (case.copy_to_train, case.copy_to_holdout)
    ]
    return outcome("near_copies", *reached(*sides[0]), *reached(*sides[1]), EN, ZH)
