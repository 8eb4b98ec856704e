"""The model file: what goes in comes out, what is not ours is refused, and nothing in it runs."""

import io
import json
import pickle
import zipfile

import pytest

from sfbench import synth
from sfbench.errors import SfbenchError


@pytest.fixture
def saved(linked, tmp_path):
    path = tmp_path / "model.zip"
    synth.save(linked, path)
    return path


def rewritten(path, change):
    """The zip with `change(name, data)` in place of each member."""
    with zipfile.ZipFile(path) as archive:
        members = {name: change(name, archive.read(name)) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def test_a_loaded_model_samples_as_the_fitted_one(linked, saved):
    loaded = synth.load(saved)
    assert loaded.sample(4, 200)["loan"].equals(linked.sample(4, 200)["loan"])


def test_it_holds_json_and_parquet_alone(saved):
    with zipfile.ZipFile(saved) as archive:
        assert {name.rpartition(".")[2] for name in archive.namelist()} == {"json", "parquet"}
        for name in archive.namelist():
            data = archive.read(name)
            assert json.loads(data) if name.endswith(".json") else data[:4] == b"PAR1"


def test_no_name_or_code_of_a_firm_is_in_it(confidential, saved):
    import sfbench

    names = sfbench.open(confidential).sql("SELECT uscc, name_zh, phone FROM enterprise").fetchall()
    with zipfile.ZipFile(saved) as archive:
        held = b"".join(archive.read(n) for n in archive.namelist() if not n.startswith("registers/"))
    assert not [text for row in names for text in row if text.encode() in held]


def test_a_changed_count_is_refused(saved):
    rewritten(saved, lambda name, data: data.replace(b"linked", b"lonked") if name == "model.json" else data)
    with pytest.raises(SfbenchError, match="checksum"):
        synth.load(saved)


def test_a_changed_part_is_refused(saved):
    rewritten(saved, lambda name, data: data + b" " if name.startswith("parts/") else data)
    with pytest.raises(SfbenchError, match="checksum"):
        synth.load(saved)


def test_a_further_member_is_refused(saved):
    with zipfile.ZipFile(saved, "a") as archive:
        archive.writestr("extra.py", "print('ran')")
    with pytest.raises(SfbenchError, match="members"):
        synth.load(saved)


class Payload:
    def __reduce__(self):
        return print, ("a pickle ran",)


@pytest.mark.parametrize("data", [pickle.dumps(Payload()), b"", b"PK\x03\x04 cut short"])
def test_a_pickle_or_a_broken_file_is_refused_and_does_not_run(tmp_path, data, capsys):
    path = tmp_path / "model.zip"
    path.write_bytes(data)
    with pytest.raises(SfbenchError, match="no model file"):
        synth.load(path)
    assert "ran" not in capsys.readouterr().out


def test_another_zip_is_refused(tmp_path):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("model.json", json.dumps({"format": "other", "version": 1}))
    path = tmp_path / "model.zip"
    path.write_bytes(buffer.getvalue())
    with pytest.raises(SfbenchError, match="other"):
        synth.load(path)
