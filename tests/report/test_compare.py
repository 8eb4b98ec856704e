"""Two datasets side by side: the same metric at the same month, B less A."""

from __future__ import annotations

import json

import polars as pl
import pytest

import sfbench
from sfbench.cli.app import app
from sfbench.errors import SfbenchError
from sfbench.report import read_figures
from sfbench.report.compare import pairs


@pytest.fixture(scope="module")
def other(tmp_path_factory):
    import pyarrow.parquet as pq

    folder = tmp_path_factory.mktemp("other")
    sfbench.generate("baseline", scale="tiny", seed=4, out=folder / "city")
    pq.write_table(sfbench.evaluate(folder / "city"), folder / "figures.parquet")
    return folder / "figures.parquet"


def test_pairs_are_the_latest_month_that_both_have_by_an_independent_join(figures, other):
    a, b = (
        pl.read_parquet(path).filter((pl.col("cut") == "total") & pl.col("value_city").is_not_null())
        for path in (figures, other)
    )
    key = ["metric", "component", "period"]
    joined = a.join(b.select(*key, pl.col("value_city").alias("b")), on=key).sort("period")
    wanted = joined.group_by("metric", "component").last()
    found = {(pair.metric, pair.component): pair for pair in pairs(read_figures(figures), read_figures(other))}
    assert len(found) == len(wanted) > 400
    for row in wanted.iter_rows(named=True):
        pair = found[row["metric"], row["component"]]
        assert (pair.period, pair.a, pair.b) == (row["period"], row["value_city"], row["b"])


def test_a_dataset_beside_itself_differs_nowhere(figures):
    table = read_figures(figures)
    assert {pair.difference for pair in pairs(table, table)} == {0.0}


def test_a_month_may_be_given(figures, other):
    import datetime

    until = datetime.date(2024, 12, 31)
    found = pairs(read_figures(figures), read_figures(other), until)
    assert max(pair.period for pair in found) == until


def test_datasets_without_a_common_figure_are_refused(figures):
    table = read_figures(figures)
    with pytest.raises(SfbenchError, match="no figure of the same metric"):
        pairs(table, table.slice(0, 0))


def test_the_verb_prints_json_and_writes_a_page(figures, other, tmp_path):
    from typer.testing import CliRunner

    out = tmp_path / "sides.html"
    result = CliRunner().invoke(app, ["compare", str(figures), str(other), "--json", "--out", str(out)])
    assert result.exit_code == 0, result.output
    record = json.loads(result.stdout)
    assert {"metric", "component", "a", "b", "difference", "percent"} <= set(record[0])
    source = out.read_text(encoding="utf-8")
    assert source.count('class="chart"') == len({one["metric"] for one in record})
