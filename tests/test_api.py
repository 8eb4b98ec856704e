"""What a caller in Python may write: one name for a list of one, days of any kind, and errors that are sfbench's."""

import datetime

import pandas as pd
import pytest

import sfbench
from sfbench.errors import SfbenchError

DAY = datetime.date(2024, 3, 31)


@pytest.fixture(scope="module")
def city(tmp_path_factory):
    folder = tmp_path_factory.mktemp("api") / "city"
    sfbench.generate(tables=["loan", "loan_balance", "month", "institution", "enterprise"], seed=7, out=folder)
    return folder


def test_one_table_may_be_named_without_a_list(city, tmp_path):
    assert list(sfbench.generate(tables="loan", seed=7)) == ["loan"]
    with sfbench.open(city, tables="loan") as connection:
        assert connection.sql("SELECT view_name FROM duckdb_views() WHERE NOT internal").fetchall() == [("loan",)]
    assert list(sfbench.export(city, "csv", tmp_path / "csv", tables="loan").rows) == ["loan"]
    found = sfbench.import_files(str(tmp_path / "csv" / "loan.synthetic.csv"), tmp_path / "own")
    assert found.problems == () and (tmp_path / "own" / "loan.parquet").is_file()


def test_so_may_one_metric_cut_measure_or_suite(city):
    one = sfbench.evaluate(city, metrics="tech_loan_balance", cuts="bank")
    assert one.equals(sfbench.evaluate(city, metrics=["tech_loan_balance"], cuts=["bank"])) and one.num_rows > 1
    assert sfbench.evaluate(city, measures=1).equals(sfbench.evaluate(city, measures=[1]))
    assert {finding.table for finding in sfbench.validate(city, suites="loan").findings} == {"loan"}


@pytest.mark.parametrize("folder", ["nowhere", "text"])
def test_and_one_folder_of_content(city, tmp_path, folder):
    wished = tmp_path / "nowhere" if folder == "nowhere" else str(tmp_path / "nowhere")
    with pytest.raises(SfbenchError, match="no such content folder") as told:
        sfbench.generate(tables=["loan"], content_dirs=wished)
    assert str(tmp_path / "nowhere") in str(told.value)


def test_a_day_may_have_an_hour(city):
    known = sfbench.generate(tables=["loan"], seed=7, as_of=DAY)["loan"]
    for day in (datetime.datetime(2024, 3, 31, 17, 5), pd.Timestamp("2024-03-31 17:05"), "2024-03-31"):
        assert sfbench.generate(tables=["loan"], seed=7, as_of=day)["loan"].equals(known)
        assert sfbench.open(city, as_of=day).sql("SELECT count(*) FROM loan").fetchall() == [(known.num_rows,)]


def test_what_is_no_day_is_told(city):
    for day in (20240331, "31.3.2024"):
        with pytest.raises(SfbenchError, match="is no date"):
            sfbench.open(city, as_of=day)
