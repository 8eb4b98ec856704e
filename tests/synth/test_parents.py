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
