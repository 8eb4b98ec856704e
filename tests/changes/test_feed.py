"""Applying the batches up to a day gives the snapshot of that day, in every table, cell for cell."""

import datetime
import json
import shutil

import polars as pl
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

import sfbench
from sfbench.changes import write_feed
from sfbench.changes.feed import Batch, in_order
from sfbench.cli.app import app
from sfbench.content import tables as declared
from sfbench.errors import SfbenchError

DAYS = [datetime.date(2022, 1, 31), datetime.date(2024, 2, 29), datetime.date(2027, 12, 31)]


@pytest.fixture(scope="module")
def city(tmp_path_factory):
    folder = tmp_path_factory.mktemp("city")
    sfbench.generate("baseline", scale="tiny", seed=7, out=folder)
    return folder


@pytest.fixture(scope="module")
def feed(city, tmp_path_factory):
    out = tmp_path_factory.mktemp("feed")
    return out, write_feed(city, out)


def snapshot(city, table, day):
    with sfbench.open(city, as_of=day, tables=[table]) as connection:
        return connection.sql(f'SELECT * FROM "{table}"').pl()


def applied(out, table, key, until):
    """A receiver's table: batches in order, rows replaced or taken away by key."""
    state = None
    for folder in sorted(p for p in out.iterdir() if p.is_dir()):
        if datetime.date.fromisoformat(folder.name) > until or not (folder / table).is_dir():
            continue
        batch = pl.read_parquet(folder / table / "*.parquet", hive_partitioning=False)
        assert batch.select(key).is_unique().all(), "one operation a row and batch"
        rows = batch.drop("_op", "_at")
        if state is not None:
            gone = batch.filter(pl.col("_op") != "insert")
            assert gone.join(state, on=key, how="anti").is_empty(), "only what is there is updated or deleted"
            news = batch.filter(pl.col("_op") == "insert")
            assert news.join(state, on=key, how="semi").is_empty(), "only what is not there is inserted"
            state = pl.concat([state.join(batch, on=key, how="anti"), rows.filter(batch["_op"] != "delete")])
        else:
            assert (batch["_op"] == "insert").all()
            state = rows
    return state


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_the_batches_up_to_a_day_give_its_snapshot(city, feed, day):
    out, sent = feed
    tables = sorted({batch.table for batch in sent})
    assert len(tables) > 10
    for table in tables:
        key = list(declared()[table].spec.key)
        expected = snapshot(city, table, day)
        got = applied(out, table, key, day)
        if got is None:
            assert expected.is_empty(), table
        else:
            assert got.sort(key).equals(expected.sort(key)), table


def test_facts_that_come_later_are_updates(feed):
    _, sent = feed
    updated = {batch.table for batch in sent if batch.operation == "update"}
    assert {"enterprise", "credit_application"} <= updated


def test_rows_that_leave_a_register_are_deleted(feed):
    _, sent = feed
    leaving = {name for name, table in declared().items() if table.spec.published and table.spec.gone_on}
    assert leaving == {batch.table for batch in sent if batch.operation == "delete"}


def test_a_batch_by_day_is_dated_within_the_wished_span(city, tmp_path):
    first, last = datetime.date(2025, 3, 1), datetime.date(2025, 3, 31)
    sent = write_feed(city, tmp_path / "days", by="day", since=first, until=last, tables=["credit_application"])
    assert {batch.at for batch in sent if batch.at >= first} and max(batch.at for batch in sent) <= last
    assert min(batch.at for batch in sent) == datetime.date(2025, 2, 28)
    told = json.loads((tmp_path / "days" / "changes.json").read_text(encoding="utf-8"))
    assert sum(batch["rows"] for batch in told["batches"]) == sum(batch.rows for batch in sent)


@pytest.mark.parametrize("by", ["month", "day"])
def test_a_feed_from_and_to_days_within_months_gives_the_snapshots_of_both(city, tmp_path, by):
    first, last = datetime.date(2024, 2, 10), datetime.date(2024, 4, 15)
    tables = ["enterprise", "loan", "loan_flow", "register_entry", "list_entry"]
    sent = write_feed(city, tmp_path, by=by, since=first, until=last, tables=tables)
    base = first - datetime.timedelta(days=1)
    assert (sent[0].at, max(batch.at for batch in sent)) == (base, last)
    for day in (base, datetime.date(2024, 2, 29), datetime.date(2024, 3, 31), last):
        for table in tables:
            key = list(declared()[table].spec.key)
            assert applied(tmp_path, table, key, day).sort(key).equals(snapshot(city, table, day).sort(key)), table


