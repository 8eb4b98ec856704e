"""Rare firms: of the learned firms that lie farthest from all others, how many does the copy sit beside?

Outliers are whom a copy endangers first. A firm is found if the copy lies nearer to it than to 95 % of the held-out
firms that are as much outliers.
"""

import numpy as np

from sfbench.privacy.case import Case
from sfbench.privacy.frame import Floats
from sfbench.privacy.membership import NEAREST
from sfbench.privacy.outcome import Outcome, nothing, outcome
from sfbench.privacy.scale import nearest
from sfbench.synth.columns import Ints

RARE, FALSE_ALARMS, FEWEST = 0.05, 0.05, 40
EN, ZH = "Rare learned firms that the copy sits beside", "副本紧贴的罕见企业"


def attack(case: Case) -> Outcome:
    """Share of the rarest twentieth of learned firms."""
    number = min(case.train.rows, max(FEWEST, int(RARE * case.train.rows)))
    train, holdout, _ = case.points
    lonely = nearest(train, train, 1, itself=True)[0][:, 0], nearest(holdout, holdout, 1, itself=True)[0][:, 0]
    rare, as_rare = (_loneliest(alone, number) for alone in lonely)
    if not min(len(rare), len(as_rare)):
        return nothing("rare_firms", EN, ZH)
    found, by_chance = case.train_to_copy[0][rare, 0], case.holdout_to_copy[0][as_rare, 0]
    # Relative to how far the next original firm is: a lonely firm is far from all that is honest.
    found, by_chance = found / lonely[0][rare], by_chance / lonely[1][as_rare]
    least = np.quantile(by_chance, FALSE_ALARMS)
    if least <= NEAREST:  # rare firms that were held out are met, too: a copy cannot sit nearer to a learned one
        return nothing("rare_firms", EN, ZH)
    return outcome("rare_firms", (found < least).sum(), len(rare), (by_chance < least).sum(), len(as_rare), EN, ZH)


def _loneliest(alone: Floats, number: int) -> Ints:
    """Rows of the firms farthest from all others; who has a double is no rare firm, however few are lonely."""
    order = np.argsort(-alone, kind="stable")[:number]
    return order[alone[order] > NEAREST]
