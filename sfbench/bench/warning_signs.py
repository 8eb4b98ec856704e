"""What was known of borrowers on a day, and who of them turned bad within the year after it."""

from __future__ import annotations

import calendar
import datetime
from typing import TYPE_CHECKING

import numpy as np

from sfbench.bench.effects.panel import Bools, Floats, Ints

if TYPE_CHECKING:
    import duckdb

# Rates are of the notes of a firm; accounts are the last annual report that was out; null is the mean of all.
_SIGNS = """
WITH now AS (
    SELECT
        enterprise_id,
        max(overdue_days) > 0 AS overdue,
        avg(CAST(grade = 'FQ02' AS INT)) AS watched,
        avg(CAST(status = 'LS02' AS INT)) AS extended,
        count(*) AS notes,
        avg(CAST(rate AS DOUBLE)) AS rate,
        CAST(sum(balance_rmb) AS DOUBLE) AS debt,
        avg(date_diff('month', granted_on, month)) AS age_of_notes
    FROM loan_balance JOIN loan USING (loan_id)
    WHERE month = $day
    GROUP BY enterprise_id
),
past AS (
    SELECT enterprise_id, max(overdue_days) AS worst, avg(CAST(grade = 'FQ02' AS INT)) AS watched_before
    FROM loan_balance JOIN loan USING (loan_id)
    WHERE month < $day AND month >= $day - INTERVAL 1 YEAR
    GROUP BY enterprise_id
),
accounts AS (
    SELECT
        enterprise_id,
        max_by(CAST(net_assets AS DOUBLE) / nullif(CAST(total_assets AS DOUBLE), 0), year) AS equity,
        max_by(CAST(profit AS DOUBLE) / nullif(CAST(revenue AS DOUBLE), 0), year) AS margin,
        max_by(CAST(revenue AS DOUBLE), year) AS revenue,
        max_by(ln(1 + staff), year) AS staff
    FROM enterprise_year
    WHERE reported_on <= $day AND NOT preliminary
    GROUP BY enterprise_id
)
SELECT
    now.enterprise_id,
    CAST(overdue AS INT) AS overdue, watched, extended, ln(notes) AS notes, rate, age_of_notes,
    least(coalesce(worst, 0), 90) AS worst, coalesce(watched_before, 0) AS watched_before,
    greatest(least(equity, 1), -1) AS equity, greatest(least(margin, 1), -1) AS margin, staff,
    ln(1 + debt / greatest(revenue, 1e5)) AS leverage,
    date_diff('year', founded_on, $day) AS age
FROM now
JOIN enterprise USING (enterprise_id)
LEFT JOIN past USING (enterprise_id)
LEFT JOIN accounts USING (enterprise_id)
WHERE now.enterprise_id NOT IN (
    SELECT enterprise_id FROM loan_balance JOIN loan USING (loan_id)
    WHERE month = $day AND grade IN ('FQ03', 'FQ04', 'FQ05')
)
ORDER BY now.enterprise_id
"""
_BAD = """
SELECT DISTINCT enterprise_id
FROM loan_balance JOIN loan USING (loan_id)
WHERE month > $day AND month <= $day + INTERVAL 1 YEAR AND grade IN ('FQ03', 'FQ04', 'FQ05')
"""


def warning_signs(con: duckdb.DuckDBPyConnection, day: str) -> tuple[Ints, Floats]:
    """(enterprise_id, signs (firms, signs)) of the borrowers in good standing on a day; signs have no gaps."""
    found = con.execute(_SIGNS, {"day": datetime.date.fromisoformat(day)}).fetchnumpy()
    firms = np.asarray(found.pop("enterprise_id"), np.int64)
    x = np.column_stack([np.ma.filled(np.ma.asarray(column, np.float64), np.nan) for column in found.values()])
    return firms, np.where(np.isnan(x), np.nanmean(x, axis=0), x)


def turned_bad(con: duckdb.DuckDBPyConnection, day: str, firms: Ints) -> Bools:
    """Which firms have a bad note within the year after a day, as far as is known."""
    bad = con.execute(_BAD, {"day": datetime.date.fromisoformat(day)}).fetchnumpy()["enterprise_id"]
    return np.asarray(np.isin(firms, bad))


def year_before(day: str) -> str:
    """The month end a year before a month end."""
    last = datetime.date.fromisoformat(day)
    return last.replace(year=last.year - 1, day=calendar.monthrange(last.year - 1, last.month)[1]).isoformat()
