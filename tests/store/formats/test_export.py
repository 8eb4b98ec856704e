"""An export is whole or not there, replaces only what sfbench wrote, and says what is wrong before it writes."""

import json

import pytest

from sfbench.errors import SfbenchError
from sfbench.store.export import export
from sfbench.store.formats import find, names


def test_every_format_has_names_in_both_languages():
    for name in names():
        assert find(name).zh and find(name).en
    assert len(names()) == 13


def test_a_folder_tells_what_it_is(exported):
    note = json.loads((exported("csv", encoding="utf-8-sig") / "export.json").read_text(encoding="utf-8"))
    assert note["synthetic"]["zh"] == "合成数据" and note["source"]["seed"] == 5 and note["tables"]["nasty"] == 20


@pytest.mark.parametrize("form", ["csv", "parquet", "dat", "iceberg"])
def test_what_a_user_put_beside_an_export_stays_when_it_is_replaced(city, tmp_path, form):
    """--force took the whole folder away, and said that sfbench replaces only what it wrote."""
    export(city, form, tmp_path / "x", tables=["loan", "institution"])
    (tmp_path / "x" / "notes").mkdir()
    (tmp_path / "x" / "notes" / "mine.txt").write_text("mine")
    for _ in range(2):
        export(city, form, tmp_path / "x", force=True, tables=["loan"])
        assert (tmp_path / "x" / "notes" / "mine.txt").read_text() == "mine"
    left = {path.relative_to(tmp_path / "x").as_posix() for path in (tmp_path / "x").rglob("*") if path.is_file()}
    assert not any("institution" in name for name in left)  # of the run before nothing is left
    listed = json.loads((tmp_path / "x" / "export.json").read_text(encoding="utf-8"))["files"]
    assert {*listed, "export.json", "notes/mine.txt"} == left


@pytest.mark.parametrize(("form", "name"), [("csv", "x"), ("sqlite", "x.sqlite"), ("iceberg", "x")])
def test_what_fails_leaves_what_was_there(city, declared, tmp_path, monkeypatch, form, name):
    wishes = {"tables": ["nasty"], "declared": declared}
    export(city, form, tmp_path / name, **wishes)
    before = sorted(p.relative_to(tmp_path) for p in tmp_path.rglob("*"))
    with pytest.raises(SfbenchError, match="--force"):
        export(city, form, tmp_path / name, **wishes)

    def full(*_):
        raise OSError("no space left on device")

    monkeypatch.setattr("sfbench.store.formats._source.Source.batches", full)
    monkeypatch.setattr("sfbench.store.export._write_note", full)
    with pytest.raises(SfbenchError, match="no space left"):
        export(city, form, tmp_path / name, force=True, **wishes)
    assert sorted(p.relative_to(tmp_path) for p in tmp_path.rglob("*")) == before
    monkeypatch.undo()
    export(city, form, tmp_path / name, force=True, **wishes)


def test_a_folder_of_something_else_is_never_replaced(city, tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(SfbenchError, match="the folder holds something else"):
        export(city, "csv", tmp_path, force=True, tables=["loan"])
    assert (tmp_path / "mine.txt").read_text() == "mine"


@pytest.mark.parametrize(
    ("form", "out", "wishes", "says"),
    [
        ("exel", "x", {}, "no format 'exel'"),
        ("sqlite", "x.db", {}, "name it x.sqlite"),
        ("csv", "no/such/x", {}, "its folder does not exist"),
        ("csv", "postgresql://127.0.0.1/x", {}, "--format postgres"),
        ("csv", "x", {"encoding": "gbk"}, "gb18030"),
        ("arrow", "x", {"encoding": "gb18030"}, "leave --encoding out"),
        ("csv", "x", {"tables": ["loans"]}, "did you mean 'loan'"),
    ],
)
def test_bad_wishes_are_told(city, declared, tmp_path, monkeypatch, form, out, wishes, says):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SfbenchError, match=says):
        export(city, form, out, declared=declared, **wishes)
    assert not list(tmp_path.iterdir())
