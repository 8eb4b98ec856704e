"""Firms of the copy that lie nearer to a learned firm than 99.8 % of held-out firms do: the tail that means hide."""

import numpy as np

from sfbench.privacy.case import Case
from sfbench.privacy.outcome import Outcome, outcome

TAIL = 0.002
EN, ZH = "Firms of the copy that lie suspiciously near to a learned firm", "与被学习企业异常接近的副本企业"


def attack(case: Case) -> Outcome:
    """Share of the copy's firms; the control counts those as near to a held-out firm."""
    reference = np.quantile(case.holdout_to_train[:, 0], TAIL)
    near = (case.copy_to_train[0][:, 0] < reference).sum()
    by_chance = (case.copy_to_holdout[0][:, 0] < reference).sum()
    return outcome("near_copies", near, case.copy.rows, by_chance, case.copy.rows, EN, ZH)
