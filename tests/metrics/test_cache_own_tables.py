"""A cache of a user's own tables, in which dates lack or are empty: no figure is kept that has become another."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from metrics.kept import day, evaluated
from sfbench.metrics import evaluate_folder

TABLES = ("month", "loan", "loan_balance", "enterprise", "enterprise_tag", "credit_application", "institution")
METRICS = ["tech_loan_balance", "tech_enterprise_borrowers", "online_credit_share"]


@pytest.fixture
def own(world: Path, tmp_path: Path) -> Path:
    """One file a table, without a manifest."""
    for name in TABLES:
        (tmp_path / "own" / name).mkdir(parents=True)
        pq.write_table(pq.read_table(world / "data" / name), tmp_path / "own" / name / "all.parquet")
    return tmp_path / "own"


@pytest.mark.parametrize("lost", ["credit_application.decided_on", "enterprise_tag.valid_from"])
def test_a_date_that_lacks_stops_no_cache(own: Path, tmp_path: Path, lost: str) -> None:
    """The second evaluation ended as an internal error: which rows came was asked of a column that is not there."""
    table, column = lost.split(".")
    path = own / table / "all.parquet"
    pq.write_table(pq.read_table(path).drop_columns(column), path)
    for known in ("2024-11-30", "2024-12-31", None):
        evaluated(own, known, METRICS, tmp_path / "cache")


@pytest.mark.parametrize("emptied", ["enterprise_tag.published_on", "loan.granted_on"])
def test_a_row_of_which_nobody_knows_since_when_comes_where_no_day_is_asked_for(
    own: Path, tmp_path: Path, emptied: str
) -> None:
    """It is known on no day: the figures of a day were kept for all rows."""
    table, column = emptied.split(".")
    path = own / table / "all.parquet"
    rows = pq.read_table(path)
    every_fifth = pa.array([number % 5 == 0 for number in range(rows.num_rows)])
    kind = rows.schema.field(column).type
    dates = pc.if_else(every_fifth, pa.nulls(rows.num_rows, kind), rows[column].combine_chunks())
    pq.write_table(rows.set_column(rows.schema.get_field_index(column), pa.field(column, kind), dates), path)
    cut = evaluated(own, "2025-12-31", METRICS, tmp_path / "cache")
    whole = evaluated(own, None, METRICS, tmp_path / "cache")
    again = evaluated(own, "2025-12-31", METRICS, tmp_path / "cache")
    until = [table.filter(pc.less_equal(table["period"], day("2025-06-30"))) for table in (cut, whole, again)]
    assert not until[0].equals(until[1]) and until[0].equals(until[2])


def test_a_folder_without_a_calendar_is_told_so_with_a_cache_too(own: Path, tmp_path: Path) -> None:
    (own / "month" / "all.parquet").unlink()
    for _ in range(2):
        found = evaluate_folder(own, metrics=METRICS, cache=tmp_path / "cache").table
        assert found["reason"].to_pylist() == ["needs month"] * len(METRICS)
