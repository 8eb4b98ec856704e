"""Heavy tails: revenue, staff, balances and patents have many small values and a few very large ones."""

from __future__ import annotations

import duckdb
import numpy as np

from sfbench.realism.check import Check, Measured, Panel, Result, Series, columns
from sfbench.realism.statistics import hill, log_sd, survivor

_TAGGED = """
    SELECT DISTINCT enterprise_id FROM enterprise_tag, (SELECT max(period_end) AS day FROM enterprise_year)
    WHERE in_scope AND day BETWEEN valid_from AND valid_to"""
_FIRMS = f"""
    SELECT revenue::DOUBLE AS revenue, staff::DOUBLE AS staff, valid_inventions::DOUBLE AS patents,
           enterprise_id IN ({_TAGGED}) AS tagged
    FROM enterprise_year WHERE year = (SELECT max(year) FROM enterprise_year)"""
_BORROWERS = """
    SELECT sum(balance_rmb)::DOUBLE AS balance FROM loan_balance JOIN loan USING (loan_id)
    WHERE month = (SELECT max(month) FROM loan_balance) GROUP BY enterprise_id"""


def _compute(connection: duckdb.DuckDBPyConnection) -> Result:
    firms, balance = columns(connection, _FIRMS), columns(connection, _BORROWERS)["balance"]
    tagged = firms["tagged"].astype(bool)
    revenue, staff = firms["revenue"][tagged], firms["staff"][tagged]
    earning = revenue[revenue > 0]
    figures = {
        "revenue_hill": Measured(*hill(firms["revenue"], 0.05)),
        "revenue_log_sd": Measured(*log_sd(revenue)),
        "revenue_median": Measured(float(np.median(earning)) / 1e6 if len(earning) else None, len(earning)),
        "staff_log_sd": Measured(*log_sd(staff)),
        "balance_hill": Measured(*hill(balance, 0.05)),
        "balance_log_sd": Measured(*log_sd(balance)),
        "patent_hill": Measured(*hill(firms["patents"], 0.10)),
    }
    share = ("不低于该值的占比", "share at or above")
    drawn = (
        (("营业收入", "Revenue"), ("元", "CNY"), firms["revenue"]),
        (("借款人贷款余额", "Balance by borrower"), ("元", "CNY"), balance),
        (("有效发明专利", "Valid invention patents"), ("件", "patents"), firms["patents"]),
    )
    panels = [
        Panel(title, unit, share, (Series(title, *survivor(values), "line"),), log_x=True, log_y=True)
        for title, unit, values in drawn
    ]
    return Result(figures, tuple(panels))


CHECK = Check(
    "tails",
    "厚尾分布",
    "Heavy tails",
    ("enterprise_year", "enterprise_tag", "loan", "loan_balance"),
    _compute,
)
