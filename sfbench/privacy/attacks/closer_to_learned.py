"""Distance to the closest record: do firms of the copy lie beside learned firms rather than beside held-out ones?

A half is chance, and known: learned and held-out firms are equally many and were told apart by lot. Ranks in place of
raw distances: with heavy tails the set with the larger maximum looks nearer. A mean hides partial leaks, so it stands
beside the tails.

What was drawn by lot is which firms were learned, not which rows the copy has: a hundred rows beside one firm say of
one lot what came of it. So firms are counted, not rows. (A share of rows, even one that counts for as many tries as
Kish's effective size, 204 of 2,100 rows of a poor copy, tells little: half of its weight lies on a few firms.)
"""

import numpy as np

from sfbench.privacy.case import Case
from sfbench.privacy.outcome import Outcome, against_chance

EN, ZH = (
    "Firms beside which the copy lies (learned or held out) that were learned",
    "副本所贴近的企业（被学习或留出）中被学习者",
)


def attack(case: Case) -> Outcome:
    """Share of learned firms among those that are nearest to some firm of the copy; of two as near, both are."""
    (learned, of_learned), (held_out, of_held_out) = case.copy_to_train, case.copy_to_holdout
    hits = len(np.unique(of_learned[learned[:, 0] <= held_out[:, 0], 0]))
    others = len(np.unique(of_held_out[held_out[:, 0] <= learned[:, 0], 0]))
    return against_chance("closer_to_learned", hits, hits + others, 0.5, EN, ZH)
