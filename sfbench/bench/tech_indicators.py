"""The indicators of the question `tech_performance`: share, price and risk, and a bank's size counted four times."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfbench.bench.card import Card
from sfbench.bench.composite import Matrix, matrix

if TYPE_CHECKING:
    import duckdb

_SQL = """
WITH lent AS (
    SELECT
        institution_id,
        CAST(sum(amount_rmb) FILTER (WHERE tech_use) AS DOUBLE) / CAST(sum(amount_rmb) AS DOUBLE) AS tech__share,
        -avg(CAST(grant_rate AS DOUBLE)) FILTER (WHERE tech_use) AS price__rate,
        ln(CAST(sum(amount_rmb) AS DOUBLE)) AS size__amount,
        ln(count(*)) AS size__notes,
        ln(count(DISTINCT enterprise_id)) AS size__borrowers
    FROM loan
    WHERE granted_on BETWEEN DATE '{first}' AND DATE '{last}'
    GROUP BY institution_id
),
bad AS (
    SELECT institution_id, -avg(CAST(npl_loans AS DOUBLE) / CAST(all_loans AS DOUBLE)) AS risk__ratio
    FROM bank_month
    WHERE current AND reporting_scope = 'PBOC' AND month BETWEEN DATE '{first}' AND DATE '{last}'
    GROUP BY institution_id
),
outlets AS (
    SELECT institution_id, ln(count(*)) AS size__outlets
    FROM branch
    WHERE opened_on <= DATE '{last}' AND coalesce(closed_on > DATE '{last}', true)
    GROUP BY institution_id
)
SELECT institution_id, lent.* EXCLUDE (institution_id), risk__ratio, size__outlets
FROM institution
LEFT JOIN lent USING (institution_id)
LEFT JOIN bad USING (institution_id)
LEFT JOIN outlets USING (institution_id)
WHERE kind = 'bank'
"""


def tech_indicators(con: duckdb.DuckDBPyConnection, card: Card) -> Matrix:
    """Tech share of new lending, price to tech and bad loans (the more the better), and four figures of size."""
    return matrix(con, _SQL.format(first=card.first, last=card.last), card.key)
