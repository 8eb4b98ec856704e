"""The indicators of the question `sound_lending`: shares of tech-industry, green and bad loans on the last day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfbench.bench.card import Card
from sfbench.bench.composite import Matrix, matrix

if TYPE_CHECKING:
    import duckdb

_SQL = """
SELECT
    institution_id,
    CAST(tech_industry_loans AS DOUBLE) / CAST(all_loans AS DOUBLE) AS tech__share,
    CAST(green_loans AS DOUBLE) / CAST(all_loans AS DOUBLE) AS green__share,
    -CAST(npl_loans AS DOUBLE) / CAST(all_loans AS DOUBLE) AS risk__ratio
FROM bank_month
WHERE current AND reporting_scope = 'PBOC' AND month = DATE '{last}'
"""


def sound_indicators(con: duckdb.DuckDBPyConnection, card: Card) -> Matrix:
    """(banks, 3), the more the better, as reported."""
    return matrix(con, _SQL.format(last=card.last), card.key)
