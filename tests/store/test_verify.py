"""Verify finds every change and names the file and the column."""

import decimal
import json

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from sfbench.errors import SfbenchError
from sfbench.store import manifest
from sfbench.store.verify import verify

PART = "data/note/part-00001.parquet"


@pytest.fixture
def folder(build, tmp_path):
    return build(tmp_path / "out")


def rewritten(path, change):
    pq.write_table(change(pq.read_table(path)), path, row_group_size=5)


def messages(folder):
    return {(f.file, f.column, f.message) for f in verify(folder)}


def test_an_untouched_dataset_has_no_findings(folder):
    assert verify(folder) == []


def test_a_changed_cell_names_its_column(folder):
    def add_a_cent(table):
        cents = pa.scalar(decimal.Decimal("0.01"), pa.decimal128(18, 2))
        return table.set_column(4, "balance", pc.add(table["balance"], cents).cast(pa.decimal128(18, 2)))

    rewritten(folder / PART, add_a_cent)
    found = [f for f in verify(folder) if f.column]
    assert [(f.severity, f.table, f.file, f.column, f.message) for f in found] == [
        ("critical", "note", PART, "balance", "the values differ")
    ]


def test_a_rewritten_file_with_the_same_values_is_a_warning(folder):
    rewritten(folder / PART, lambda table: table)
    assert {f.severity for f in verify(folder) if "SHA-256" in f.message} == {"warning"}
    assert not any(f.column for f in verify(folder))


def test_swapped_rows_are_found(folder):
    rewritten(folder / PART, lambda table: table.take(list(range(9, -1, -1))))
    assert (PART, "note_id", "the values differ") in messages(folder)


def test_a_missing_an_added_and_a_retyped_column_are_named(folder):
    def change(table):
        retyped = table.set_column(1, "days", table["days"].cast(pa.int32()))
        return retyped.drop_columns("rate").append_column("mine", table["days"])

    rewritten(folder / PART, change)
    found = {(f.column, f.message.split()[1]) for f in verify(folder) if f.column}
    assert found == {("rate", "column"), ("mine", "manifest"), ("days", "column")}


def test_missing_truncated_and_unlisted_files_are_named(folder):
    first = folder / "data/note/part-00000.parquet"
    first.unlink()
    (folder / PART).write_bytes((folder / PART).read_bytes()[:100])
    (folder / "data/note/part-00002.parquet").write_bytes(b"")
    found = verify(folder)
    assert {f.file for f in found} == {f"data/note/part-0000{i}.parquet" for i in range(3)}
    assert any("missing" in f.message for f in found) and any("not list" in f.message for f in found)
    assert any("cannot be read" in f.message for f in found)


def test_one_flipped_byte_is_found(folder):
    for at in range(4, (folder / PART).stat().st_size - 8, 97):
        whole = (folder / PART).read_bytes()
        (folder / PART).write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        assert verify(folder), f"byte {at}"
        (folder / PART).write_bytes(whole)


def test_an_edited_manifest_is_found(folder):
    path = folder / manifest.NAME
    record = json.loads(path.read_text())
    record["tables"]["note"]["rows"] += 1
    record["tables"]["note"]["columns"]["rate"] = "0" * 32
    path.write_text(json.dumps(record))
    found = verify(folder)
    wrong = {(manifest.NAME, ""), (manifest.NAME, "rate"), ("truth/manifest.json", "")}  # the truth knows the table
    assert {(f.file, f.column) for f in found} == wrong


def test_a_folder_without_manifest_is_refused(tmp_path):
    with pytest.raises(SfbenchError, match="missing"):
        verify(tmp_path)
