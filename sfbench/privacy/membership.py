"""What tells who was learned: distances of firms to a copy, and a logistic regression on them."""

from __future__ import annotations

import numpy as np

from sfbench.privacy.frame import Floats
from sfbench.privacy.outcome import Outcome, nothing, outcome

STEPS, RIDGE = 15, 1.0
NEAREST = 1e-3  # below this, distances are rounding


def features(distances: Floats, among_others: Floats | None = None) -> Floats:
    """Of each firm: distances to the 1st, 2nd, 5th and 10th nearest firm of a copy and their ratio, standardised.

    among_others: distance to the nearest of other firms, so that a lonely firm is not taken for one that was not
    learned (difficulty calibration; Watson et al. 2022). Standardised, so copies of other sizes compare.
    """
    logs = np.log(np.maximum(distances[:, [min(k, distances.shape[1]) - 1 for k in (1, 2, 5, 10)]], NEAREST))
    parts = [logs, logs[:, :1] - logs[:, 1:2], distances[:, :1] < NEAREST]
    if among_others is not None:
        parts.append(logs[:, :1] - np.log(np.maximum(among_others, NEAREST))[:, None])
    whole = np.hstack(parts)
    return np.asarray((whole - whole.mean(axis=0)) / np.maximum(whole.std(axis=0), 1e-9))


def logistic(x: Floats, y: Floats) -> Floats:
    """Weights of a ridge logistic regression by Newton steps, the constant last."""
    x = np.hstack([x, np.ones((len(x), 1))])
    weights = np.zeros(x.shape[1])
    for _ in range(STEPS):
        likely = 1 / (1 + np.exp(-np.clip(x @ weights, -30, 30)))
        curve = x.T @ (x * (likely * (1 - likely))[:, None]) + RIDGE * np.eye(x.shape[1])
        weights += np.linalg.solve(curve, x.T @ (y - likely) - RIDGE * weights)
    return weights


def score(x: Floats, weights: Floats) -> Floats:
    """Log odds of having been learned."""
    return np.asarray(x @ weights[:-1] + weights[-1])


def above(attack: str, members: Floats, others: Floats, false_alarms: float, en: str, zh: str) -> Outcome:
    """Members whose score is above that of all but a share of the others; of those, the same share is by chance."""
    least = np.quantile(others, 1 - false_alarms)
    hits, alarms = (members > least).sum(), (others > least).sum()
    if not hits and not alarms:  # more others than that share have the highest score there is
        return nothing(attack, en, zh)
    return outcome(attack, hits, len(members), alarms, len(others), en, zh)
