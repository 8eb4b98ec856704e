"""`sfbench evaluate` on a user's own folder: what is missing or wrong stops only the metrics that need it."""

import json
import shutil

import pyarrow as pa
import pyarrow.parquet as pq
import pytest


@pytest.fixture
def own(tiny, tmp_path):
    """The tables of the tiny dataset as a user would have them: no manifest, one file a table."""
    folder = tmp_path / "own"
    folder.mkdir()
    for table in ("month", "loan", "loan_balance", "loan_flow", "enterprise", "institution", "bank_month"):
        pq.write_table(pq.read_table(tiny / "data" / table), folder / f"{table}.parquet")
    return folder


METRICS = ("--metric", "new_loan_rate,green_loan_balance,tech_loan_balance")


def figures(result):
    assert result.exit_code == 0, result.output
    rows = json.loads(result.stdout)
    return {name: [r for r in rows if r["metric"] == name] for name in {row["metric"] for row in rows}}


def replaced(own, table, column, values):
    found = pq.read_table(own / f"{table}.parquet")
    place = found.schema.get_field_index(column)
    pq.write_table(found.set_column(place, column, values(found[column])), own / f"{table}.parquet")


def test_own_tables_give_the_figures_of_the_dataset_that_they_come_from(own, tiny, run):
    ours = figures(run("evaluate", tiny, *METRICS, "--json"))
    theirs = figures(run("evaluate", own, *METRICS, "--json"))
    keys = ("period", "cut", "cut_value", "component")
    # Their city is what they hold, so city values are the values.
    assert {name: [(*map(row.get, keys), row["value"]) for row in rows] for name, rows in ours.items()} == {
        name: [(*map(row.get, keys), row["value_city"]) for row in rows] for name, rows in theirs.items()
    }


def test_a_missing_table_is_named_and_the_rest_goes_on(own, run):
    (own / "loan_flow.parquet").unlink()
    result = run("evaluate", own, *METRICS, "--json")
    found = figures(result)
    assert [row["reason"] for row in found["new_loan_rate"]] == ["needs loan_flow"]
    assert all(row["value"] is not None for row in found["green_loan_balance"])
    assert "1 metric is not computable:\n  needs loan_flow: new_loan_rate" in result.stderr


def test_a_column_of_a_wrong_type_is_named_with_its_type(own, run):
    replaced(own, "loan", "grant_rate", lambda column: column.cast(pa.string()))
    found = figures(run("evaluate", own, *METRICS, "--json"))
    assert [row["reason"] for row in found["new_loan_rate"]] == ["needs loan.grant_rate (string, not DECIMAL(10,5))"]
    assert all(row["value"] is not None for row in found["tech_loan_balance"])


def test_values_that_do_not_convert_give_a_row_with_the_reason(own, run):
    replaced(own, "loan_flow", "amount_rmb", lambda column: pa.array([1e30] * len(column)))
    found = figures(run("evaluate", own, *METRICS, "--json"))
    assert [row["computable"] for row in found["new_loan_rate"]] == [False]
    assert found["new_loan_rate"][0]["reason"].startswith("cannot be computed from these tables: Conversion Error")


def test_a_damaged_file_takes_only_the_metrics_of_its_table(own, run):
    path = own / "loan_flow.parquet"
    path.write_bytes(path.read_bytes()[:-30])
    found = figures(run("evaluate", own, *METRICS, "--json"))
    assert "needs loan_flow (loan_flow.parquet cannot be read as Parquet" in found["new_loan_rate"][0]["reason"]


def test_rows_that_come_twice_are_told_where_they_double_a_figure(own, run):
    months = pq.read_table(own / "month.parquet")
    pq.write_table(pa.concat_tables([months, months]), own / "month.parquet")
    found = figures(run("evaluate", own, "--metric", "manufacturing_loan_growth", "--json"))
    (row,) = found["manufacturing_loan_growth"]
    assert row["reason"].startswith("cannot be computed from these tables: a figure comes twice: growth_notes, ")


def test_a_dataset_of_ours_that_lost_a_file_is_refused(copy, refused):
    shutil.rmtree(copy / "data" / "loan_flow")
    refused("evaluate", copy, says=["the file cannot be read as Parquet", "sfbench verify"])


def test_a_users_own_broken_metric_stays_an_error(own, refused, run, tmp_path):
    assert run("new", "metric", "mine", "--content", tmp_path / "c").exit_code == 0
    path = tmp_path / "c" / "metrics" / "mine.sql"
    path.write_text(path.read_text(encoding="utf-8").replace("COUNT(*)", "COUNTT(*)"), encoding="utf-8")
    refused("evaluate", own, "--content", tmp_path / "c", "--metric", "mine", says=["mine.sql", "the query of metric"])


def test_the_table_on_the_terminal_ends_with_what_is_missing(own, run):
    (own / "loan_flow.parquet").unlink()
    result = run("evaluate", own, *METRICS, "--lang", "zh")
    assert result.exit_code == 0
    assert "1个指标无法计算：\n  缺少 loan_flow: new_loan_rate" in result.stderr


@pytest.mark.parametrize("suffix", ["xlsx", "md"])
def test_reports_to_read_are_written_in_the_language_asked_for(tiny, run, tmp_path, suffix):
    out = tmp_path / f"figures.{suffix}"
    result = run("evaluate", tiny, "--measure", "0", "--out", out, "--lang", "zh")
    assert result.exit_code == 0 and out.stat().st_size > 1000
    if suffix == "md":
        text = out.read_text(encoding="utf-8")
        assert "# 行动方案指标" in text and "合成数据" in text and "科技贷款余额" in text


def test_names_stand_beside_ids_where_asked_for(tiny, run):
    result = run(
        "evaluate", tiny, "--metric", "tech_loan_balance", "--cut", "total", "--json", "--names", "--lang", "zh"
    )
    assert {row["metric_name"] for row in json.loads(result.stdout)} == {"科技贷款余额"}


def test_a_cache_gives_the_same_figures_and_a_folder_with_other_things_is_refused(tiny, run, refused, tmp_path):
    words = ("evaluate", tiny, *METRICS, "--json")
    whole = figures(run(*words, "--as-of", "2025-06-30"))
    figures(run(*words, "--as-of", "2025-05-31", "--cache", tmp_path / "cache"))
    assert figures(run(*words, "--as-of", "2025-06-30", "--cache", tmp_path / "cache")) == whole
    refused(*words, "--cache", tiny, says=["the folder holds no cache", "choose another --cache"])


def test_another_suffix_is_refused_before_anything_is_computed(refused):
    said = ["'.xls' is no format that is written here", "did you mean '.xlsx'"]
    refused("evaluate", "nowhere", "--out", "figures.xls", says=said)
