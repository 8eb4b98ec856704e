"""Copies by every method of SDV; skipped where SDV is not installed (BUSL-1.1), `make test-sdv` runs them."""

import duckdb
import pytest

from sfbench import synth
from sfbench.errors import SfbenchError

pytest.importorskip("sdv")
DEEP = {"rows": 300, "epochs": 1}
OPTIONS = {
    "sdv_gaussian_copula": {"rows": 800},
    "sdv_hma": {"firms": 40},
    "sdv_ctgan": DEEP,
    "sdv_tvae": DEEP,
    "sdv_copulagan": DEEP,
}


def test_every_method_of_sdv_is_tried_here():
    assert set(OPTIONS) == {name for name in synth.method_names() if name.startswith("sdv_")}


@pytest.fixture(scope="module", params=OPTIONS)
def model(confidential, request):
    return synth.fit(confidential, request.param, ["enterprise", "loan"], options=OPTIONS[request.param])


@pytest.fixture(scope="module")
def tables(model):
    return model.sample(1, 300)


def test_firms_are_as_many_as_asked_and_notes_belong_to_them(tables):
    assert tables["enterprise"].num_rows == 300
    owners = tables["loan"]["enterprise_id"].to_pylist()
    assert owners and set(owners) <= set(tables["enterprise"]["enterprise_id"].to_pylist())


def test_no_note_is_due_before_it_is_granted(tables):
    dates = zip(tables["loan"]["granted_on"].to_pylist(), tables["loan"]["due_on"].to_pylist(), strict=True)
    assert all(granted < due for granted, due in dates)


@pytest.mark.parametrize("column", ["enterprise_id", "uscc"])  # few enough names exist that two may agree by chance
def test_no_key_or_code_of_the_original_comes_back(tables, confidential, column):
    query = f"SELECT {column} FROM '{confidential}/data/enterprise/*.parquet'"
    own = {value for (value,) in duckdb.sql(query).fetchall()}
    assert not own & set(tables["enterprise"][column].to_pylist())


def test_a_model_file_gives_the_same_copy(model, tables, tmp_path):
    synth.save(model, tmp_path / "model.zip")
    again = synth.load(tmp_path / "model.zip").sample(1, 300)
    assert all(again[name].equals(table) for name, table in tables.items())


def test_another_seed_gives_another_copy(model, tables):
    assert not model.sample(2, 300)["enterprise"].equals(tables["enterprise"])


def test_the_metadata_that_sdv_is_given_hold_no_value_of_the_data(confidential):
    from sfbench.synth import source
    from sfbench.synth.methods import _sdv

    learned = source.read(confidential, ["enterprise", "loan"]).learned
    said = _sdv.metadata(learned, keys=True).to_dict()
    columns = [column for table in said["tables"].values() for column in table["columns"].values()]
    assert {key for column in columns for key in column} == {"sdtype"}


def test_hma_refuses_three_levels_of_tables_in_words(confidential):
    with pytest.raises(SfbenchError, match="HMA cannot learn"):
        synth.fit(confidential, "sdv_hma", ["enterprise", "loan", "loan_balance"])
