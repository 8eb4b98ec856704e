"""First digits follow Benford's law where nobody chooses them: revenue, assets, what a borrower owes, payments."""

from __future__ import annotations

import duckdb
import numpy as np

from sfbench.realism.check import Check, Measured, Panel, Result, Series, Words, columns
from sfbench.realism.statistics import BENFORD, benford_distance, first_digits

_AMOUNTS: dict[str, tuple[Words, str]] = {
    "benford_revenue": (
        ("营业收入", "Revenue"),
        "SELECT (100 * revenue)::BIGINT AS cents FROM enterprise_year WHERE revenue > 0",
    ),
    "benford_assets": (
        ("资产总额", "Total assets"),
        "SELECT (100 * total_assets)::BIGINT AS cents FROM enterprise_year WHERE total_assets > 0",
    ),
    "benford_balance": (
        ("借款人贷款余额", "Balance by borrower"),
        """SELECT (100 * sum(balance_rmb))::BIGINT AS cents FROM loan_balance JOIN loan USING (loan_id)
           WHERE month = (SELECT max(month) FROM loan_balance) GROUP BY enterprise_id""",
    ),
    "benford_payment": (
        ("账户付款", "Payments out of accounts"),
        "SELECT (100 * amount)::BIGINT AS cents FROM account_flow",
    ),
}


def _compute(connection: duckdb.DuckDBPyConnection) -> Result:
    figures, panels = {}, []
    law = Series(("本福特定律", "Benford's law"), np.arange(1, 10), 100 * BENFORD, "points")
    for key, (title, sql) in _AMOUNTS.items():
        cents = columns(connection, sql)["cents"].astype(np.int64)
        shares = first_digits(cents)
        figures[key] = Measured(benford_distance(shares) if len(cents) else None, len(cents))
        found = Series(("数据", "data"), np.arange(1, 10), 100 * shares, "bar")
        panels.append(Panel(title, ("首位数字", "first digit"), ("占比(%)", "% of amounts"), (found, law)))
    return Result(figures, tuple(panels))


CHECK = Check(
    "benford",
    "首位数字",
    "First digits",
    ("enterprise_year", "loan", "loan_balance", "account_flow"),
    _compute,
)
