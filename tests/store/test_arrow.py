"""Raw columns become Arrow exactly, without copies and without pandas."""

import subprocess
import sys
from decimal import Decimal

import duckdb
import numpy as np
import polars
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sfbench.draws.text import vocabulary_array
from sfbench.errors import SfbenchError
from sfbench.kit import nullable
from sfbench.store.arrow import batch, in_memory, schema

exactly = settings(derandomize=True, max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
cents = st.integers(-(10**18) + 1, 10**18 - 1)
texts = st.text("abc深圳科技金融𠮷 ", max_size=6)
cells = st.lists(st.tuples(cents, st.booleans(), texts, st.integers(0, 2)), max_size=30)


def filled(raw, data):
    """Raw columns with money, text and code cells from `data`, null where its flag is False."""
    money, valid, words, codes = (list(x) for x in zip(*data, strict=True)) if data else ([], [], [], [])
    here = np.array(valid, np.bool_)
    return raw(rows=len(data)) | {
        "balance": nullable(np.array(money, np.int64), here),
        "name": nullable(vocabulary_array(words), here),
        "grade": nullable(np.array(codes, np.int16), here),
    }


@exactly
@given(data=cells)
def test_money_texts_codes_and_nulls_come_out_as_they_went_in(notes, raw, tmp_path, write_file, data):
    made = batch(notes, filled(raw, data))
    for table in (in_memory(notes, [made]), write_file(made)):
        expected = [Decimal(c).scaleb(-2) if v else None for c, v, _, _ in data]
        assert table["balance"].to_pylist() == expected
        assert table["name"].to_pylist() == [w if v else None for _, v, w, _ in data]
        assert table["grade"].to_pylist() == [f"FQ0{p + 1}" if v else None for _, v, _, p in data]


def test_a_batch_shares_the_memory_of_its_columns(notes, raw):
    columns = raw()
    made = batch(notes, columns)
    for name in ("note_id", "rate", "granted_on"):
        assert made[name].buffers()[1].address == columns[name].ctypes.data


def test_metadata_of_a_column_names_it_in_both_languages(notes):
    field = schema(notes).field("grade")
    assert field.metadata[b"zh"].decode() == "五级分类"
    assert field.metadata[b"en"] == b"Grade" and field.metadata[b"standard"] == b"DKZL"
    assert schema(notes).metadata[b"sfbench.synthetic"] == b"true"
    assert schema(notes).metadata[b"sfbench.mark"].decode() == "合成数据"


def test_duckdb_polars_and_pandas_understand_the_table_in_memory(notes, raw):
    notes_table = in_memory(notes, [batch(notes, raw())])
    total = Decimal("90000.09")  # notes 1, 3 and 5 at 10,000.01 each
    query = "SELECT sum(balance), typeof(any_value(rate)) FROM notes_table"
    assert duckdb.sql(query).fetchall() == [(total, "DECIMAL(10,5)")]
    assert polars.from_arrow(notes_table)["balance"].sum() == total
    assert notes_table.to_pandas()["balance"].dropna().sum() == total


@pytest.mark.parametrize(
    ("column", "cells", "what"),
    [
        ("days", np.arange(5.0), "int64, not float64"),
        ("days", np.arange(4), "4 cells in a batch of 5 rows"),
        ("rate", np.full(5, 10**10), "DECIMAL"),
        ("grade", np.array([0, 1, 2, 3, 0]), "3 is no position in the 3 values"),
        ("grade", np.array([0, 1, 2, -1, 0]), "-1 is no position"),
        ("green", np.zeros(5, np.int8), "bool"),
        ("name", ["a"] * 5, "StringArray"),
        ("days", nullable(np.arange(5), np.arange(5) > 1), "2 nulls in a column that is not nullable"),
    ],
)
def test_a_wrong_column_is_named(notes, raw, column, cells, what):
    with pytest.raises(SfbenchError, match=what) as caught:
        batch(notes, raw() | {column: cells})
    assert caught.value.where == f"note.{column}"


def test_a_missing_and_an_unknown_column_are_named(notes, raw):
    columns = raw()
    with pytest.raises(SfbenchError, match="did you mean 'balance'"):
        batch(notes, columns | {"balanse": columns["days"]})
    del columns["days"]
    with pytest.raises(SfbenchError, match=r"note.days: the column was not made"):
        batch(notes, columns)


def test_a_slice_of_texts_takes_its_own_nulls(notes, raw):
    sliced = vocabulary_array(["x", "深", "圳", "三", "四", "五"]).slice(1)
    valid = np.array([True, False, True, True, False])
    made = batch(notes, raw() | {"name": nullable(sliced, valid)})
    assert made["name"].to_pylist() == ["深", None, "三", "四", None]


def test_writing_and_cutting_never_import_pandas(tmp_path):
    code = """
import sys, numpy as np
from pathlib import Path
from sfbench.draws.text import vocabulary_array
from sfbench.kit import nullable
from sfbench.reporting.known import cut
from sfbench.spec import Column, Table, codes
from sfbench.store import arrow, manifest, read, staging, write
kinds = {"k": "key", "c": "code", "t": "text", "m": "money", "r": "rate", "d": "date", "f": "flag", "x": "number"}
table = Table(zh="z", en="e", name="t", key=("k",), known_on="d", columns=tuple(
    Column(n, kind, "z", "e", values=codes("A 甲 a") if kind == "code" else (), nullable=True)
    for n, kind in kinds.items()))
valid, one = np.array([True, False, True]), np.ones(3, np.int64)
days, words = one.astype(np.int32), vocabulary_array(["甲", "乙", "丙"])
values = dict(k=one, c=one * 0, t=words, m=one, r=one, d=days, f=valid, x=one / 2)
columns = cut(table, {n: nullable(v, valid) for n, v in values.items()}, 5, None, 5)
batch = arrow.batch(table, columns)
assert arrow.in_memory(table, [batch]).num_rows == 2
with staging.Staging(Path(sys.argv[1]), "p") as site:
    writer = write.TableWriter(site.folder, table, 0)
    writer.write(batch)
    site.record(0, {"t": writer.close()}, {"s": {"a": one}})
    entries = {"t": manifest.TableEntry.of([site.done(0).entries["t"]])}
    site.commit(manifest.Manifest(version="1", scenario={}, scale=1, seed=1, tables=entries))
assert read.read_table(sys.argv[1], "t", declared={"t": table}).num_rows == 2
heavy = {"pandas", "great_expectations", "faker", "sdv", "scipy"} & set(sys.modules)
assert not heavy, heavy
"""
    subprocess.run([sys.executable, "-c", code, str(tmp_path / "out")], check=True)
