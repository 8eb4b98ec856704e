"""A file is whole or absent, keeps one row group per batch, and is what other readers expect."""

from decimal import Decimal

import duckdb
import numpy as np
import polars
import pyarrow.parquet as pq
import pytest

from sfbench.draws.text import compose
from sfbench.errors import SfbenchError
from sfbench.store.arrow import batch, schema
from sfbench.store.files import sha256
from sfbench.store.write import TableWriter


def test_a_file_appears_at_close_and_not_before(notes, raw, tmp_path):
    writer = TableWriter(tmp_path, notes, 3)
    writer.write(batch(notes, raw()))
    assert not list(tmp_path.rglob("*.parquet"))
    entry = writer.close()
    assert [p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*.*")] == ["data/note/part-00003.parquet"]
    assert entry.path == "data/note/part-00003.parquet"


def test_the_entry_tells_rows_groups_bytes_and_sha256(notes, raw, tmp_path):
    writer = TableWriter(tmp_path, notes, 0)
    for start, rows in ((1, 5), (6, 0), (6, 7)):
        writer.write(batch(notes, raw(start, rows)))
    entry = writer.close()
    path = tmp_path / entry.path
    assert (entry.rows, entry.groups, entry.bytes, entry.sha256) == (12, 2, path.stat().st_size, sha256(path))
    assert pq.ParquetFile(path).num_row_groups == 2
    assert list(entry.columns) == [c.name for c in notes.columns]


def test_a_table_without_rows_has_a_file_with_its_schema(notes, tmp_path):
    entry = TableWriter(tmp_path, notes, 0).close()
    assert entry.rows == 0
    assert pq.read_table(tmp_path / entry.path).schema.equals(schema(notes), check_metadata=True)


def test_a_file_shows_readers_decimals_codes_and_metadata(notes, raw, write_file, tmp_path):
    table = write_file(batch(notes, raw(rows=100)))
    assert table.schema.equals(schema(notes), check_metadata=True)
    path = next(tmp_path.rglob("*.parquet"))
    types = dict(duckdb.sql(f"SELECT column_name, column_type FROM (DESCRIBE FROM '{path}')").fetchall())
    assert types["balance"] == "DECIMAL(18,2)" and types["rate"] == "DECIMAL(10,5)" and types["grade"] == "VARCHAR"
    assert types["granted_on"] == "DATE" and types["green"] == "BOOLEAN" and types["note_id"] == "BIGINT"
    assert polars.read_parquet(path)["rate"].to_list() == table["rate"].to_pylist()
    assert duckdb.sql(f"SELECT balance FROM '{path}' ORDER BY note_id").fetchall() == [
        (cell,) for cell in table["balance"].to_pylist()
    ]


def test_repeating_texts_get_a_dictionary_and_unique_ones_do_not(notes, raw, write_file, tmp_path):
    columns = raw(rows=1000)
    for cells, has in ((columns["name"], False), (compose([(["深圳", "广州"], columns["note_id"] % 2)]), True)):
        write_file(batch(notes, columns | {"name": cells}))
        group = pq.ParquetFile(next(tmp_path.rglob("*.parquet"))).metadata.row_group(0)
        assert group.column(3).has_dictionary_page is has
        assert "DELTA_BINARY_PACKED" in group.column(0).encodings


def test_rates_that_repeat_get_a_dictionary_and_keys_never_do(notes, raw, write_file, tmp_path):
    columns = raw(rows=1000)
    names = [column.name for column in notes.columns]
    for repeats in (False, True):
        rates = columns["rate"][np.arange(1000) // (16 if repeats else 1)]
        table = write_file(batch(notes, columns | {"rate": rates}))
        group = pq.ParquetFile(next(tmp_path.rglob("*.parquet"))).metadata.row_group(0)
        assert group.column(names.index("rate")).has_dictionary_page is repeats
        assert not group.column(names.index("note_id")).has_dictionary_page
        assert table["rate"].to_pylist() == [Decimal(int(rate)).scaleb(-5) for rate in rates]


def test_an_error_within_the_block_leaves_no_file(notes, raw, tmp_path):
    with pytest.raises(RuntimeError), TableWriter(tmp_path, notes, 0) as writer:
        writer.write(batch(notes, raw()))
        raise RuntimeError
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_a_folder_that_is_a_file_is_a_clear_error(notes, raw, tmp_path):
    (tmp_path / "data").write_text("not a folder")
    with pytest.raises(SfbenchError, match="cannot be written"):
        TableWriter(tmp_path, notes, 0).write(batch(notes, raw()))