def test_only_what_sfbench_made_is_marked_as_synthetic(city, tmp_path):
    own = tmp_path / "own"
    shutil.copytree(city / "data" / "loan", own / "loan")
    for folder, marked in ((city, True), (own, False)):
        out = tmp_path / f"feed of {folder.name}"
        done = CliRunner().invoke(app, ["changes", str(folder), "--tables", "loan", "--out", str(out)])
        assert done.exit_code == 0 and ("synthetic" in done.output) == marked
        facts = json.loads((out / "changes.json").read_text(encoding="utf-8"))
        files = [pq.read_metadata(file).metadata or {} for file in out.glob("*/loan/*.parquet")]
        assert bool(facts["synthetic"]) == marked and {b"synthetic" in file for file in files} == {marked}


def test_a_foreign_folder_is_left_alone(city, tmp_path):
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(SfbenchError, match="something else"):
        write_feed(city, tmp_path, force=True)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_an_earlier_feed_is_replaced_only_by_force(city, tmp_path):
    write_feed(city, tmp_path, tables=["month"])
    with pytest.raises(SfbenchError, match="holds a change feed"):
        write_feed(city, tmp_path, tables=["month"])
    assert write_feed(city, tmp_path, tables=["month"], force=True)
    assert not (tmp_path / ".building").exists()


def test_a_run_that_stops_loses_nothing_and_does_not_stand_in_the_way(city, tmp_path, monkeypatch):
    before = write_feed(city, tmp_path, tables=["month"])

    def stop(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("sfbench.changes.feed._write", stop)
        for out in (tmp_path, tmp_path / "new"):
            with pytest.raises(KeyboardInterrupt):
                write_feed(city, out, tables=["month"], force=True)
    assert {str(b.at) for b in before} | {"changes.json", ".building", "new"} == {p.name for p in tmp_path.iterdir()}
    assert write_feed(city, tmp_path / "new", tables=["month"]) == before


def test_a_row_comes_after_those_it_refers_to_and_goes_before_them():
    known = {name: table.spec for name, table in declared(()).items() if table.spec.published}
    days = [datetime.date(2025, 1, 31), datetime.date(2025, 2, 28)]
    every = [Batch(day, name, step, 1) for day in days for step in ("update", "insert", "delete") for name in known]
    sent = in_order(every, known)
    assert sorted(sent) == sorted(every)
    assert [(b.at, b.operation) for b in sent[:: len(known)]] == [
        (day, step) for day in days for step in ("insert", "update", "delete")
    ]
    place = {(batch.at, batch.operation, batch.table): at for at, batch in enumerate(sent)}
    for (day, step, name), at in place.items():
        for parent in {column.references.partition(".")[0] for column in known[name].columns} - {"", name}:
            assert step == "update" or (place[day, step, parent] < at) == (step == "insert"), (day, name, parent)


def test_a_feed_is_told_in_that_order(feed):
    _, sent = feed
    known = {name: table.spec for name, table in declared(()).items() if table.spec.published}
    assert sent == in_order(sorted(sent), known) != sorted(sent)


def test_two_feeds_of_one_city_are_the_same_to_the_byte(city, tmp_path):
    """Rows of a file stood in another order on each run."""
    span = {"since": datetime.date(2025, 1, 1), "until": datetime.date(2025, 6, 30)}
    for name in ("one", "two"):
        write_feed(city, tmp_path / name, **span, tables=["loan", "loan_balance", "enterprise", "credit_application"])
    files = sorted(path.relative_to(tmp_path / "one") for path in (tmp_path / "one").rglob("*") if path.is_file())
    assert len(files) > 20
    for file in files:
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes(), file


def test_a_list_of_batches_that_names_other_folders_is_refused(city, tmp_path):
    (tmp_path / "kept").mkdir()
    write_feed(city, tmp_path / "feed", tables=["month"])
    (tmp_path / "feed" / "changes.json").write_text('{"batches": [{"at": "../kept"}]}', encoding="utf-8")
    with pytest.raises(SfbenchError, match="edited or damaged"):
        write_feed(city, tmp_path / "feed", tables=["month"], force=True)
    assert (tmp_path / "kept").is_dir()
