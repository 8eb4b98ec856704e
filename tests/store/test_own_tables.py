"""A user's own folder opens with what can be read, and says of the rest why not."""

import datetime

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from sfbench.errors import SfbenchError
from sfbench.store.arrow import batch, in_memory
from sfbench.store.read import open_usable, present_files


@pytest.fixture
def table(notes, raw):
    return in_memory(notes, [batch(notes, raw())])


def opened(folder, notes, **options):
    connection, defects, _ = open_usable(folder, declared={"note": notes}, **options)
    with connection:
        columns = connection.execute(
            "SELECT column_name FROM duckdb_columns() WHERE NOT internal AND table_name = 'note'"
        ).fetchall()
    return {name for (name,) in columns}, {defect.name: (defect.kind, defect.why) for defect in defects}


def test_a_column_that_is_missing_or_of_another_type_is_left_out_and_named(tmp_path, table, notes):
    own = table.drop_columns("rate").set_column(0, "note_id", table["name"])
    pq.write_table(own, tmp_path / "note.parquet")
    columns, defects = opened(tmp_path, notes)
    assert columns == set(table.column_names) - {"rate", "note_id"}
    assert defects == {"note.note_id": ("type", "string, not BIGINT"), "note.rate": ("missing", "missing")}


def test_a_column_must_be_in_every_file_of_a_table(tmp_path, table, notes):
    (tmp_path / "note").mkdir()
    pq.write_table(table, tmp_path / "note" / "a.parquet")
    pq.write_table(table.drop_columns("rate"), tmp_path / "note" / "b.parquet")
    columns, defects = opened(tmp_path, notes)
    assert "rate" not in columns and defects == {"note.rate": ("missing", "missing in b.parquet")}


def test_a_file_that_is_no_parquet_takes_only_its_table(tmp_path, table, notes):
    (tmp_path / "note.parquet").write_bytes(b"PAR1 and nothing more")
    pq.write_table(pa.table({"x": [1]}), tmp_path / "mine.parquet")
    columns, defects = opened(tmp_path, notes)
    assert not columns and list(defects) == ["note"]
    assert defects["note"][0] == "unreadable" and "note.parquet cannot be read as Parquet" in defects["note"][1]


def test_a_table_without_its_date_of_knowledge_cannot_be_cut(tmp_path, table, notes):
    day = datetime.date(2022, 1, 22)
    cell = next(column for column in notes.columns if column.known_on)
    pq.write_table(table.drop_columns(cell.known_on), tmp_path / "note.parquet")
    columns, defects = opened(tmp_path, notes)
    assert columns == set(table.column_names) - {cell.known_on}
    columns, defects = opened(tmp_path, notes, as_of=day)
    assert cell.name not in columns and defects.keys() >= {f"note.{cell.known_on}"}
    pq.write_table(table.drop_columns(notes.known_on), tmp_path / "note.parquet")
    columns, defects = opened(tmp_path, notes, as_of=day)
    assert not columns and defects["note"] == ("undated", f"without {notes.known_on} it cannot be cut by a date")


def test_what_came_to_be_known_at_an_hour_of_a_day_is_known_at_its_end(tmp_path, table, notes):
    """A user's own dates may be timestamps: rows and cells of noon came a day late."""
    at_noon = pa.scalar(datetime.timedelta(hours=12))
    last = max(day.as_py() for day in table["granted_on"])
    own = table
    for name in ("granted_on", "closed_on"):
        noon = pc.add(table[name].cast(pa.timestamp("us")), at_noon)
        own = own.set_column(own.schema.get_field_index(name), name, noon)
    pq.write_table(own, tmp_path / "note.parquet")
    closed = max(day for day in table["closed_on"].to_pylist() if day)
    for day, rows, cells in ((last, len(table), 0), (last - datetime.timedelta(1), len(table) - 1, 0), (closed, 5, 3)):
        connection = open_usable(tmp_path, day, declared={"note": notes}).connection
        with connection:
            found = connection.execute("SELECT COUNT(*), COUNT(closed_on), MAX(granted_on) FROM note").fetchall()
        assert found == [(rows, cells, min(day, last))]


def test_a_table_that_nothing_declares_is_there_unless_cut_by_a_date(tmp_path, notes):
    pq.write_table(pa.table({"x": [1]}), tmp_path / "mine.parquet")
    connection, defects, _ = open_usable(tmp_path, declared={"note": notes})
    assert connection.execute("FROM mine").fetchall() == [(1,)] and defects == ()
    _, defects, _ = open_usable(tmp_path, datetime.date(2025, 1, 31), declared={"note": notes})
    assert [(d.name, d.kind) for d in defects] == [("mine", "undated")]


def test_a_dataset_opens_as_ever_and_an_empty_folder_is_refused(build, tmp_path, notes):
    folder = build(tmp_path / "set")
    connection, defects, _ = open_usable(folder, declared={"note": notes})
    assert connection.execute("SELECT count(*) FROM note").fetchall() == [(20,)] and defects == ()
    next((folder / "data" / "note").glob("*.parquet")).unlink()
    with pytest.raises(SfbenchError, match="cannot be read as Parquet"):
        open_usable(folder, declared={"note": notes})
    with pytest.raises(SfbenchError, match=r"manifest.json is missing"):
        open_usable(tmp_path / "none", declared={"note": notes})


def test_tables_may_stand_in_data_and_beside_it_but_none_in_both(tmp_path):
    """`cp -r public/data own/` puts the calendar into a `data` of its own, beside the user's tables."""
    few = pa.table({"a": [1]})
    for path in ("data/month/part.parquet", "loan.parquet", "district/a.parquet", "figures.parquet"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(few, tmp_path / path)
    found = present_files(tmp_path)
    assert {name: [str(path.relative_to(tmp_path)) for path in paths] for name, paths in found.items()} == {
        "month": ["data/month/part.parquet"],
        "loan": ["loan.parquet"],
        "district": ["district/a.parquet"],
    }
    pq.write_table(few, tmp_path / "data" / "loan.parquet")
    with pytest.raises(SfbenchError, match=r"loan: tables stand in data/ and beside it"):
        present_files(tmp_path)
