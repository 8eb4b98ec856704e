"""A bank's growth from next to nothing is capped and says so, and from nothing there is none; the city's stays."""

from __future__ import annotations

import duckdb
import pytest

from sfbench.metrics import evaluate, records

BANK, MONTH, BASE = 11, "2026-01-31", "2025-01-31"
CAP = 300.0  # percent, of growth from less than CNY 10 million


def growth(connection: duckdb.DuckDBPyConnection, base: str) -> dict[str, tuple[float | None, str | None]]:
    """Value and reason by group, in the PBOC scope, if the bank had `base` yuan of such loans a year before."""
    is_base = f"institution_id = {BANK} AND month = DATE '{BASE}' AND current"
    connection.execute("ALTER VIEW bank_month RENAME TO before")
    connection.execute(
        "CREATE VIEW bank_month AS SELECT * REPLACE "
        f"(CASE WHEN {is_base} THEN {base} ELSE manufacturing_loans END AS manufacturing_loans) FROM before"
    )
    rows = records(evaluate(connection, scale=1.0, metrics=["manufacturing_loan_growth"]))
    return {
        row["cut_value"]: (row["value"], row["reason"])
        for row in rows
        if row["period"] == MONTH and row["component"] == "growth"
    }


def end_of(connection: duckdb.DuckDBPyConnection) -> float:
    asked = f"""SELECT manufacturing_loans FROM bank_month WHERE institution_id = {BANK}
        AND month = DATE '{MONTH}' AND current AND reporting_scope = 'PBOC'"""
    return float(connection.execute(asked).fetchall()[0][0])


@pytest.mark.parametrize(
    ("base", "reason", "capped"),
    [("10000000.00", None, False), ("9999999.99", "small base", True), ("0", "zero base", False)],
)
def test_a_small_base_of_one_bank_caps_and_flags_its_growth_alone(
    acceptance: duckdb.DuckDBPyConnection, base: str, reason: str | None, capped: bool
) -> None:
    end = end_of(acceptance)
    found = growth(acceptance, base)
    plain = 100 * (end / float(base) - 1) if float(base) else None
    assert end > 5e7  # more than the cap, where there is one
    assert found.pop(str(BANK)) == (CAP if capped else plain and pytest.approx(plain, rel=1e-9), reason)
    assert {why for _, why in found.values()} == {None} and "total" in found
