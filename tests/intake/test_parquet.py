"""Parquet as pandas and warehouses write it: days with a time, floats, texts, categories; taken in like a text file."""

import datetime
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sfbench.errors import SfbenchError
from sfbench.intake import import_files

DAY = datetime.date(2025, 12, 31)
NAN = float("nan")


@pytest.fixture
def take(tmp_path, declared):
    """Imports a Parquet file of `nasty` with these columns."""

    def run(columns, **wishes):
        pq.write_table(pa.table(columns), tmp_path / "nasty.parquet")
        return import_files([tmp_path / "nasty.parquet"], tmp_path / "own", declared=declared, **wishes)

    return run


@pytest.fixture
def rows(tmp_path):
    return lambda: pq.read_table(tmp_path / "own" / "nasty.parquet").to_pylist()


def test_types_of_others_become_the_declared_ones(take, rows):
    done = take(
        {
            "编号": pa.array([1.0, 2.0, 3.0]),  # pandas makes floats of whole numbers with gaps
            "文字": pa.array(["甲", "=1+1", "丙"]).dictionary_encode(),
            "等级": pa.array(["正常", "FQ02", "watch"]),
            "DKYE": pa.array([0.1 + 0.2, 1234567890.12, NAN]),
            "利率": pa.array([1e-05, 4.35, 0.0]),
            "on_day": pa.array([datetime.datetime(2025, 12, 31), None, None], pa.timestamp("ns")),
            "标志": pa.array([1, 0, None], pa.int32()),
            "数值": pa.array([0.1 + 0.2, NAN, 1e300]),
            "__index_level_0__": pa.array([0, 1, 2]),
        }
    )
    assert done.problems == () and done.rows == {"nasty": 3}
    first, second, third = rows()
    assert [row["nasty_id"] for row in rows()] == [1, 2, 3]
    assert [row["label"] for row in rows()] == ["甲", "=1+1", "丙"]
    assert [row["grade"] for row in rows()] == ["FQ01", "FQ02", "FQ02"]
    assert [row["amount"] for row in rows()] == [Decimal("0.30"), Decimal("1234567890.12"), None]
    assert [row["rate"] for row in rows()] == [Decimal("0.00001"), Decimal("4.35000"), Decimal("0.00000")]
    assert (first["on_day"], second["on_day"]) == (DAY, None)
    assert (first["flagged"], second["flagged"], third["flagged"]) == (True, False, None)
    assert (first["measured"], second["measured"], third["measured"]) == (0.1 + 0.2, None, 1e300)


def test_of_short_floats_seven_digits_are_meant(take, rows):
    assert take({"编号": [1], "文字": ["a"], "利率": pa.array([4.35], pa.float32())}).problems == ()
    assert rows()[0]["rate"] == Decimal("4.35000")


@pytest.mark.parametrize(
    ("column", "cells", "name", "kind", "value"),
    [
        ("编号", pa.array(["7", "x"]), "nasty_id", "whole", "x"),
        ("编号", pa.array([7.0, 1.5]), "nasty_id", "whole", "1.5000000000"),
        ("DKYE", pa.array([1.0, 1.234]), "amount", "digits", "1.2340000000"),
        ("DKYE", pa.array([1.0, 1e17]), "amount", "range", "100000000000000000.0000000000"),
        ("DKYE", pa.array([1.0, float("inf")]), "amount", "number", "inf"),
        ("利率", pa.array([1.0, NAN]), "rate", "null", ""),
        ("on_day", pa.array(["2025-01-01", "2025-02-30"]), "on_day", "date", "2025-02-30"),
        ("on_day", pa.array([None, datetime.datetime(2025, 1, 1, 12)]), "on_day", "date", "2025-01-01 12:00:00"),
        ("文字", pa.array(["a", None]), "label", "null", ""),
        ("标志", pa.array([["yes"], []], pa.list_(pa.string()))[1:], "flagged", "flag", "[]"),
    ],
)
def test_what_does_not_fit_is_told_by_row_and_column(take, column, cells, name, kind, value):
    columns = {"编号": [7, 8], "文字": ["a", "b"], "利率": [1.0, 2.0]}
    if len(cells) == 1:  # a row of its own
        columns = {heading: held[:1] for heading, held in columns.items()}
    done = take(columns | {column: cells})
    (problem,) = done.problems
    assert (problem.file, problem.row, problem.column) == ("nasty.parquet", len(cells) + 1, name)
    assert (problem.kind, problem.value) == (kind, value)


def test_rows_keep_their_numbers_and_order_over_many_batches(take, rows, monkeypatch):
    from sfbench.intake import parquet

    monkeypatch.setattr(parquet, "_BATCH", 100)
    keys = [str(row) for row in range(2, 5002)]  # the key is the row's number
    keys[4000 - 2] = "x"
    done = take({"编号": keys, "文字": ["a"] * 5000, "利率": [1] * 5000}, keep_sound=True)
    assert [(one.row, one.kind) for one in done.problems] == [(4000, "whole")]
    assert [row["nasty_id"] for row in rows()] == [row for row in range(2, 5002) if row != 4000]


def test_a_file_that_cannot_be_read_is_told(tmp_path, declared):
    path = tmp_path / "nasty.parquet"
    path.write_bytes(b"PAR1 and no more")
    with pytest.raises(SfbenchError, match="cannot be read as Parquet"):
        import_files([path], tmp_path / "own", declared=declared)
    pq.write_table(pa.table({"a": [1]}), path)
    with pytest.raises(SfbenchError, match="no heading is known"):
        import_files([path], tmp_path / "own", declared=declared)
    assert not (tmp_path / "own").exists()


@pytest.mark.parametrize(("first", "last"), [(0.0, 0.3), (0.7, 0.95)], ids=["at its begin", "in a later batch"])
def test_a_page_that_is_damaged_is_told_and_leaves_nothing(tmp_path, declared, first, last):
    path, rows = tmp_path / "nasty.parquet", 300_000
    columns = {"编号": range(rows), "文字": [f"{number:x}" for number in range(rows)], "利率": [1] * rows}
    pq.write_table(pa.table(columns), path, compression="zstd", row_group_size=50_000)
    held = bytearray(path.read_bytes())
    place = slice(4 + int(first * len(held)), int(last * len(held)))
    held[place] = bytes(len(held[place]))
    path.write_bytes(held)
    with pytest.raises(SfbenchError, match="cannot be read as Parquet"):
        import_files([path], tmp_path / "own", declared=declared)
    assert not (tmp_path / "own").exists()


def test_a_folder_is_told_with_what_its_files_are_called(tmp_path, declared):
    for name, pattern in (
        ("a/loan.parquet", r"a/\*.parquet"),
        ("b/loan.CSV", r"b/\*.csv"),
        ("c/d/x.dat", r"c/\*/\*.dat"),
    ):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_bytes(b"")
        with pytest.raises(SfbenchError, match=rf"this is a folder.*\n.*name its files: .*{pattern}"):
            import_files([tmp_path / name[0]], tmp_path / "own", declared=declared)
