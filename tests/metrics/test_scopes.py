"""In which scope a figure is: that of the reports it sums, of several the newest; a bank's figure is in its own."""

from __future__ import annotations

import duckdb
import pytest

from sfbench.metrics import evaluate, records

# The only state-owned bank, whose report of this month is still in the scope of 2024; all others are in that of 2025.
LATE, MONTH = 5, "2025-09-30"


@pytest.fixture
def late(acceptance: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """The clean set, with that report."""
    is_late = f"institution_id = {LATE} AND month = DATE '{MONTH}' AND current"
    acceptance.execute("ALTER VIEW bank_month RENAME TO punctual")
    acceptance.execute(
        "CREATE VIEW bank_month AS SELECT * REPLACE "
        f"(CASE WHEN {is_late} THEN '2024' ELSE scope_version END AS scope_version) FROM punctual"
    )
    return acceptance


def scopes(
    connection: duckdb.DuckDBPyConnection, metric: str, components: tuple[str, ...]
) -> dict[tuple[str, str], set[str | None]]:
    """The scopes of the figures of that month, by cut and its value."""
    found: dict[tuple[str, str], set[str | None]] = {}
    for row in records(evaluate(connection, scale=1.0, metrics=[metric])):
        if row["period"] == MONTH and row["component"] in components:
            found.setdefault((row["cut"], row["cut_value"]), set()).add(row["scope_version"])
    return found


@pytest.mark.parametrize(
    ("metric", "components"),
    [
        ("all_loan_balance", ("all", "enterprise", "household", "overseas", "non_bank")),
        ("inclusive_loan_balance", ("balance",)),
        ("manufacturing_loan_growth", ("balance", "balance_nfra")),
        ("manufacturing_long_term_share", ("share", "share_nfra", "long_term_balance")),
        ("report_reconciliation_gap", ("enterprise_gap", "enterprise_gap_share")),
    ],
)
def test_a_banks_figure_is_in_the_scope_of_its_report_and_a_sum_in_the_newest(
    late: duckdb.DuckDBPyConnection, metric: str, components: tuple[str, ...]
) -> None:
    found = scopes(late, metric, components)
    banks = {value: scope for (cut, value), scope in found.items() if cut == "bank"}
    assert banks.pop(str(LATE)) == {"2024"} and len(banks) > 3
    assert set().union(*banks.values()) == {"2025"}
    assert set().union(*(scope for (cut, _), scope in found.items() if cut != "bank")) == {"2025"}


def test_the_reported_share_of_a_type_of_bank_is_in_the_scope_of_its_reports(late: duckdb.DuckDBPyConnection) -> None:
    found = scopes(late, "tech_loan_share_by_bank_type", ("share_reported",))
    assert found.pop(("bank_type", "state_owned")) == {"2024"} and len(found) > 3
    assert set().union(*found.values()) == {"2025"}
