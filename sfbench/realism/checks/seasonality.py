"""New lending has seasons: a strong January, strong quarter ends, a larger first half, a tired December."""

from __future__ import annotations

import duckdb
import numpy as np

from sfbench.realism.check import Check, Measured, Panel, Result, Series, columns, ratio

_LENT = """
    SELECT month(granted_on) AS month, sum(amount_rmb)::DOUBLE AS amount, count(*) AS notes FROM loan
    WHERE last_day(granted_on) IN (SELECT month FROM month) AND year(granted_on) IN (
        SELECT year(month) FROM month WHERE month <= (SELECT max(month) FROM loan_balance)
        GROUP BY year(month) HAVING count(*) = 12)
    GROUP BY ALL"""


def _compute(connection: duckdb.DuckDBPyConnection) -> Result:
    lent = columns(connection, _LENT)
    amount = np.zeros(12)
    amount[lent["month"].astype(int) - 1] = lent["amount"]
    notes = int(lent["notes"].sum())
    total = float(amount.sum())
    ends, others = amount[[2, 5, 8]].mean(), amount[[1, 3, 4, 6, 7, 9, 10]].mean()
    figures = {
        "season_january": Measured(ratio(100 * amount[0], total), notes),
        "season_quarter_end": Measured(ratio(float(ends), float(others)), notes),
        "season_first_half": Measured(ratio(100 * float(amount[:6].sum()), total), notes),
        "season_december": Measured(ratio(100 * amount[11], total), notes),
    }
    share = 100 * amount / max(total, 1.0)
    series = Series(("新发放贷款", "new loans"), np.arange(1, 13), share, "bar")
    panel = Panel(
        ("各月新发放贷款占全年比例", "New loans by month"), ("月", "month"), ("%", "% of the year"), (series,)
    )
    return Result(figures, (panel,))


CHECK = Check("seasonality", "季节性", "Seasons of new lending", ("loan", "loan_balance", "month"), _compute)
