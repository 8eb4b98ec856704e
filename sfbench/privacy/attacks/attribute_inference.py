"""Attribute inference: from all other columns of a firm, its neighbour in the copy tells a secret one.

The secret is each sensitive number in turn, right within 5 %, and each word. A guess that is right as often for
held-out firms tells about the population, not about the firm. The secrets of one firm come out together, from the same
neighbour or nearly: a firm counts as one try, whose success is the share of its secrets that are told. A secret beside
which nothing is known is none.
"""

import numpy as np

from sfbench.privacy.case import Case
from sfbench.privacy.frame import Frame
from sfbench.privacy.outcome import Outcome, nothing, outcome
from sfbench.privacy.scale import Scale, nearest
from sfbench.synth.columns import Ints

NEAR, SECRETS, TRIES = 0.05, 4, 1500
EN, ZH = "Secrets of learned firms that their neighbour in the copy tells", "副本中的近邻所泄露的企业秘密"


def attack(case: Case) -> Outcome:
    """Share of right guesses over the secrets."""
    secrets = [secret for secret in _secrets(case) if _known(case, secret)]
    if not secrets:
        return nothing("attribute_inference", EN, ZH)
    random = case.random("attribute_inference")
    chosen = random.permutation(case.train.rows)[:TRIES]
    hits = by_chance = 0
    for secret in secrets:
        known = _known(case, secret)
        scale = Scale.of(case.both.only(known))
        copy = scale.points(case.copy.only(known))
        for frame in (case.train, case.holdout):
            asked = frame.take(chosen)
            rows = nearest(scale.points(asked.only(known)), copy, 1)[1][:, 0]
            right = _right(secret, asked, case.copy, rows)
            hits, by_chance = (hits + right, by_chance) if frame is case.train else (hits, by_chance + right)
    tried = len(chosen)
    return outcome("attribute_inference", hits / len(secrets), tried, by_chance / len(secrets), tried, EN, ZH)


def _secrets(case: Case) -> list[str]:
    """The numbers with the most different values: amounts, not flags."""
    kinds = {name: len(np.unique(column[~np.isnan(column)])) for name, column in case.train.numbers.items()}
    ranked = sorted(kinds, key=lambda name: (-kinds[name], name))
    return ranked[:SECRETS] or list(case.train.words)[:SECRETS]


def _known(case: Case, secret: str) -> list[str]:
    """All columns that do not come from the same column of a child (its mean tells its largest)."""
    return [name for name in case.train.columns if name.partition(",")[0] != secret.partition(",")[0]]


def _right(secret: str, asked: Frame, copy: Frame, rows: Ints) -> int:
    if secret in asked.words:
        return int(np.sum(asked.words[secret] == copy.words[secret][rows]))
    true, told = asked.numbers[secret], copy.numbers[secret][rows]
    return int(np.sum(np.abs(told - true) <= NEAR * np.abs(true)))
