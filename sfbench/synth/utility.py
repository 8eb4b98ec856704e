"""What a copy is good for: models trained on it, tried on firms of the original that nobody learned from.

`told_apart` is the classifier two-sample test (Lopez-Paz and Oquab 2017): the area under the curve at which gradient
boosting tells firms of the copy from those of the original; 0.5 is chance. `default` and `credit_access` are the area
under the curve on held-out firms of a model trained on the copy, less that of one trained on the learned firms. Where
these teach nothing of the held-out ones either, the difference is noise, and there is none.
"""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from sfbench.errors import SfbenchError
from sfbench.privacy.frame import Floats, Frame

TASKS = ("default", "credit_access")  # what is learned on the copy and tried on held-out firms
FEWEST = 30  # firms of either kind
FEWEST_TOLD = 20  # firms of either side
ROUNDS = 120
TEACHES = NormalDist().inv_cdf(0.95)  # how surely the original has to teach something, one-sided


def require_sklearn() -> None:
    """Raises SfbenchError without scikit-learn."""
    try:
        import sklearn.ensemble  # noqa: F401
    except ImportError as error:
        fix = "pip install 'sfbench[synth]'"
        raise SfbenchError("gradient boosting needs scikit-learn", why=str(error), fix=fix) from error


def figures(train: Frame, holdout: Frame, copy: Frame, seed: int = 0) -> dict[str, float]:
    """default, credit_access; NaN where the firms do not say, or their columns say nothing of it."""
    out = {}
    for task, target in _targets(train).items():
        sides = [_task(frame, target) for frame in (train, holdout, copy)]
        out[task] = _gain(sides, seed)
    return out


def told_apart(original: Frame, copy: Frame, seed: int = 0) -> float:
    """Area under the curve, on the half of the firms that the classifier has not seen; NaN of too few."""
    size = min(original.rows, copy.rows)
    if size < FEWEST_TOLD:
        return float("nan")
    random = np.random.default_rng([seed, 9])
    sides = [frame.take(random.permutation(frame.rows)[:size]) for frame in (original, copy)]
    x = _matrix(sides[0], sides)
    y = np.repeat([0, 1], size)
    shuffled = random.permutation(2 * size)
    fit, judge = shuffled[:size], shuffled[size:]
    return _auc(x[fit], y[fit], x[judge], y[judge], seed)


def _targets(frame: Frame) -> dict[str, str]:
    """Task -> column: a firm that has any credit; a firm that defaults."""
    rows = next((name for name in frame.numbers if name.endswith(": rows")), "")
    known = {"credit_access": rows, "default": "default_month" if "default_month" in frame.numbers else ""}
    return {task: column for task, column in known.items() if column}


def _task(frame: Frame, target: str) -> tuple[Frame, NDArray[np.int64]]:
    """(what may be used, the answer): of the firm's own columns for credit access, of its notes too for default."""
    if target.endswith(": rows"):
        answer = frame.numbers[target] > 0
        own = [name for name in frame.columns if ": " not in name and "credit" not in name and name != "default_month"]
        return frame.only(own), answer.astype(np.int64)
    borrowers = np.zeros(frame.rows, np.bool_)
    for name, column in frame.numbers.items():
        if name.endswith(": rows"):
            borrowers |= column > 0
    known = [name for name in frame.columns if not name.startswith("loan_balance") and name != target]
    cut = frame.take(borrowers)
    return cut.only(known), (~np.isnan(cut.numbers[target])).astype(np.int64)


def _gain(sides: list[tuple[Frame, NDArray[np.int64]]], seed: int) -> float:
    if any(min(answer.sum(), (1 - answer).sum()) < FEWEST for _, answer in sides):
        return float("nan")
    (train, y), (holdout, true), (copy, z) = sides
    x = _matrix(train, [train, holdout, copy])
    first, second = len(y), len(y) + len(true)
    real, made = (
        _auc(x[rows], answer, x[first:second], true, seed)
        for rows, answer in ((slice(0, first), y), (slice(second, None), z))
    )
    return made - real if real > 0.5 + TEACHES * _by_chance(true) else float("nan")


def _by_chance(true: NDArray[np.int64]) -> float:
    """Standard deviation of the area under the curve of a score that says nothing (Mann and Whitney 1947)."""
    bad = int(true.sum())
    return math.sqrt((len(true) + 1) / (12 * bad * (len(true) - bad)))


def _matrix(known: Frame, frames: list[Frame]) -> Floats:
    """Numbers as they are, words by their place among the words of `known`."""
    columns = [np.concatenate([f.numbers[name] for f in frames]) for name in known.numbers]
    for name, words in known.words.items():
        kinds, number = np.unique(words, return_counts=True)
        share = dict(zip(kinds.tolist(), number.tolist(), strict=True))
        both, place = np.unique(np.concatenate([f.words[name] for f in frames]), return_inverse=True)
        columns.append(np.array([share.get(word, 0) for word in both.tolist()], np.float64)[place])
    return np.stack(columns, axis=1)


def _auc(x: Floats, y: NDArray[np.int64], new: Floats, true: NDArray[np.int64], seed: int) -> float:
    from sklearn.ensemble import HistGradientBoostingClassifier
    from sklearn.metrics import roc_auc_score

    # scikit-learn cannot bin a column without two values.
    telling = [at for at in range(x.shape[1]) if len(np.unique(x[~np.isnan(x[:, at]), at])) > 1]
    if not telling:
        return 0.5
    x, new = x[:, telling], new[:, telling]
    model = HistGradientBoostingClassifier(max_iter=ROUNDS, random_state=seed, early_stopping=False)
    return float(roc_auc_score(true, model.fit(x, y).predict_proba(new)[:, 1]))
