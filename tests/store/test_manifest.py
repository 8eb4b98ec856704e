"""The manifest is read as it was written, or refused."""

import json

import pytest

from sfbench.errors import SfbenchError
from sfbench.store import manifest
from sfbench.store.arrow import batch
from sfbench.store.manifest import TableEntry
from sfbench.store.write import TableWriter


def test_a_manifest_reads_as_it_was_written(build, tmp_path):
    folder = build(tmp_path / "out")
    found = manifest.read(folder)
    before = (folder / manifest.NAME).read_bytes()
    found.write(folder)
    assert (folder / manifest.NAME).read_bytes() == before
    assert found.intact and found.scenario["name"] == "基线" and "合成数据" in before.decode()
    assert found.tables["note"].rows == 20


def test_the_fingerprint_is_that_of_the_data_and_not_of_the_files(build, tmp_path, notes, raw):
    two = manifest.read(build(tmp_path / "two"))
    writer = TableWriter(tmp_path / "one", notes, 0)
    for start in (1, 6, 11, 16):
        writer.write(batch(notes, raw(start)))
    assert manifest.fingerprint({"note": TableEntry.of([writer.close()])}) == two.fingerprint
    assert manifest.read(build(tmp_path / "other", shift=1)).fingerprint != two.fingerprint


def test_a_manifest_is_understood_once_and_again_once_it_changed(build, tmp_path):
    folder = build(tmp_path / "out")
    first = manifest.read(folder)
    assert manifest.read(folder) is first
    text = (folder / manifest.NAME).read_text(encoding="utf-8")
    (folder / manifest.NAME).write_text(text.replace('"seed": ', '"seed": 1'), encoding="utf-8")
    with pytest.raises(SfbenchError, match="edited"):
        manifest.read(folder)
    assert not manifest.read(folder, checked=False).intact


def test_a_missing_manifest_is_named(tmp_path):
    with pytest.raises(SfbenchError, match=r"manifest.json is missing"):
        manifest.read(tmp_path)


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"format": 1}', '{"format": 1, "sfbench": "0"}'])
def test_what_is_no_manifest_is_refused(tmp_path, text):
    (tmp_path / manifest.NAME).write_text(text)
    with pytest.raises(SfbenchError):
        manifest.read(tmp_path)


@pytest.mark.parametrize("key", ["seed", "scale", "from", "fingerprint", "synthetic", "tables", "new"])
def test_an_edit_is_noticed(build, tmp_path, key):
    path = build(tmp_path / "out") / manifest.NAME
    record = json.loads(path.read_text())
    record[key] = {} if key == "tables" else 7
    path.write_text(json.dumps(record))
    with pytest.raises(SfbenchError, match="edited"):
        manifest.read(path.parent)
    assert not manifest.read(path.parent, checked=False).intact


def test_a_newer_format_is_refused_with_advice(build, tmp_path):
    path = build(tmp_path / "out") / manifest.NAME
    path.write_text(path.read_text().replace('"format": 3', '"format": 4'))
    with pytest.raises(SfbenchError, match="upgrade sfbench"):
        manifest.read(path.parent)
