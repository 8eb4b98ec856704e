"""The model file: what goes in comes out, what is not ours is refused, and nothing in it runs."""

import datetime
import io
import json
import pickle
import zipfile
from dataclasses import replace

import pyarrow as pa
import pyarrow.parquet as pq
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


@pytest.fixture
def own_model(tmp_path):
    """A model of a table that a user declared."""
    own = tmp_path / "own"
    own.mkdir()
    days = pa.array([datetime.date(2020, 1, 1 + i % 20) for i in range(200)])
    pq.write_table(pa.table({"firm_id": pa.array(range(200)), "seen_on": days}), own / "firm.parquet")
    columns = {"firm_id": {"kind": "key", "nullable": False}, "seen_on": {"kind": "date", "low_on": "2020-01-01"}}
    path = tmp_path / "metadata.json"
    path.write_text(json.dumps({"firm": {"key": ["firm_id"], "columns": columns}}), encoding="utf-8")
    return synth.fit(own, own=synth.read_metadata(path))


def forged(model, path, **changes):
    """A file that fits its checksums, as whoever means harm writes it."""
    synth.save(replace(model, **changes), path)
    return path


def column_with(model, **changes):
    table = model.specs["firm"]
    return {
        "firm": replace(
            table, columns=tuple(replace(c, **changes) if c.name == "seen_on" else c for c in table.columns)
        )
    }


def test_sql_in_a_bound_does_not_run(own_model, tmp_path):
    written = tmp_path / "written.csv"
    day = f"2020-01-01') END AS DATE) AS x FROM raw_firm; COPY (SELECT 1 AS a) TO '{written}'; SELECT 1 --"
    path = forged(own_model, tmp_path / "model.zip", specs=column_with(own_model, low_on=day))
    with pytest.raises(SfbenchError, match="low_on cannot be"):
        synth.load(path)
    with pytest.raises(SfbenchError):  # nor where a model is not read from a file
        replace(own_model, specs=column_with(own_model, low_on=day)).sample(1)
    assert not written.exists()


@pytest.mark.parametrize("name", ["../../../outside", "/tmp/outside", "..", "a\\b"])
def test_a_table_whose_name_leads_out_of_the_copy_is_refused(own_model, tmp_path, name):
    specs = {name: replace(own_model.specs["firm"], name=name)}
    with pytest.raises(SfbenchError, match="a table cannot be called"):
        synth.load(forged(own_model, tmp_path / "model.zip", specs=specs, rows={name: 200}))
