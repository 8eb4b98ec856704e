"""Incidence of bad loans by age, from all vintages, as far as each is known."""

import math

import numpy as np

from sfbench.bench.kit import Estimate, Method

METHOD = Method(
    zh="账龄曲线",
    en="Vintage curve",
    task="indicator",
    question="vintage_default",
    source="Aalen and Johansen 1978: cumulative incidence with repayment as the competing event",
    source_zh="Aalen和Johansen 1978：以还款为竞争事件的累积发生率",
)

MONTHS = 18
SINCE = "2024-01-01"  # older vintages were granted under another climate

BAD = "b.grade IN ('FQ03', 'FQ04', 'FQ05')"

# Of each note: its age in months when it turned bad, or when it left the book, or now.
LIVES = """
WITH now AS (SELECT max(month) AS month FROM loan_balance)
SELECT
    date_diff('month', granted_on, coalesce(min(b.month) FILTER (WHERE {bad}), max(b.month))) AS age,
    bool_or({bad}) AS bad,
    max(b.month) < any_value(now.month) AS gone
FROM loan JOIN loan_balance AS b USING (loan_id) CROSS JOIN now
WHERE granted_on >= DATE '{since}'
GROUP BY loan_id, granted_on
"""


def answer(con, card):
    """The cumulative incidence at eighteen months with a normal interval of binomial hazards."""
    found = con.execute(LIVES.format(since=SINCE, bad=BAD)).fetchnumpy()
    age, bad = np.asarray(found["age"]), np.asarray(found["bad"], bool)
    gone = np.asarray(found["gone"], bool) & ~bad
    alive, value, variance = 1.0, 0.0, 0.0
    for month in range(MONTHS):
        at_risk, failed, left = (age >= month).sum(), (bad & (age == month)).sum(), (gone & (age == month)).sum()
        hazard = failed / max(at_risk, 1)
        value += alive * hazard
        variance += alive**2 * hazard * (1 - hazard) / max(at_risk, 1)
        alive *= 1 - (failed + left) / max(at_risk, 1)
    se = math.sqrt(variance)
    return Estimate(value=value, se=se, low=value - 1.96 * se, high=value + 1.96 * se)
