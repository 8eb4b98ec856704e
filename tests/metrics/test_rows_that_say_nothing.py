"""A component has no rows under a cut in which it cannot have a value: they would call a base zero that is none."""

from __future__ import annotations

from pathlib import Path

from acceptance.metrics.dataset import write_group

from metrics.views import open_views
from sfbench.metrics import evaluate, records


def test_the_gap_between_the_channels_has_rows_in_total_and_by_bank_and_none_by_channel(tmp_path: Path) -> None:
    rows = records(evaluate(open_views(write_group(tmp_path, "banks")), scale=1.0, metrics=["approval_days"]))
    assert {row["cut"] for row in rows if row["component"] == "green_gap"} == {"total", "bank"}
    assert {row["cut"] for row in rows if row["component"] == "median_days"} == {"total", "bank", "channel"}
