"""The parent of a user's own table is the first reference that every row has, whether the metadata say so or not."""

import json

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from sfbench import synth
from sfbench.cli.app import app
from sfbench.errors import SfbenchError
from sfbench.synth import source

FIRMS, NOTES = 60, 180
OWNERS = [at % FIRMS for at in range(NOTES)]


def note(*references):
    """A table that refers to others; no column of it is said to be never null."""
    columns = {f"{to}_id": {"kind": "key", "references": f"{to}.{to}_id"} for to in references}
    return {"key": ["note_id"], "columns": {"note_id": {"kind": "key"}, **columns, "amount": {"kind": "number"}}}


def thing(name):
    return {"key": [f"{name}_id"], "columns": {f"{name}_id": {"kind": "key"}, "size": {"kind": "count"}}}


@pytest.fixture
def folder(tmp_path):
    """Firms, banks and notes, with the references of these; gives (folder, file of metadata)."""

    def write(notes, **references):
        metadata = {"firm": thing("firm"), "bank": thing("bank"), "note": notes}
        (tmp_path / "own").mkdir(exist_ok=True)
        for name in ("firm", "bank"):
            table = {f"{name}_id": range(FIRMS), "size": [at % 3 for at in range(FIRMS)]}
            pq.write_table(pa.table(table), tmp_path / "own" / f"{name}.parquet")
        amounts = np.random.default_rng(1).integers(0, 9, NOTES).astype(float)
        table = {"note_id": range(NOTES), **references, "amount": amounts}
        pq.write_table(pa.table(table), tmp_path / "own" / "note.parquet")
        (tmp_path / "metadata.json").write_text(json.dumps(metadata), encoding="utf-8")
        return tmp_path / "own", tmp_path / "metadata.json"

    return write


def learned(folder, metadata):
    return source.read(folder, own=synth.read_metadata(metadata))


def test_a_reference_without_a_null_is_the_parent(folder, tmp_path):
    own, metadata = folder(note("firm"), firm_id=OWNERS)
    assert learned(own, metadata).learned["note"].parent == "firm"
    model = synth.fit(own, own=synth.read_metadata(metadata))
    assert sorted(model.rows) == ["bank", "firm"]
    synth.save(model, tmp_path / "model.zip")
    made = synth.load(tmp_path / "model.zip").sample(3)
    assert set(made["note"]["firm_id"].to_pylist()) <= set(made["firm"]["firm_id"].to_pylist())


def test_of_two_the_first_that_every_row_has_is(folder):
    own, metadata = folder(note("bank", "firm"), bank_id=OWNERS, firm_id=OWNERS)
    assert learned(own, metadata).learned["note"].parent == "bank"
    own, metadata = folder(note("bank", "firm"), bank_id=[None, *OWNERS[1:]], firm_id=OWNERS)
    assert learned(own, metadata).learned["note"].parent == "firm"


def test_one_that_is_said_to_be_in_every_row_comes_first(folder):
    notes = note("bank", "firm")
    notes["columns"]["firm_id"]["nullable"] = False
    own, metadata = folder(notes, bank_id=OWNERS, firm_id=OWNERS)
    assert learned(own, metadata).learned["note"].parent == "firm"


def test_one_with_nulls_is_no_parent_and_fit_says_so(folder, tmp_path):
    own, metadata = folder(note("firm"), firm_id=[None, *OWNERS[1:]])
    assert learned(own, metadata).learned["note"].parent == ""
    wish = ["synth", "fit", str(own), "--metadata", str(metadata), "--out", str(tmp_path / "model.zip")]
    said = CliRunner().invoke(app, wish).output
    assert "note has no parent: note.firm_id is null in some rows" in " ".join(said.split())
    record = json.loads(CliRunner().invoke(app, [*wish, "--force", "--json"]).output)
    assert record["without_parent"] == {"note": "firm_id"}


def test_a_reference_that_closes_a_circle_is_no_parent(folder):
    own, metadata = folder(note("firm"), firm_id=OWNERS)
    declared = json.loads(metadata.read_text())
    declared["firm"]["columns"]["size"] = {"kind": "key", "references": "note.note_id"}  # the largest note of each
    declared["note"]["columns"]["firm_id"]["nullable"] = False
    metadata.write_text(json.dumps(declared))
    found = source.read(own, ["firm", "note"], synth.read_metadata(metadata)).specs
    assert found["firm"].column("size").nullable


def test_a_copy_is_read_with_the_parents_of_the_original(folder):
    own, metadata = folder(note("firm"), firm_id=OWNERS)
    declared = learned(own, metadata).specs
    folder(note("firm"), firm_id=[None, *OWNERS[1:]])
    with pytest.raises(SfbenchError, match="a parent is missing"):
        source.read(own, own=declared)


def test_a_reference_that_some_rows_have_leads_to_a_table_that_comes_later_in_the_alphabet(tmp_path):
    """All were null: the copy of that table was not made yet."""
    own = tmp_path / "own"
    own.mkdir()
    pq.write_table(pa.table({"z_id": range(FIRMS), "size": [at % 3 for at in range(FIRMS)]}), own / "z.parquet")
    owners = [None if at % 4 == 0 else at % FIRMS for at in range(NOTES)]
    columns = {"a_id": range(NOTES), "z_id": owners, "amount": [at % 9 for at in range(NOTES)]}
    pq.write_table(pa.table(columns), own / "a.parquet")
    key = {"kind": "key"}
    a = {"a_id": key, "z_id": key | {"references": "z.z_id"}, "amount": {"kind": "count"}}
    (tmp_path / "metadata.json").write_text(json.dumps({"a": {"key": ["a_id"], "columns": a}, "z": thing("z")}))
    made = synth.fit(own, own=synth.read_metadata(tmp_path / "metadata.json")).sample(3)
    assert made["a"]["z_id"].null_count == NOTES // 4
    assert set(made["a"]["z_id"].drop_null().to_pylist()) <= set(made["z"]["z_id"].to_pylist())


@pytest.mark.parametrize("named", [None, ["note"], ["note", "bank"]], ids=str)
def test_a_register_goes_into_the_copy_as_it_stands(folder, named):
    """Unless tables were named it was learned: rows of its own, and references to none of them."""
    own, metadata = folder(note("bank"), bank_id=[at % 5 for at in range(NOTES)])
    said = json.loads(metadata.read_text())
    said["bank"]["register"] = True
    metadata.write_text(json.dumps(said))
    model = synth.fit(own, tables=named, own=synth.read_metadata(metadata))
    made = model.sample(3)
    assert list(model.registers) == ["bank"] and "bank" not in model.rows
    assert made["bank"]["bank_id"].to_pylist() == list(range(FIRMS))
    assert set(made["note"]["bank_id"].to_pylist()) <= set(range(FIRMS))


def test_registers_alone_are_nothing_to_learn(folder):
    own, metadata = folder(note("bank"), bank_id=OWNERS)
    said = json.loads(metadata.read_text())
    said["bank"]["register"] = True
    metadata.write_text(json.dumps(said))
    with pytest.raises(SfbenchError, match="all of them are registers"):
        synth.fit(own, tables=["bank"], own=synth.read_metadata(metadata))
