"""Firms of the copy that are a learned firm in every column. A firm that was held out can be met by chance alone.

Rows of the copy that are the same firm count once: which firms were learned is what was drawn by lot, and a frequent
combination that happens to be among them is met by all of its rows together.

A case has as many learned firms as were held out, so a few copies of the others would not be seen. All of them are
looked at, too: there a copy counts if it is like one firm of the original alone. Chance meets such firms in proportion
to how many were learned and held out, which it does not where firms are alike.
"""

import numpy as np
import pyarrow as pa

from sfbench.privacy.case import Case
from sfbench.privacy.frame import Frame
from sfbench.privacy.outcome import Outcome, outcome
from sfbench.privacy.rows import Marks, joined, of_numbers, of_words

NAME = "exact_copies"
DIGITS = 2.0**30  # of a number: a mean of the same rows in another order differs behind that
EN, ZH = (
    "Different firms of the copy that equal a learned firm in every column",
    "与被学习企业完全相同的副本企业（相同者计一次）",
)
ALL_EN = "Different firms of the copy that equal one firm in every column, of all that were learned"
ALL_ZH = "与全部被学习企业中唯一一家完全相同的副本企业（相同者计一次）"


def attack(case: Case) -> Outcome:
    """Share of the copy's different firms. The two ways to look share the attack's level."""
    sides = case.train, case.holdout, case.copy
    if [side.rows for side in sides] == [side.rows for side in case.whole]:
        return _of_equal_sides(*sides)
    either = _of_equal_sides(*sides).among(2), _of_all(*case.whole).among(2)
    return max(either, key=lambda one: (one.risk_low, one.risk, one.seen_from()))


def _of_equal_sides(train: Frame, holdout: Frame, copy: Frame) -> Outcome:
    ours = np.unique(_marks(copy))
    hits, by_chance = (np.isin(ours, _marks(frame)).sum() for frame in (train, holdout))
    return outcome(NAME, hits, len(ours), by_chance, len(ours), EN, ZH)


def _of_all(train: Frame, holdout: Frame, copy: Frame) -> Outcome:
    ours, sides = np.unique(_marks(copy)), [_marks(frame) for frame in (train, holdout)]
    different, number = np.unique(np.concatenate(sides), return_counts=True)
    met = np.intersect1d(ours, different[number == 1])
    hits, by_chance = (np.isin(met, side).sum() for side in sides)
    # n held-out firms are met as often as n learned ones: of so few tries the control's share is the learned one's
    tries = max(round(len(ours) * holdout.rows / train.rows), 1)
    # a share hides how few there are, and each is a firm
    en, zh = (f"{ALL_EN}: {hits:,}", f"{ALL_ZH}：{hits:,}家") if hits else (ALL_EN, ALL_ZH)
    return outcome(NAME, hits, len(ours), min(by_chance, tries), tries, en, zh)


def _marks(frame: Frame) -> Marks:
    """A hash of each row."""
    mark = np.zeros(frame.rows, np.uint64)
    for name in sorted(frame.columns):
        if name in frame.numbers:
            column = frame.numbers[name]
            cells = of_numbers(column, ~np.isnan(column), DIGITS)
        else:
            cells = of_words(pa.array(frame.words[name]))
        mark = joined(mark, cells)
    return mark
