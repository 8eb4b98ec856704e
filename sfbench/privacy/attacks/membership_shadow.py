"""Membership by a trained attacker: who knows of some firms whether they were learned learns what gives members away.

The attacker's features are the distances to the 1st, 2nd, 5th and 10th nearest firm of the copy and their ratios. It is
trained on a half of learned and held-out firms, as on a shadow of the model, and tried on the other half.
"""

import numpy as np

from sfbench.privacy.case import Case
from sfbench.privacy.frame import Floats
from sfbench.privacy.outcome import Outcome, outcome

FALSE_ALARMS, STEPS, RIDGE = 0.1, 15, 1.0
EN, ZH = "Learned firms that a trained attacker recognises as members", "被训练过的攻击者识别为成员的企业"


def attack(case: Case) -> Outcome:
    """True positives at a tenth of false positives, on the half that was not trained on."""
    both = _features(np.concatenate([case.train_to_copy[0], case.holdout_to_copy[0]]))
    member, other = both[: case.train.rows], both[case.train.rows :]
    random = case.random("membership_shadow")
    mine, theirs = (random.permutation(len(rows)) % 2 == 0 for rows in (member, other))
    weights = _logistic(
        np.concatenate([member[mine], other[theirs]]), np.r_[np.ones(mine.sum()), np.zeros(theirs.sum())]
    )
    hit, alarm = _score(member[~mine], weights), _score(other[~theirs], weights)
    least = np.quantile(alarm, 1 - FALSE_ALARMS)
    return outcome("membership_shadow", (hit > least).sum(), len(hit), (alarm > least).sum(), len(alarm), EN, ZH)


def _features(distances: Floats) -> Floats:
    chosen = distances[:, [min(k, distances.shape[1]) - 1 for k in (1, 2, 5, 10)]]
    logs = np.log(np.maximum(chosen, 1e-6))
    parts = np.hstack([logs, logs[:, :1] - logs[:, 1:2], (chosen[:, :1] < 1e-3)])
    return np.asarray((parts - parts.mean(axis=0)) / np.maximum(parts.std(axis=0), 1e-9))


def _logistic(x: Floats, y: Floats) -> Floats:
    """Weights of a ridge logistic regression by Newton steps, the constant last."""
    x = np.hstack([x, np.ones((len(x), 1))])
    weights = np.zeros(x.shape[1])
    for _ in range(STEPS):
        likely = 1 / (1 + np.exp(-np.clip(x @ weights, -30, 30)))
        curve = x.T @ (x * (likely * (1 - likely))[:, None]) + RIDGE * np.eye(x.shape[1])
        weights += np.linalg.solve(curve, x.T @ (y - likely) - RIDGE * weights)
    return weights


def _score(x: Floats, weights: Floats) -> Floats:
    return np.asarray(x @ weights[:-1] + weights[-1])
