"""Rare categories: combinations of two words that one or two learned firms hold and no held-out firm does.

How many of them show up in the copy, against those that one or two held-out firms hold and no learned one.
"""

from itertools import combinations

import numpy as np

from sfbench.privacy.case import Case
from sfbench.privacy.frame import Frame, Words
from sfbench.privacy.outcome import Outcome, outcome

FEW = 2
EN, ZH = "Rare combinations of categories that the copy repeats", "副本重现的罕见类别组合"


def attack(case: Case) -> Outcome:
    """Share of the combinations."""
    hits = tries = by_chance = control = 0
    for one, other in combinations(sorted(case.train.words), 2):
        train, holdout, ours = (_pairs(frame, one, other) for frame in (case.train, case.holdout, case.copy))
        mine, theirs = _rare(train, holdout), _rare(holdout, train)
        tries, control = tries + len(mine), control + len(theirs)
        hits, by_chance = hits + int(np.isin(mine, ours).sum()), by_chance + int(np.isin(theirs, ours).sum())
    return outcome("rare_combinations", hits, tries, by_chance, control, EN, ZH)


def _pairs(frame: Frame, one: str, other: str) -> Words:
    return np.asarray(np.char.add(np.char.add(frame.words[one], "|"), frame.words[other]), np.str_)


def _rare(here: Words, there: Words) -> Words:
    kinds, number = np.unique(here, return_counts=True)
    few = kinds[number <= FEW]
    return np.asarray(few[~np.isin(few, there)], np.str_)
