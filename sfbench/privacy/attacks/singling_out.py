"""Singling out: what is unique in the copy, does it point at exactly one learned firm?

A predicate takes a random firm of the copy and four random columns: the same word, or a number of about the same rank.
Those that fit one firm of the copy are tried. (After the multivariate predicates of Giomi et al. 2023, anonymeter;
univariate ones let a noisy copy pass, so they are not used alone.)
"""

import numpy as np

from sfbench.privacy.case import Case
from sfbench.privacy.frame import Floats, Frame
from sfbench.privacy.outcome import Outcome, outcome
from sfbench.synth.columns import Ints

COLUMNS, DRAWN, MOST = 4, 4000, 1500
WIDTH = 0.004  # of the ranks: how near a number must be
EN, ZH = (
    "Predicates unique in the copy that hold for exactly one learned firm",
    "副本中唯一且恰好指向一家被学习企业的条件",
)


def attack(case: Case) -> Outcome:
    """Share of the predicates."""
    random = case.random("singling_out")
    ours, train, holdout = (_Ranked.of(frame, case) for frame in (case.copy, case.train, case.holdout))
    tried = hits = by_chance = 0
    names = case.copy.columns
    for row in random.integers(0, case.copy.rows, DRAWN):  # over predicates, not over rows of data
        columns = random.choice(len(names), min(COLUMNS, len(names)), replace=False)
        if tried == MOST:
            break
        if ours.fitting(columns, ours.cells[row]) == 1:
            tried += 1
            hits += train.fitting(columns, ours.cells[row]) == 1
            by_chance += holdout.fitting(columns, ours.cells[row]) == 1
    return outcome("singling_out", hits, tried, by_chance, tried, EN, ZH)


class _Ranked:
    """A frame as a matrix of ranks and word numbers."""

    def __init__(self, cells: Floats, widths: Floats) -> None:
        self.cells, self._widths = cells, widths

    @classmethod
    def of(cls, frame: Frame, case: Case) -> "_Ranked":
        columns = []
        for name, column in frame.numbers.items():
            known = case.scale.numbers[name]
            rank = np.searchsorted(known, column) / max(len(known), 1)
            columns.append(np.where(np.isnan(column), -1.0, rank))
        for name, words in frame.words.items():
            kinds = np.unique(np.concatenate([f.words[name] for f in (case.train, case.holdout, case.copy)]))
            columns.append(np.searchsorted(kinds, words).astype(np.float64))
        return cls(np.stack(columns, axis=1), np.r_[np.full(len(frame.numbers), WIDTH), np.zeros(len(frame.words))])

    def fitting(self, columns: Ints, wanted: Floats) -> int:
        """Number of rows that the predicate fits."""
        rows = np.arange(len(self.cells))
        for column in columns:
            rows = rows[np.abs(self.cells[rows, column] - wanted[column]) <= self._widths[column]]
        return len(rows)
