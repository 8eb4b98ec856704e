"""Membership by density: firms around which the copy is dense are guessed to have been learned.

The guess is made where the distance to the copy's nearest firm is among the smallest tenth of held-out firms.
"""

import numpy as np

from sfbench.privacy.case import Case
from sfbench.privacy.membership import NEAREST
from sfbench.privacy.outcome import Outcome, nothing, outcome

FALSE_ALARMS = 0.1
EN, ZH = "Learned firms that nearness to the copy gives away as members", "凭与副本的距离被识别为成员的企业"


def attack(case: Case) -> Outcome:
    """True positives at a tenth of false positives."""
    member, other = case.train_to_copy[0][:, 0], case.holdout_to_copy[0][:, 0]
    least = np.quantile(other, FALSE_ALARMS)
    if least <= NEAREST:  # held-out firms are met, too: no member can lie nearer
        return nothing("membership_density", EN, ZH)
    hits, alarms = (member < least).sum(), (other < least).sum()
    return outcome("membership_density", hits, case.train.rows, alarms, case.holdout.rows, EN, ZH)
