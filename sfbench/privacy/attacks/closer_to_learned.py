"""Distance to the closest record: is a firm of the copy nearer to the learned firms than to as many held-out ones?

A half is chance. Ranks in place of raw distances, and sets of equal size: with heavy tails the set with the larger
maximum looks nearer, and the larger set always is. A mean hides partial leaks, so it stands beside the tails.

What is drawn at random is which firms were learned, not which rows the copy has: rows whose nearest firm is the same
say the same thing. So the share counts for as many tries as there are firms that it rests on. Far from all firms, as
poor copies lie, that is a handful.
"""

import numpy as np

from sfbench.privacy.case import Case
from sfbench.privacy.outcome import Outcome, effective, outcome

EN, ZH = "Firms of the copy that are nearer to learned than to held-out firms", "更接近被学习企业而非留出企业的副本企业"


def attack(case: Case) -> Outcome:
    """Share of the copy's firms, ties counted half; the control is its complement."""
    (learned, of_learned), (held_out, of_held_out) = case.copy_to_train, case.copy_to_holdout
    nearer = learned[:, 0] < held_out[:, 0]
    share = float(np.mean(nearer + (learned[:, 0] == held_out[:, 0]) / 2))
    firm = np.where(learned[:, 0] <= held_out[:, 0], of_learned[:, 0], case.train.rows + of_held_out[:, 0])
    tries = effective(np.bincount(firm).astype(np.float64))
    return outcome("closer_to_learned", share * tries, tries, (1 - share) * tries, tries, EN, ZH)
