"""Keys that are texts: numbers that depend on the text alone, in every table, and a list of what they stand for."""

import csv
import hashlib

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sfbench.errors import SfbenchError
from sfbench.intake import import_files, text_keys


def meant(text):
    """By the definition: 2^62 and 62 bits of the MD5, of which DuckDB takes the last eight bytes, lowest first."""
    return 2**62 + int.from_bytes(hashlib.md5(text.encode()).digest()[8:], "little") % 2**62


@pytest.fixture
def take(tmp_path, declared):
    """Imports CSV files of these texts, with text keys."""

    def run(out="own", **texts):
        for name, text in texts.items():
            (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
        files = [tmp_path / f"{name}.csv" for name in texts]
        return import_files(files, tmp_path / out, declared=declared, text_keys=True, keep_sound=True)

    return run


def keys(folder, table, column):
    return pq.read_table(folder / f"{table}.parquet")[column].to_pylist()


def told(folder):
    with (folder / text_keys.NAME).open(encoding="utf-8", newline="") as stream:
        return {row["text"]: int(row["number"]) for row in csv.DictReader(stream)}


def test_a_text_is_one_number_wherever_it_stands_and_whole_numbers_stay(take, tmp_path):
    head = "nasty_id,label,rate\n"
    assert take(nasty=head + "深-1,a,1\n 深-1b ,b,1\n12,c,1\n13.0,d,1\n0012,e,1\n-5,f,1\n").problems == ()
    words = ["深-1", "深-1b", "0012", "-5"]
    numbers = [meant(word) for word in words]
    assert keys(tmp_path / "own", "nasty", "nasty_id") == [*numbers[:2], 12, 13, *numbers[2:]]
    assert told(tmp_path / "own") == dict(zip(words, numbers, strict=True))
    take("later", nasty=head + "99,x,1\n深-1,a,1\n")
    assert keys(tmp_path / "later", "nasty", "nasty_id") == [99, meant("深-1")]


def test_two_rows_with_one_text_are_duplicates_and_an_empty_key_is_none(take):
    done = take(nasty="nasty_id,label,rate\nA,a,1\nA,b,1\n,c,1\n")
    assert [(one.row, one.kind) for one in done.problems] == [(3, "duplicate"), (4, "null")]


def test_what_every_city_has_alike_keeps_its_own_numbers(declared, tmp_path):
    cells = {column.name: pa.array(["x"]) for column in declared["enterprise"].columns}
    pq.write_table(pa.table(cells), tmp_path / "enterprise.parquet")
    wishes = {"declared": declared, "text_keys": True}
    done = import_files([tmp_path / "enterprise.parquet"], tmp_path / "own", **wishes)
    refused = {one.column for one in done.problems if one.kind == "whole"}
    assert {"district_id", "cluster_id"} <= refused and not refused & {"enterprise_id", "group_id"}


def test_without_the_wish_a_text_is_no_key(take, tmp_path, declared):
    (tmp_path / "nasty.csv").write_text("nasty_id,label,rate\nA,a,1\n", encoding="utf-8")
    done = import_files([tmp_path / "nasty.csv"], tmp_path / "own", declared=declared)
    assert [one.kind for one in done.problems] == ["whole"] and not (tmp_path / "own").exists()
    (tmp_path / "nasty.csv").write_text("nasty_id,label,rate\n1,a,1\n", encoding="utf-8")
    import_files([tmp_path / "nasty.csv"], tmp_path / "own", declared=declared)
    assert not (tmp_path / "own" / text_keys.NAME).exists()


def test_two_texts_with_one_number_are_refused(take, tmp_path, monkeypatch):
    monkeypatch.setattr(
        "sfbench.intake.convert.number", lambda text: f"CAST(CASE WHEN {text} <> '' THEN {2**62} END AS BIGINT)"
    )
    with pytest.raises(SfbenchError, match="the keys 'A' and 'B' have the same number"):
        take(nasty="nasty_id,label,rate\nA,a,1\nB,b,1\n")
    assert not (tmp_path / "own").exists()
