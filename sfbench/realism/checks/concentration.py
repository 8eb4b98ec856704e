"""A few firms hold most patents and owe most of the money."""

from __future__ import annotations

import duckdb
import numpy as np

from sfbench.realism.check import Check, Measured, Panel, Result, Series, Words, columns
from sfbench.realism.statistics import Floats, gini, top_share

_PATENTS = """
    SELECT valid_inventions::DOUBLE AS amount FROM enterprise_year
    WHERE year = (SELECT max(year) FROM enterprise_year) AND valid_inventions > 0"""
_DEBT = """
    SELECT sum(balance_rmb)::DOUBLE AS amount FROM loan_balance JOIN loan USING (loan_id)
    WHERE month = (SELECT max(month) FROM loan_balance) GROUP BY enterprise_id"""


def _compute(connection: duckdb.DuckDBPyConnection) -> Result:
    patents, debt = (columns(connection, sql)["amount"] for sql in (_PATENTS, _DEBT))
    figures = {
        "patent_top_1": Measured(_percent(top_share(patents, 0.01)), len(patents)),
        "patent_gini": Measured(gini(patents), len(patents)),
        "debt_top_1": Measured(_percent(top_share(debt, 0.01)), len(debt)),
        "debt_gini": Measured(gini(debt), len(debt)),
    }
    series = (_curve(("有效发明专利", "patents"), patents), _curve(("贷款余额", "loan balances"), debt))
    title = ("集中度曲线", "Concentration")
    panel = Panel(title, ("累计企业占比(%)", "% of holders, smallest first"), ("累计占比(%)", "% of the total"), series)
    return Result(figures, (panel,))


def _percent(share: float | None) -> float | None:
    return None if share is None else 100 * share


def _curve(name: Words, values: Floats) -> Series:
    """Lorenz curve at whole percents."""
    x = np.sort(values)
    running = np.concatenate(([0.0], np.cumsum(x))) / max(float(x.sum()), 1.0)
    at = (np.arange(101) * len(x)) // 100
    return Series(name, np.arange(101), 100 * running[at], "line")


CHECK = Check("concentration", "集中度", "Concentration", ("enterprise_year", "loan", "loan_balance"), _compute)
