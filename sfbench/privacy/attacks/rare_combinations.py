"""Rare categories: combinations of two words that one or two learned firms hold and no held-out firm does.

How many of them show up in the copy, against those that one or two held-out firms hold and no learned one. A firm with
one rare word holds many rare pairs, which show up together or not at all: they count for the firms that they come from.
Where there is one column of words alone, its rare words stand for the pairs.
"""

from itertools import combinations

import numpy as np

from sfbench.privacy.case import Case
from sfbench.privacy.frame import Frame, Words
from sfbench.privacy.outcome import Outcome, effective, outcome
from sfbench.synth.columns import Ints

FEW = 2
EN, ZH = "Rare combinations of categories that the copy repeats", "副本重现的罕见类别组合"


def attack(case: Case) -> Outcome:
    """Share of the combinations."""
    (found, tries), (by_chance, control) = (
        _repeated(case, case.train, case.holdout),
        _repeated(case, case.holdout, case.train),
    )
    return outcome("rare_combinations", found * tries, tries, by_chance * control, control, EN, ZH)


def _repeated(case: Case, here: Frame, there: Frame) -> tuple[float, int]:
    """(share of the rare combinations of `here` that the copy has, tries that it counts for)."""
    hits, of_firm = 0, np.zeros(here.rows)
    names = sorted(here.words)
    for one, other in combinations(names, 2) if len(names) > 1 else zip(names, names, strict=True):
        mine, firm = _rare(_pairs(here, one, other), _pairs(there, one, other))
        hits += int(np.isin(mine, _pairs(case.copy, one, other)).sum())
        of_firm += np.bincount(firm, minlength=here.rows)
    return hits / max(float(of_firm.sum()), 1.0), effective(of_firm)


def _pairs(frame: Frame, one: str, other: str) -> Words:
    return np.asarray(np.char.add(np.char.add(frame.words[one], "|"), frame.words[other]), np.str_)


def _rare(here: Words, there: Words) -> tuple[Words, Ints]:
    """Combinations that a few hold here and nobody there, each with a firm that holds it."""
    kinds, firm, number = np.unique(here, return_index=True, return_counts=True)
    rare = (number <= FEW) & ~np.isin(kinds, there)
    return np.asarray(kinds[rare], np.str_), firm[rare]
