"""The ten lines that `sfbench new` writes: each loads and works as it stands. NAME is replaced."""

from __future__ import annotations

_TABLE = '''"""NAME: one row a firm (say what a row stands for)."""

from sfbench.kit import Column, Table

TABLE = Table(
    zh="NAME",
    en="NAME",
    key=("enterprise_id",),
    needs=("enterprise",),  # rows() receives the columns of these tables for the same block of firms
    per_firm=1.0,
    columns=(
        Column("enterprise_id", "key", "企业编号", "Enterprise", references="enterprise.enterprise_id"),
        Column("score", "count", "评分", "Score", low=0, high=99),
    ),
)


def rows(block, needs, params, draw):
    """One row a firm; a draw depends on its purpose and the firm alone."""
    firm = needs["enterprise"]["enterprise_id"]
    return {"enterprise_id": firm, "score": draw.below("score", firm, 100)}
'''

_METRIC = """-- id: NAME
-- measure: 0
-- zh: NAME
-- en: NAME
-- period: month
-- component: notes | count | additive | 借据笔数 | Loan notes
-- cuts: total, bank
-- direction: none
-- source: say where the definition comes from
-- needs: loan_balance(month, loan_id), loan(loan_id, institution_id)

SELECT
    month AS period,
    CASE WHEN GROUPING(institution_id) = 1 THEN 'total' ELSE 'bank' END AS cut,
    CASE WHEN GROUPING(institution_id) = 1 THEN 'total' ELSE CAST(institution_id AS VARCHAR) END AS cut_value,
    'notes' AS component,
    CAST(COUNT(*) AS DOUBLE) AS value
FROM loan_balance
JOIN loan USING (loan_id)
GROUP BY GROUPING SETS ((month), (month, institution_id))
"""

_SCENARIO = """title_zh: NAME
title_en: NAME
caption: Say what this world is for.
caption_zh: 说明这一情景的用途。
extends: baseline
params: # `sfbench list parameters` shows names, values and bounds
  credit.tag_lift: 0 # a tag no longer helps a firm to get credit
"""

_SUITE = """# Say what these expectations guard. A `rows` query returns the rows that violate the claim.
table: loan
expectations:
  - id: NAME.amount_above_zero
    type: rows
    query: SELECT loan_id, amount FROM {batch} WHERE amount <= 0
    severity: critical
    zh: 借据金额大于零
    en: The amount of a note is above zero
    finds_zh: 金额遗漏或为负
    finds_en: a lost or negative amount
"""

_METHOD = """title_zh: NAME
title_en: NAME
caption: Say what the method measures, and what is a choice of yours.
caption_zh: 说明评价什么，哪些是自定的选择。
source: say where it comes from
source_zh: 说明出处
confidence: low
official: false
period: quarter
indicators: # any metric by bank (`sfbench list metrics`), or one in % of another with `over`
  tech_share:
    {zh: 科技贷款占比, en: Tech share of all loans, metric: tech_loan_balance, component: balance,
     over: [all_loan_balance, all], cut: bank, direction: up, role: scored, pillar: effort, period: last,
     transform: none}
  npl:
    {zh: 科技贷款不良率, en: Tech NPL ratio, metric: tech_npl_ratio, component: npl_ratio, cut: bank,
     direction: down, role: scored, pillar: quality, period: last, transform: none}
exclude: none
empty: refuse
missing: drop
outliers: none
normalise: min_max
peers: together
weights: equal
aggregate: arithmetic
adjust: none
veto: none
bands: none
weight_spread: 0.25 # for --replicates: each weight within 0.75 and 1.25 of its value
alternatives: # for --replicates, too
  normalise: [percentile, {kind: z, ddof: 1}]
  missing: [median]
"""

_FAULT = '''"""Say how the data go wrong."""

from sfbench.reporting.kit import Draw, Fault, Planted, Rows, Wish, change, filled, values

FAULT = Fault(
    zh="NAME",
    en="NAME",
    level="cell",
    visible=True,  # whether a rule over the reported tables can see it; say so before any suite is run
    mechanisms=("one too many", "one too few"),
    mechanisms_zh=("多一个", "少一个"),
    kinds=("count",),  # of the column that an entry of a scenario's `faults` names
)


def plant(rows: Rows, wish: Wish, draw: Draw) -> Planted:
    """Draws ask for `rows.identity`, the row's key as a number, so that neither order nor block decides."""
    cells = rows.columns[wish.columns[0]]
    at = rows.pick(draw, filled(cells))
    return change(rows, at, {wish.columns[0]: values(cells)[at] + (1 if wish.mechanism == 1 else -1)})
'''

_BENCH_METHOD = '''"""NAME: the gap after the start less the gap before it."""

import math

from sfbench.bench.kit import Estimate, Method, panel

METHOD = Method(zh="NAME", en="NAME", task="policy_effect", source="who, when")


def answer(con, card):
    """`con` is DuckDB with the observables, `card` says what is asked; a Refusal is an answer, too."""
    seen = panel(con, card)  # y (units, quarters), start (units,); other tasks read their tables: con.sql(...)
    treated = seen.start < seen.periods
    first = seen.start[treated].min()
    change = seen.y[:, first:].mean(1) - seen.y[:, :first].mean(1)
    one, other = change[treated], change[~treated]
    value = one.mean() - other.mean()
    se = math.sqrt(one.var(ddof=1) / len(one) + other.var(ddof=1) / len(other))
    return Estimate(value=value, se=se, low=value - 1.96 * se, high=value + 1.96 * se)
'''

_BENCH_QUERY = """-- zh: NAME
-- en: NAME
-- task: policy_effect
-- source: who, when

-- One row: value, and perhaps low and high. Of a task about keys: the key, score, and perhaps flagged.
-- `$first`, `$last` and `$level` come from the card.
WITH change AS (
    SELECT
        unit,
        start IS NOT NULL AS treated,
        AVG(y) FILTER (WHERE period >= (SELECT MIN(start) FROM register))
        - AVG(y) FILTER (WHERE period < (SELECT MIN(start) FROM register)) AS y
    FROM panel
    JOIN register USING (unit)
    GROUP BY unit, start
)

SELECT AVG(y) FILTER (WHERE treated) - AVG(y) FILTER (WHERE NOT treated) AS value
FROM change
"""

# kind -> (folder under --content, suffix, text)
SKELETONS = {
    "table": ("generators", ".py", _TABLE),
    "metric": ("metrics", ".sql", _METRIC),
    "method": ("methods", ".yaml", _METHOD),
    "scenario": ("scenarios", ".yaml", _SCENARIO),
    "suite": ("expectations", ".yaml", _SUITE),
    "fault": ("faults", ".py", _FAULT),
    "bench method": ("bench_methods", ".py", _BENCH_METHOD),
    "bench query": ("bench_methods", ".sql", _BENCH_QUERY),
}


def skeleton(kind: str, name: str) -> str:
    """The text of a new file."""
    return SKELETONS[kind][2].replace("NAME", name)
