"""Undoing every label restores the clean table cell for cell, whatever was planted."""

import functools

import pytest

import sfbench
from sfbench.content import faults
from sfbench.errors import SfbenchError
from sfbench.store.undo import undo
from tests.reporting.planted import PLACES, entry, labels, scenario
from tests.world.shared import SEED, TINY


@functools.cache
def clean(folder, *tables):
    """The manifest of the world without faults."""
    return sfbench.generate(
        scale=TINY, seed=SEED, tables=tables or None, out=folder / "_".join(["clean", *tables])
    ).manifest


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    return functools.partial(clean, tmp_path_factory.mktemp("sound"))


def test_every_fault_has_a_place_in_these_tests():
    assert set(PLACES) == set(faults())


@pytest.mark.parametrize("mechanism", [1, 2])
@pytest.mark.parametrize("fault", sorted(PLACES))
def test_what_a_fault_did_is_taken_back(fault, mechanism, tmp_path, sound):
    table = PLACES[fault][0]
    mine = scenario(tmp_path, entry(fault, mechanism))
    made = sfbench.generate(mine, scale=TINY, seed=SEED, tables=[table], out=tmp_path / "out").manifest
    assert labels(tmp_path / "out").sql("SELECT count(*) FROM labels").fetchall()[0][0] > 0
    assert made.tables[table].columns != sound(table).tables[table].columns
    back = undo(tmp_path / "out", tmp_path / "back")
    assert back.tables[table].columns == sound(table).tables[table].columns
    assert back.fingerprint == sound(table).fingerprint
    assert sfbench.verify(tmp_path / "out") == sfbench.verify(tmp_path / "back") == []


@pytest.mark.parametrize("mechanism", [1, 2])
def test_all_faults_at_once_are_taken_back(mechanism, tmp_path, sound):
    mine = scenario(tmp_path, *(entry(fault, mechanism) for fault in PLACES))
    sfbench.generate(mine, scale=TINY, seed=SEED, out=tmp_path / "out")
    found = labels(tmp_path / "out").sql("SELECT DISTINCT fault FROM labels").fetchall()
    assert {fault for (fault,) in found} >= set(PLACES) - {"claim_before_default"}
    assert undo(tmp_path / "out", tmp_path / "back").fingerprint == sound().fingerprint


SOURCES = sorted(name for name, fault in faults().items() if "source" in fault.spec.at)


@pytest.mark.parametrize("mechanism", [1, 2])
@pytest.mark.parametrize("fault", SOURCES)
def test_a_fault_at_the_source_and_what_follows_from_it_are_taken_back(fault, mechanism, tmp_path, sound):
    tables = ("bank_month", PLACES[fault][0])
    mine = scenario(tmp_path, entry(fault, mechanism, at="source"))
    sfbench.generate(mine, scale=TINY, seed=SEED, tables=tables, out=tmp_path / "out")
    assert labels(tmp_path / "out").sql(f"SELECT count(*) FROM labels WHERE fault = '{fault}'").fetchall()[0][0] > 0
    assert undo(tmp_path / "out", tmp_path / "back").fingerprint == sound(*tables).fingerprint


def test_sums_follow_a_fault_at_the_source_and_not_one_of_the_report(tmp_path, sound):
    following = {}
    for at in ("source", "report"):
        mine = scenario(
            tmp_path / at, f"  - {{fault: rounding, table: loan_balance, columns: balance_rmb, rate: 0.1, at: {at}}}\n"
        )
        tables = ("bank_month", "loan_balance")
        made = sfbench.generate(mine, scale=TINY, seed=SEED, tables=tables, out=tmp_path / at / "out")
        following[at] = made.manifest.tables["bank_month"].columns != sound(*tables).tables["bank_month"].columns
        found = (
            labels(tmp_path / at / "out")
            .sql("SELECT count(*) FROM labels WHERE fault = 'consequence'")
            .fetchall()[0][0]
        )
        assert (found > 0) == (at == "source")
    assert following == {"source": True, "report": False}


def test_a_dataset_without_faults_has_no_labels(tmp_path):
    sfbench.generate(scale=TINY, seed=SEED, tables=["district"], out=tmp_path / "out")
    assert not (tmp_path / "out" / "truth" / "labels.parquet").exists()
    with pytest.raises(SfbenchError, match="the dataset has no labels"):
        undo(tmp_path / "out", tmp_path / "back")
