"""Measure 14: the city's risk pool: days to compensation and share of the loss compensated."""

from __future__ import annotations

from decimal import Decimal

from .sharing_data import HUNDRED_MILLION, Data, Figures, Row, groups, quantile, share


def work_out(data: Data, found: Figures) -> None:
    claims = [
        {**row, **{name: data.notes[row["loan_id"]][name] for name in ("institution_id", "first_loan")}}
        for row in data.rows("risk_claim")
    ]
    for quarter in data.quarters:
        day = quarter.last
        for where, part in groups(claims, ("bank", "institution_id")):
            paid = [row for row in part if quarter.holds(row["paid_on"])]
            decided = [row for row in part if quarter.holds(row["decided_on"])]
            days = [(row["paid_on"] - row["filed_on"]).days for row in paid]
            deciding = [(row["decided_on"] - row["filed_on"]).days for row in decided]
            found.put("risk_pool_days", "median_days", day, where, quantile(days, 0.5))
            found.put("risk_pool_days", "p90_days", day, where, quantile(days, 0.9))
            found.put("risk_pool_days", "median_decision_days", day, where, quantile(deciding, 0.5))
            found.put("risk_pool_days", "payments", day, where, len(paid))
            metric, money = "risk_pool_cover", sum(row["paid"] for row in paid)
            filed = sum(row["npl_principal"] for row in part if quarter.holds(row["filed_on"]))
            found.put(metric, "cover", day, where, _cover(decided))
            found.put(metric, "cover_first", day, where, _cover([row for row in decided if row["first_loan"]]))
            found.put(metric, "cover_paid", day, where, share(money, sum(row["npl_principal"] for row in paid)))
            found.put(metric, "compensation", day, where, money / HUNDRED_MILLION)
            found.put(metric, "npl_filed", day, where, filed / HUNDRED_MILLION)


def _cover(decided: list[Row]) -> float | None:
    granted = sum((_compensation(row) for row in decided), Decimal(0))
    return share(granted, sum(row["npl_principal"] for row in decided))


def _compensation(row: Row) -> Decimal:
    """What the pool pays on a decided claim: nothing if refused, by the share where not yet paid."""
    if row["decision"] != "paid":
        return Decimal(0)
    paid: Decimal = row["paid"] if row["paid"] is not None else row["net_principal"] * row["share"] / 100
    return paid
