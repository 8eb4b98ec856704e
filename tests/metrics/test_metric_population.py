"""Who is counted: a firm that is no more holds nothing, a promise is no money, and who owes is not known without notes.

Each test edits the acceptance rows of a group and asks one metric at one period.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest
from acceptance.metrics.dataset import write_group

from metrics.views import open_views
from sfbench.metrics import evaluate, records

Edit = Mapping[str, Any]


def figures(folder: Path, group: str, metric: str, period: str, edits: Iterable[Edit] = ()) -> dict[str, float]:
    """The components on total of the group's rows with these edits."""
    rows = records(evaluate(open_views(write_group(folder, group, edits)), scale=1.0, metrics=[metric]))
    return {
        row["component"]: row["value"]
        for row in rows
        if row["cut"] == "total" and row["period"] is not None and str(row["period"]) == period
    }


def dissolved(firm: int, day: str) -> list[Edit]:
    """The firm is gone on that day."""
    return [
        {"op": "set", "table": "enterprise", "key": {"enterprise_id": firm}, "column": "dissolved_on", "value": day}
    ]


def test_the_facility_of_a_dissolved_firm_is_not_in_force(tmp_path: Path) -> None:
    before = figures(tmp_path / "a", "markets", "cross_border_quota_use", "2025-12-31")
    after = figures(tmp_path / "b", "markets", "cross_border_quota_use", "2025-12-31", dissolved(18, "2025-12-31"))
    assert before["firms"] - after["firms"] == 1
    assert round(before["quota"] - after["quota"], 9) == 0.1  # USD 10 million of facility 9003
    assert math.isclose(after["use"], 100 * after["debt"] / after["quota"])


def test_a_dissolved_firm_is_quoted_on_neeq_no_more(tmp_path: Path) -> None:
    before = figures(tmp_path / "a", "markets", "neeq_quotations", "2025-12-31")
    after = figures(tmp_path / "b", "markets", "neeq_quotations", "2025-12-31", dissolved(33, "2025-12-31"))
    assert before["stock"] - after["stock"] == 1
    assert after["quoted"] == before["quoted"]


def test_a_dissolved_firm_has_no_carbon_account(tmp_path: Path) -> None:
    before = figures(tmp_path / "a", "sharing", "carbon_account_coverage", "2025-12-31")
    after = figures(tmp_path / "b", "sharing", "carbon_account_coverage", "2025-12-31", dissolved(27, "2025-12-31"))
    assert before["accounts"] - after["accounts"] == 1


def test_a_guarantee_of_a_hetao_fund_is_no_investment(tmp_path: Path) -> None:
    before = figures(tmp_path / "a", "markets", "hetao_dual_currency_fund", "2025-12-31")
    guarantee = {"deal_id": 9099, "round_id": 9099, "investee_id": 21, "enterprise_id": 21, "investee_tech": True}
    guarantee |= {"instrument": "guarantee", "amount": "0.00", "exposure": "5000000.00", "stake": "0.00000"}
    edit = {"op": "add", "table": "deal", "like": {"deal_id": 9007}, "row": guarantee}
    after = figures(tmp_path / "b", "markets", "hetao_dual_currency_fund", "2025-12-31", [edit])
    assert after["tech_firms"] == before["tech_firms"] > 0


@pytest.mark.parametrize(
    ("metric", "component", "without_notes", "with_notes"),
    [
        ("access_rate", "rate", "2023-09-30", "2023-12-31"),
        ("access_rate", "rate_frozen", "2023-09-30", "2023-12-31"),
        ("stage_coverage", "coverage", "2022-12-31", "2023-12-31"),
    ],
)
def test_who_owes_is_not_known_at_a_quarter_end_without_notes(
    metric: str, component: str, without_notes: str, with_notes: str, tmp_path: Path
) -> None:
    longer_calendar = open_views(write_group(tmp_path, "markets"))  # it begins two years before the balances
    rows = records(evaluate(longer_calendar, scale=1.0, metrics=[metric]))
    series = {str(row["period"]): row for row in rows if (row["cut"], row["component"]) == ("total", component)}
    assert series[without_notes]["value"] is None
    assert series[with_notes]["value"] > 0
    assert series[with_notes]["status"] is None  # better than an unknown value is no target reached
