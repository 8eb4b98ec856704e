"""The indicators of the question `graded_banks`: mean shares of tech-industry, green, inclusive and bad loans."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfbench.bench.card import Card
from sfbench.bench.composite import Matrix, matrix

if TYPE_CHECKING:
    import duckdb

_SQL = """
SELECT
    institution_id,
    avg(CAST(tech_industry_loans AS DOUBLE) / CAST(all_loans AS DOUBLE)) AS tech__share,
    avg(CAST(green_loans AS DOUBLE) / CAST(all_loans AS DOUBLE)) AS green__share,
    avg(CAST(inclusive_loans AS DOUBLE) / CAST(all_loans AS DOUBLE)) AS inclusive__share,
    -avg(CAST(npl_loans AS DOUBLE) / CAST(all_loans AS DOUBLE)) AS risk__ratio
FROM bank_month
WHERE current AND reporting_scope = 'PBOC' AND month BETWEEN DATE '{first}' AND DATE '{last}'
GROUP BY institution_id
"""


def graded_indicators(con: duckdb.DuckDBPyConnection, card: Card) -> Matrix:
    """(banks, 4), the more the better, as reported; the last is risk."""
    return matrix(con, _SQL.format(first=card.first, last=card.last), card.key)
