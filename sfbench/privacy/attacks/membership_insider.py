"""Membership by an insider: who knows of half of the firms whether they were learned finds the others.

No shadow model is needed for it: the strongest attacker there is, not the likeliest. It is trained on the distances of
the known half to the copy and tried on the other half.
"""

import numpy as np

from sfbench.privacy.case import Case
from sfbench.privacy.membership import above, features, logistic, score
from sfbench.privacy.outcome import Outcome

FALSE_ALARMS = 0.1
EN, ZH = (
    "Learned firms that are recognised by who knows of half of the firms whether they were learned",
    "被已知半数企业是否参与学习的内部人识别为成员的企业",
)


def attack(case: Case) -> Outcome:
    """True positives at a tenth of false positives, on the half that was not trained on."""
    both = features(np.concatenate([case.train_to_copy[0], case.holdout_to_copy[0]]))
    member, other = both[: case.train.rows], both[case.train.rows :]
    random = case.random("membership_insider")
    mine, theirs = (random.permutation(len(rows)) % 2 == 0 for rows in (member, other))
    weights = logistic(
        np.concatenate([member[mine], other[theirs]]), np.r_[np.ones(mine.sum()), np.zeros(theirs.sum())]
    )
    hit, alarm = score(member[~mine], weights), score(other[~theirs], weights)
    return above("membership_insider", hit, alarm, FALSE_ALARMS, EN, ZH)
