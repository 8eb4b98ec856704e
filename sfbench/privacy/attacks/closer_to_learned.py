"""Distance to the closest record: is a firm of the copy nearer to the learned firms than to as many held-out ones?

A half is chance. Ranks in place of raw distances, and sets of equal size: with heavy tails the set with the larger
maximum looks nearer, and the larger set always is. A mean hides partial leaks, so it stands beside the tails.
"""

import numpy as np

from sfbench.privacy.case import Case
from sfbench.privacy.outcome import Outcome, outcome

EN, ZH = "Firms of the copy that are nearer to learned than to held-out firms", "更接近被学习企业而非留出企业的副本企业"


def attack(case: Case) -> Outcome:
    """Share of the copy's firms, ties counted half; the control is its complement."""
    learned, held_out = case.copy_to_train[:, 0], case.copy_to_holdout[:, 0]
    nearer = float(np.sum(learned < held_out) + np.sum(learned == held_out) / 2)
    return outcome("closer_to_learned", nearer, case.copy.rows, case.copy.rows - nearer, case.copy.rows, EN, ZH)
