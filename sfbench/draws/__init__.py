"""Names become keys, keys words, words values: value = f(seed, table, purpose, entity, ordinal), and nothing else.

`draws.text` is not imported here: it alone needs pyarrow.
"""

from sfbench.draws.dates import (
    add_months,
    day_in_month,
    day_number,
    month_end,
    month_of,
    month_start,
    next_weekday,
    weekday,
)
from sfbench.draws.identifiers import fixed_width, is_uscc, uscc
from sfbench.draws.keys import key
from sfbench.draws.money import instalment, round_significant, round_to, split
from sfbench.draws.sequence import kronecker
from sfbench.draws.tables import Choice, ChoiceByRow, Quantiles
from sfbench.draws.values import Draw
from sfbench.draws.words import words

__all__ = [
    "Choice",
    "ChoiceByRow",
    "Draw",
    "Quantiles",
    "add_months",
    "day_in_month",
    "day_number",
    "fixed_width",
    "instalment",
    "is_uscc",
    "key",
    "kronecker",
    "month_end",
    "month_of",
    "month_start",
    "next_weekday",
    "round_significant",
    "round_to",
    "split",
    "uscc",
    "weekday",
    "words",
]
