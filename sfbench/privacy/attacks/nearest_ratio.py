"""Nearest-neighbour distance ratio: a copy sits beside one learned firm and far from the next."""

import numpy as np

from sfbench.privacy.case import Case
from sfbench.privacy.frame import Floats
from sfbench.privacy.membership import NEAREST
from sfbench.privacy.outcome import Outcome, nothing, outcome, reached

TAIL = 0.01
EN, ZH = "Firms nearest to some firm of the copy that it singles out", "副本唯独贴近的被学习企业"


def attack(case: Case) -> Outcome:
    """Share of the learned firms that are nearest to some firm of the copy: its ratio is below that of 99 % of held-out
    firms. The control: of held-out firms.
    """
    reference = np.quantile(_ratio(case.holdout_to_train), TAIL)
    if reference <= NEAREST:  # held-out firms are singled out by chance, as far as can be
        return nothing("nearest_ratio", EN, ZH)
    sides = [
        (rows[:, 0], _ratio(distances) < reference) for distances, rows in (case.copy_to_train, case.copy_to_holdout)
    ]
    return outcome("nearest_ratio", *reached(*sides[0]), *reached(*sides[1]), EN, ZH)


def _ratio(distances: Floats) -> Floats:
    """0 where the nearest is met; 1 where the next is met, too, so that none is singled out."""
    first, second = distances[:, 0], distances[:, 1]
    ratio = np.where(first <= NEAREST, 0.0, first / np.maximum(second, NEAREST))
    return np.where(second <= NEAREST, 1.0, ratio)
