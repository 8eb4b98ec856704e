"""A logit of turning bad within a year, learned from the year before."""

import numpy as np
import pyarrow as pa

from sfbench.bench.kit import Method, logistic, turned_bad, warning_signs, year_before

METHOD = Method(
    zh="违约风险对数几率模型",
    en="Discrete-time hazard, logit",
    task="early_warning",
    question="default_next_year",
    source="Shumway 2001; Campbell, Hilscher and Szilagyi 2008",
)

RIDGE = 1e-4


def answer(con, card):
    """Signs of a year ago and what came of them give the weights for the signs of today."""
    before = year_before(card.last)
    learned, x = warning_signs(con, before)
    firms, now = warning_signs(con, card.last)
    middle, spread = x.mean(axis=0), x.std(axis=0) + 1e-9
    then, today = (np.column_stack([np.ones(len(signs)), (signs - middle) / spread]) for signs in (x, now))
    weights = logistic(then, turned_bad(con, before, learned).astype(float), RIDGE)
    return pa.table({"enterprise_id": firms, "score": today @ weights})
