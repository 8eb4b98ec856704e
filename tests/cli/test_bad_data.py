"""Damaged datasets: verify finds (exit 1), the verbs that read refuse (exit 2), and what is there stays."""

import json

import pyarrow.parquet as pq
import pytest

from sfbench.intake.rows import SUFFIXES

READERS = ("evaluate", "validate", "calibration")


def part_of(dataset, table):
    return dataset / "data" / table / "part-00000.parquet"


def truncate(path):
    path.write_bytes(path.read_bytes()[:-100])


def remove(path):
    path.unlink()


def edit(path):
    """The same rows, one column less."""
    table = pq.read_table(path)
    pq.write_table(table.drop_columns([table.column_names[-1]]), path)


@pytest.mark.parametrize("damage", [truncate, remove, edit])
def test_a_damaged_file_is_refused_and_found(damage, copy, refused, run):
    path = part_of(copy, "loan_balance")
    damage(path)
    for verb in READERS:
        refused(verb, copy, says=["part-00000.parquet", "why:", "do:"])
    found = run("verify", copy)
    assert found.exit_code == 1
    assert "loan_balance/part-00000.parquet" in found.stdout


def test_an_edited_value_is_found(copy, run):
    path = part_of(copy, "product")
    table = pq.read_table(path)
    pq.write_table(table.take(list(reversed(range(table.num_rows)))), path)
    found = run("verify", copy, "--json")
    assert found.exit_code == 1
    assert {"table", "file", "column", "severity", "message"} == set(json.loads(found.stdout)[0])
    assert any("values differ" in finding["message"] for finding in json.loads(found.stdout))


def test_a_whole_dataset_has_no_findings(tiny, run):
    assert run("verify", tiny).exit_code == 0
    assert json.loads(run("verify", tiny, "--json").stdout) == []


@pytest.mark.parametrize("verb", [*READERS, "verify"])
def test_a_folder_without_a_dataset_is_bad_input(verb, tmp_path, refused):
    (tmp_path / "held").mkdir()
    refused(verb, tmp_path / "held", says=["no dataset here"])
    refused(verb, tmp_path / "nowhere", says=["no dataset here", "no such folder"])


@pytest.mark.parametrize("verb", [*READERS, "verify"])
@pytest.mark.parametrize("suffix", sorted({*SUFFIXES} - {".parquet"}))
def test_a_folder_of_files_that_are_no_parquet_leads_to_import(verb, suffix, tmp_path, refused):
    """The first thing that an owner of CSV tables tries ended in advice to run `sfbench generate` again."""
    (tmp_path / f"loan{suffix.upper()}").write_text("loan_id\n1\n", encoding="utf-8")
    refused(verb, tmp_path, says=["its files are no Parquet", "`sfbench import FILES --out own`"])
    refused(verb, tmp_path / f"loan{suffix.upper()}", says=["this is a file", "`sfbench import`"])


@pytest.mark.parametrize("text", ["{", '{"format": 3, "sfbench": "0"}'])
def test_a_manifest_that_cannot_be_read_is_refused_and_found(text, copy, refused, run):
    (copy / "manifest.json").write_text(text)
    for verb in READERS:
        refused(verb, copy, says=["manifest.json", "edited or damaged", "generate the dataset again"])
    found = run("verify", copy, "--json")
    assert found.exit_code == 1
    (finding,) = json.loads(found.stdout)
    assert finding["file"] == "manifest.json" and "edited or damaged" in finding["message"]
    assert "sfbench verify" not in found.output


def test_an_edited_manifest_is_found(copy, run, refused):
    record = json.loads((copy / "manifest.json").read_text(encoding="utf-8"))
    (copy / "manifest.json").write_text(json.dumps(record | {"scale": 1.0}), encoding="utf-8")
    assert run("verify", copy).exit_code == 1
    refused("evaluate", copy, says=["edited or damaged"])
