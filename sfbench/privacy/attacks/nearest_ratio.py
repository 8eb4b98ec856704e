"""Nearest-neighbour distance ratio: a copy sits beside one learned firm and far from the next."""

import numpy as np

from sfbench.privacy.case import Case
from sfbench.privacy.frame import Floats
from sfbench.privacy.outcome import Outcome, outcome

TAIL = 0.01
EN, ZH = "Firms of the copy that single out one learned neighbour", "只贴近某一被学习企业的副本企业"


def attack(case: Case) -> Outcome:
    """Share of the copy's firms whose ratio is below that of 99 % of held-out firms; the control: to held-out firms."""
    reference = np.quantile(_ratio(case.holdout_to_train), TAIL)
    near = (_ratio(case.copy_to_train[0]) < reference).sum()
    by_chance = (_ratio(case.copy_to_holdout[0]) < reference).sum()
    return outcome("nearest_ratio", near, case.copy.rows, by_chance, case.copy.rows, EN, ZH)


def _ratio(distances: Floats) -> Floats:
    return distances[:, 0] / np.maximum(distances[:, 1], 1e-9)
