"""Linkability: can two sets of columns of one firm, held by two parties, be joined through the copy?

For a firm, the copy's three nearest by one half of the columns and by the other: a common firm links the halves.
"""

import numpy as np

from sfbench.privacy.case import Case
from sfbench.privacy.outcome import Outcome, nothing, outcome
from sfbench.privacy.scale import Scale, nearest
from sfbench.synth.columns import Ints

NEIGHBOURS, TRIES = 3, 2000
EN, ZH = "Learned firms whose two halves can be joined through the copy", "可借助副本将两半信息关联起来的企业"


def attack(case: Case) -> Outcome:
    """Share of firms; the control: of held-out firms."""
    names = case.train.columns
    if len(names) < 2:  # one column has no second half
        return nothing("linkability", EN, ZH)
    halves = names[::2], names[1::2]
    random = case.random("linkability")
    chosen = random.permutation(case.train.rows)[:TRIES]
    found: dict[str, list[Ints]] = {"train": [], "holdout": []}
    for half in halves:
        scale = Scale.of(case.both.only(half))
        copy = scale.points(case.copy.only(half))
        for label, frame in (("train", case.train), ("holdout", case.holdout)):
            points = scale.points(frame.only(half).take(chosen))
            found[label].append(nearest(points, copy, NEIGHBOURS)[1])
    hits, by_chance = (_meet(*found[label]) for label in ("train", "holdout"))
    return outcome("linkability", hits, len(chosen), by_chance, len(chosen), EN, ZH)


def _meet(one: Ints, other: Ints) -> int:
    return int(np.sum((one[:, :, None] == other[:, None, :]).any(axis=(1, 2))))
