"""Figures of one answer against its truth, and what a figure loses against a perfect method."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa

from sfbench.errors import SfbenchError
from sfbench.spec import Question

# name -> (zh, en); the loss of a figure is 0 for a perfect method.
FIGURES: dict[str, tuple[str, str]] = {
    "bias": ("偏差", "bias"),
    "rmse": ("均方根误差", "RMSE"),
    "coverage": ("覆盖率", "coverage"),
    "width": ("区间宽度", "width"),
    "claims": ("判为有效", "claims"),
    "misjudged": ("误判可识别性", "misjudged"),  # a figure where none is identified, or none where one is
    "auc": ("AUC", "AUC"),
    "average_precision": ("平均精度", "avg precision"),
    "precision": ("查准率", "precision"),
    "recall": ("查全率", "recall"),
    "f1": ("F1", "F1"),
    "tau": ("肯德尔τ", "tau-b"),
    "top5": ("前五重合", "top 5"),
    "regret": ("遗憾值", "regret"),
    "misgrade": ("错评等级", "misgrade"),  # grades by which a key's grade is off, in the mean
}
# Of these none is best, of the others 1 is.
_ERRORS = ("bias", "rmse", "width", "claims", "misjudged", "regret", "misgrade")


def loss(figure: str, value: float) -> float:
    """How far a figure is from a perfect method's: |bias|, RMSE, rates of claims or misjudging; 1 - AUC, 1 - tau."""
    return abs(value) if figure in _ERRORS else 1.0 - value


def of_estimate(
    question: Question, truth: float, value: float, low: float | None, high: float | None
) -> dict[str, float]:
    """Figures of an estimate and its interval; errors are shares of the truth if the question says so (none of 0).

    `squared` is of the error; the mean over instances becomes the RMSE.
    """
    if question.relative and not truth:
        return {}
    unit = abs(truth) if question.relative else 1.0
    error = (value - truth) / unit
    out = {"bias": error, "squared": error**2}
    if low is not None and high is not None:
        out |= {"coverage": float(low <= truth <= high), "width": (high - low) / unit}
        out |= {} if question.relative else {"claims": float(not low <= 0.0 <= high)}
    return out


def of_marks(question: Question, truth: pa.Table, answer: pa.Table) -> dict[str, float]:
    """Figures of scores by key. Raises SfbenchError for an answer that is none.

    Keys that are not scored (absent, null, nan) get the lowest score; a key is flagged where `flagged` says so (without
    it there is no verdict: AUC and average precision only). AUC is the chance that one that is looked for is scored
    above one that is not, ties half.
    """
    score, flagged, label = _joined(question, truth, answer, "label")
    score, label = _lowest(score), label.astype(bool)
    out: dict[str, float] = {}
    if label.any() and not label.all():
        out |= {"auc": _auc(score, label), "average_precision": _average_precision(score, label)}
    if flagged is not None:
        hits = float((flagged & label).sum())
        out["precision"] = hits / flagged.sum() if flagged.any() else float(not label.any())
        out["recall"] = hits / label.sum() if label.any() else 1.0
        out["f1"] = 2 * hits / (flagged.sum() + label.sum()) if flagged.any() or label.any() else 1.0
    return out


def of_ranking(question: Question, truth: pa.Table, answer: pa.Table) -> dict[str, float]:
    """Kendall's tau-b of score and quality, the share of the best five that are among the five best scored, and regret.

    Regret: the better half by score is chosen (of equal scores the first by key); what its quality lacks to that of the
    best half, as a share of what the best half has over the worst. 0 is the best choice, 1 the worst, 0.5 blind chance.
    Where the truth has a `grade`, misgrade: as many as deserve each grade get it by score (of equal scores the first by
    key gets the better); the mean difference from the deserved one, in grades. Keys that are not scored come last;
    raises SfbenchError for an answer that is none, or scores no key.
    """
    from scipy.stats import kendalltau

    score, _, quality = _joined(question, truth, answer, "quality")
    if np.isnan(score).all():
        raise SfbenchError("the answer scores no key", fix="give each key a score")
    score = _lowest(score)
    tau = float(kendalltau(score, quality).statistic) if len(score) > 1 else math.nan
    few = min(5, len(score))
    best, found = (set(np.argsort(-x, kind="stable")[:few].tolist()) for x in (quality, score))
    out = {"tau": 0.0 if math.isnan(tau) else tau, "top5": len(best & found) / few, "regret": _regret(score, quality)}
    if "grade" in truth.column_names:
        out["misgrade"] = _misgrade(score, _joined(question, truth, answer, "grade")[2])
    return out


