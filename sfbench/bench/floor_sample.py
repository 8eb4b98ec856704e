"""The firms of the question `rate_at_floor`: how far their R&D ratio lies from the floor, and what they pay."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sfbench.bench.card import Card
from sfbench.bench.effects.cross_section import Cutoff

if TYPE_CHECKING:
    import duckdb

# As the question says: revenue up to 50 m, for which the floor is 5 %, at least 60 % of it of high-tech products.
_SQL = """
SELECT
    any_value(100 * CAST(rd_spend AS DOUBLE) / CAST(revenue AS DOUBLE)) AS ratio,
    avg(CAST(grant_rate AS DOUBLE)) AS rate
FROM loan
JOIN enterprise_year USING (enterprise_id)
WHERE
    year = 2024 AND revenue > 0 AND revenue <= 5e7 AND high_tech_revenue >= 0.6 * revenue
    AND granted_on BETWEEN DATE '{first}' AND DATE '{last}'
GROUP BY enterprise_id
ORDER BY enterprise_id
"""


def floor_sample(con: duckdb.DuckDBPyConnection, card: Card) -> Cutoff:
    """One unit a firm: mean rate of its notes of the span, in percent, over its R&D ratio of 2024, in percent."""
    found = con.execute(_SQL.format(first=card.first, last=card.last)).fetchnumpy()
    rate, ratio = (np.asarray(found[name], np.float64) for name in ("rate", "ratio"))
    return Cutoff(y=rate, running=ratio, cutoff=5.0, cluster=np.arange(len(rate)))
