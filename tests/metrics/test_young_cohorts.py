"""A relay rate is an estimate, and says so, until sixty months have passed for every firm of its cohort."""

from __future__ import annotations

from pathlib import Path

import pytest
from acceptance.metrics.dataset import write_group

from metrics.views import open_views
from sfbench.metrics import evaluate, records

ESTIMATED = "estimated: cohort younger than 60 months"


@pytest.mark.parametrize(("last_month", "reason"), [("2025-11-30", ESTIMATED), ("2025-12-31", None)])
def test_the_cohort_of_2020_is_whole_at_the_end_of_2025(last_month: str, reason: str | None, tmp_path: Path) -> None:
    connection = open_views(write_group(tmp_path, "equity"))
    connection.execute("ALTER VIEW month RENAME TO every_month")
    connection.execute(f"CREATE VIEW month AS FROM every_month WHERE month <= DATE '{last_month}'")
    rows = records(evaluate(connection, scale=1.0, metrics=["relay_rate"]))
    said = {row["component"]: row["reason"] for row in rows if row["period"] == "2020-12-31"}
    assert said["rate"] == reason
    assert said["passed"] is said["cohort"] is said["rate_so_far"] is None  # counted, not estimated