def means(records: Sequence[Mapping[str, float]]) -> dict[str, tuple[float, float]]:
    """Figure -> (mean over the records that have it, its Monte Carlo standard error)."""
    out = {}
    for name in dict.fromkeys(name for record in records for name in record):
        values = np.array([record[name] for record in records if name in record])
        se = values.std(ddof=1) / math.sqrt(len(values)) if len(values) > 1 else math.nan
        mean = float(values.mean())
        if name == "squared":
            root = math.sqrt(mean)
            out["rmse"] = root, float(se) / (2 * root) if root else math.nan
        else:
            out[name] = mean, float(se)
    return out


def _joined(
    question: Question, truth: pa.Table, answer: pa.Table, column: str
) -> tuple[np.ndarray, np.ndarray | None, np.ndarray]:
    """(scores, nan where there is none; verdicts or None; truths) by key of the truth."""
    keys = list(question.key)
    lacking = [name for name in (*keys, "score") if name not in answer.column_names]
    if lacking:
        raise SfbenchError(f"the answer has no column {lacking[0]!r}", why=", ".join(answer.column_names))
    given = {name: _cast(answer, name, truth.schema.field(name).type) for name in keys}
    given |= {"score": _cast(answer, "score", pa.float64()), "known": pa.repeat(True, answer.num_rows)}
    if "flagged" in answer.column_names:
        given["flagged"] = _verdicts(answer)
    answer = pa.table(given)
    if answer.group_by(keys).aggregate([]).num_rows != answer.num_rows:
        raise SfbenchError("the answer gives a key twice", why=", ".join(keys))
    whole = truth.join(answer, keys, join_type="left outer").sort_by([(name, "ascending") for name in keys])
    if answer.num_rows and whole["known"].null_count == whole.num_rows:
        why, fix = f"it has {answer[keys[0]][0].as_py()!r} in {keys[0]!r}", "give keys of the tables and of the span"
        raise SfbenchError("no key of the answer is asked about", why=why, fix=fix)
    score = whole["score"].to_numpy()
    if np.isinf(score).any():
        raise SfbenchError("a score of the answer is infinite", why="null says that a key is not scored")
    verdict = whole["flagged"].fill_null(False).to_numpy() if "flagged" in given else None
    return score, verdict, whole[column].to_numpy()


def _cast(answer: pa.Table, name: str, kind: pa.DataType) -> pa.ChunkedArray:
    """A column in a type. Raises SfbenchError for what is not of it."""
    try:
        return answer[name].cast(kind)
    except pa.ArrowException as error:
        why = str(error).splitlines()[0]
        raise SfbenchError(f"the answer's column {name!r} is not of the type {kind}", why=why) from error


def _verdicts(answer: pa.Table) -> pa.ChunkedArray | pa.Array:
    """Whether each key is flagged; a number that is neither 0 nor 1 is a score in the wrong column, and no verdict."""
    kind = answer["flagged"].type
    if not (pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind)):
        return _cast(answer, "flagged", pa.bool_())
    number = _cast(answer, "flagged", pa.float64()).to_numpy()
    odd = number[~np.isin(number, (0, 1)) & ~np.isnan(number)]
    if odd.size:
        raise SfbenchError("a verdict is true or false", why=f"'flagged' has {odd[0]:g}", fix="put numbers in 'score'")
    return pa.array(number == 1)


def _lowest(score: np.ndarray) -> np.ndarray:
    """Scores with what is not scored below all others, by however little: 1 less than -1e16 is -1e16."""
    known = score[~np.isnan(score)]
    return np.where(np.isnan(score), np.nextafter(known.min(), -np.inf) if known.size else 0.0, score)


def _regret(score: np.ndarray, quality: np.ndarray) -> float:
    half = max(len(score) // 2, 1)
    ordered = np.sort(quality)
    best, worst = ordered[-half:].sum(), ordered[:half].sum()
    got = quality[np.argsort(-score, kind="stable")[:half]].sum()
    return float((best - got) / (best - worst)) if best > worst else 0.0


def _misgrade(score: np.ndarray, grade: np.ndarray) -> float:
    order = np.argsort(-score, kind="stable")
    return float(np.abs(np.sort(grade)[::-1] - grade[order]).mean())


def _auc(score: np.ndarray, label: np.ndarray) -> float:
    from scipy.stats import rankdata

    positives = int(label.sum())
    ranks = rankdata(score)[label].sum()
    return float((ranks - positives * (positives + 1) / 2) / (positives * (len(label) - positives)))


def _average_precision(score: np.ndarray, label: np.ndarray) -> float:
    """Mean precision at the scores of those that are looked for; keys of one score come together."""
    order = np.argsort(-score, kind="stable")
    hits, last = np.cumsum(label[order]), np.append(score[order][1:] != score[order][:-1], True)
    hits, many = hits[last], np.flatnonzero(last) + 1
    gained = np.diff(hits, prepend=0)
    return float((gained * hits / many).sum() / label.sum())
