"""The figures of expected.csv from the tables and the rules, in plain Python: exact fractions, no code of sfbench."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from tests.acceptance.edits import Tables
from tests.acceptance.worked import figures_credit, figures_fund, figures_market

Figures = dict[tuple[str, str], Any]


def compute(tables: Tables) -> Figures:
    """(example, figure) -> value: a fraction, or text for dates and ratios."""
    return figures_credit.compute(tables) | figures_market.compute(tables) | figures_fund.compute(tables)


def agrees(found: Any, written: str) -> bool:
    """Equal as text, or as a number to the digits that the hand value shows (amounts 2, all others 6)."""
    if isinstance(found, str):
        return found == written
    digits = 2 if abs(found) >= 10000 else 6
    return abs(Fraction(found) - Fraction(written)) <= Fraction(1, 2 * 10**digits)
