"""A dataset opens as views, or says which file is wrong; reading leaves nothing behind."""

import dataclasses
import datetime
import gc
import os
import tempfile
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sfbench.errors import SfbenchError
from sfbench.store.arrow import batch, in_memory
from sfbench.store.read import open_dataset, read_table

PART = "data/note/part-00001.parquet"


@pytest.fixture
def folder(build, tmp_path):
    return build(tmp_path / "o[u]t *?'s" / "k=v")


@pytest.fixture
def declared(notes):
    return {"note": notes}


def test_every_table_is_a_view_with_the_declared_types(folder, declared):
    with open_dataset(folder, declared=declared) as connection:
        assert connection.execute("SELECT count(*), sum(balance) FROM note").fetchone() == (20, Decimal("1000001.00"))
        types = dict(connection.execute("SELECT column_name, column_type FROM (DESCRIBE note)").fetchall())
    assert types["balance"] == "DECIMAL(18,2)" and types["grade"] == "VARCHAR" and len(types) == 10


def test_a_table_reads_as_arrow_with_its_metadata(folder, declared):
    table = read_table(folder, "note", declared=declared)
    assert table.num_rows == 20 and table.schema.field("balance").type == pa.decimal128(18, 2)
    assert table.schema.metadata[b"sfbench.synthetic"] == b"true"
    assert table["note_id"].to_pylist() == list(range(1, 21))


def test_as_of_hides_later_rows_and_later_cells(folder, declared, notes, raw):
    day = datetime.date(1970, 1, 1) + datetime.timedelta(days=19013)
    with open_dataset(folder, as_of=day, declared=declared) as connection:
        rows = connection.execute("SELECT note_id, closed_on IS NULL FROM note ORDER BY note_id").fetchall()
    # Note n is granted on day 19000 + n and, if n is odd, closed ten days later.
    assert rows == [(n, n not in (1, 3)) for n in range(1, 14)]


def test_reading_leaves_nothing_behind_even_when_it_spills(folder, declared, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    spills = Path(tempfile.gettempdir())
    gc.collect()  # connections of tests before, whose folders would go in between
    before = sorted(tmp_path.rglob("*")), set(spills.glob(f"sfbench-duckdb-{os.getpid()}-*"))
    connection = open_dataset(folder, declared=declared, memory_limit="64MB", threads=1)
    connection.execute("CREATE TEMP TABLE t AS SELECT range AS i, hash(range) AS h FROM range(6000000)").fetchall()
    assert set(spills.glob(f"sfbench-duckdb-{os.getpid()}-*")) > before[1]
    connection.close()
    del connection
    gc.collect()
    assert (sorted(tmp_path.rglob("*")), set(spills.glob(f"sfbench-duckdb-{os.getpid()}-*"))) == before


def test_an_option_that_duckdb_refuses_is_a_clear_error(folder, declared):
    with pytest.raises(SfbenchError, match="'lots' is no memory limit"):
        open_dataset(folder, declared=declared, memory_limit="lots")


def cut_short(path):
    path.write_bytes(path.read_bytes()[:-20])


def same_size(path):
    path.write_bytes(bytes(path.stat().st_size))


def other_schema(path):
    pq.write_table(pq.read_table(path).drop_columns("rate"), path)


@pytest.mark.parametrize("damage", [Path.unlink, cut_short, same_size, other_schema, lambda p: p.write_bytes(b"")])
def test_a_damaged_file_is_named(folder, declared, damage):
    damage(folder / PART)
    for read in (open_dataset, lambda path, declared: read_table(path, "note", declared=declared)):
        with pytest.raises(SfbenchError) as caught:
            read(folder, declared=declared)
        assert caught.value.where == str(folder / PART) and caught.value.fix


def test_a_file_that_does_not_fit_its_declaration_is_named(folder, declared, notes):
    fewer = dataclasses.replace(notes, columns=notes.columns[:-1])
    with pytest.raises(SfbenchError, match="'score' is not declared"):
        open_dataset(folder, declared={"note": fewer})


def test_an_unknown_table_gets_a_hint(folder, declared):
    with pytest.raises(SfbenchError, match="did you mean 'note'"):
        open_dataset(folder, tables=["notes"], declared=declared)


def test_a_folder_that_is_missing_or_empty_is_a_clear_error(tmp_path):
    for path in (tmp_path, tmp_path / "none"):
        with pytest.raises(SfbenchError, match=r"manifest.json is missing"):
            open_dataset(path, declared={})


@pytest.mark.parametrize("name", ["note.parquet", "note/x.parquet", "data/note/x.parquet", "data/note.parquet"])
def test_a_users_own_files_open_with_the_declared_types(tmp_path, declared, notes, raw, name):
    table = in_memory(notes, [batch(notes, raw())])
    own = table.set_column(4, "balance", table["balance"].cast(pa.float64())).append_column("mine", table["days"])
    (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(own.select(own.column_names[::-1]), tmp_path / name)
    with open_dataset(tmp_path, declared=declared) as connection:
        assert connection.execute("SELECT sum(balance) FROM note").fetchone() == (Decimal("90000.09"),)
        assert [column[0] for column in connection.execute("FROM note").description] == table.column_names
    assert read_table(tmp_path, "note", declared=declared).equals(table)


def test_a_users_file_with_a_missing_or_wrong_column_is_named(tmp_path, declared, notes, raw):
    table = in_memory(notes, [batch(notes, raw())])
    path = tmp_path / "note.parquet"
    pq.write_table(table.rename_columns({"balance": "balanse"}), path)
    with pytest.raises(SfbenchError, match=r"note.balance: the column is missing[\s\S]*'balanse'"):
        open_dataset(tmp_path, declared=declared)
    pq.write_table(table.set_column(0, "note_id", table["name"]), path)
    with pytest.raises(SfbenchError, match=r"note.note_id: the column is string"):
        open_dataset(tmp_path, declared=declared)


def test_a_table_that_nothing_declares_opens_plainly_but_cannot_be_cut(tmp_path):
    pq.write_table(pa.table({"x": [1]}), tmp_path / "mine.parquet")
    with open_dataset(tmp_path, declared={}) as connection:
        assert connection.execute("FROM mine").fetchall() == [(1,)]
    with pytest.raises(SfbenchError, match="cannot be cut by a date"):
        open_dataset(tmp_path, as_of=datetime.date(2025, 1, 31), declared={})
