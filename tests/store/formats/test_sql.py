"""SQL dumps and the load through ADBC, on a real PostgreSQL; the MySQL dump is read by a small tokenizer of its own."""

import datetime
import re
import threading
import time
from decimal import Decimal

import pytest

from sfbench.errors import SfbenchError
from sfbench.store.export import export
from tests.store.formats.conftest import FEW, held


def same(server, city, declared, tables=FEW):
    """Claims that the server holds the dataset: its rows as JSON text, parsed in plain Python."""
    import json

    for name in tables:
        key = ", ".join(declared[name].key)
        lines = server.psql("-A", "-t", "-c", f"SELECT row_to_json(t) FROM (SELECT * FROM {name} ORDER BY {key}) t")
        rows = [json.loads(line, parse_float=Decimal) for line in lines.splitlines()]
        for column in declared[name].columns:
            found = [row[column.name] for row in rows]
            if column.kind == "date":
                found = [cell and datetime.date.fromisoformat(cell) for cell in found]
            if column.kind == "number":
                found = [None if cell is None else float(cell) for cell in found]
            assert found == held(city, name)[column.name], f"{name}.{column.name}"


def constraints(server):
    name = "conrelid::regclass::text || ':' || contype::text"
    query = f"SELECT {name} FROM pg_constraint WHERE connamespace = 'public'::regnamespace"
    return set(server.psql("-A", "-t", "-c", query).split())


def comment(server, what):
    return server.psql("-A", "-t", "-c", f"SELECT {what}").strip()


def test_the_dump_loads_with_psql_and_holds_the_dataset(exported, clean_server, city, declared):
    dump = exported("postgres-sql", ".sql")
    clean_server.psql("-q", "-v", "ON_ERROR_STOP=1", "-f", shared(dump, clean_server))
    same(clean_server, city, declared)
    assert {"nasty:p", "nasty:f", "loan:p", "loan:f"} <= constraints(clean_server)
    assert "合成数据" in comment(clean_server, "obj_description('nasty'::regclass)")
    assert comment(clean_server, "col_description('nasty'::regclass, 5)") == "金额 Amount; CNY; DKYE"


def shared(path, server):
    """A copy that the server's user may read."""
    copy = server.home / path.name
    copy.write_bytes(path.read_bytes())
    copy.chmod(0o644)
    return copy


def test_adbc_loads_the_dataset(clean_server, city, declared):
    export(city, "postgres", clean_server.address, tables=FEW, declared=declared)
    same(clean_server, city, declared)
    assert {"nasty:p", "nasty:f"} <= constraints(clean_server)
    assert "合成数据" in comment(clean_server, "obj_description('nasty'::regclass)")


def test_tables_that_are_there_stay_unless_forced(clean_server, city, declared):
    clean_server.psql("-q", "-c", "CREATE TABLE nasty (mine int); CREATE TABLE other (mine int)")
    with pytest.raises(SfbenchError, match="a table is there already") as told:
        export(city, "postgres", clean_server.address, tables=["institution", "nasty"], declared=declared)
    assert "--force" in str(told.value) and "secret" not in str(told.value)
    assert clean_server.tables() == ["nasty", "other"]
    export(city, "postgres", clean_server.address, tables=["nasty"], declared=declared, force=True)
    same(clean_server, city, declared, ["nasty"])
    assert clean_server.tables() == ["nasty", "other"]


def test_a_server_that_dies_in_the_middle_has_nothing_half_loaded(clean_server, city, declared, monkeypatch):
    from sfbench.store.formats._source import Source

    read, died = Source.reader, threading.Event()

    def dying(self, name, *args):
        if name == "loan":
            clean_server.stop("immediate")
            died.set()
        return read(self, name, *args)

    monkeypatch.setattr(Source, "reader", dying)
    with pytest.raises(SfbenchError, match="the server did not take the data") as told:
        export(city, "postgres", clean_server.address, tables=FEW, declared=declared)
    assert died.is_set() and "secret" not in str(told.value)
    time.sleep(0.1)
    clean_server.start()
    assert clean_server.tables() == []


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://tester:secret@127.0.0.1:1/postgres",
        "postgresql://x y",
        "postgresql://127.0.0.1:1/postgres?user=tester&password=secret&sslmode=disable",
        "host=127.0.0.1 port=1 user=tester password=secret dbname=postgres",
        "host=127.0.0.1 port=1 user=tester password = 'a secret' dbname=postgres",
    ],
)
def test_a_server_that_refuses_is_told_without_the_password(city, declared, address):
    with pytest.raises(SfbenchError, match="the server did not take the data") as told:
        export(city, "postgres", address, tables=["nasty"], declared=declared)
    assert "secret" not in str(told.value)


def test_an_address_that_is_given_to_another_format_is_told_without_the_password(city, declared):
    with pytest.raises(SfbenchError, match="try --format postgres") as told:
        export(city, "csv", "postgresql://tester:secret@127.0.0.1/postgres", tables=["nasty"], declared=declared)
    assert "secret" not in str(told.value)


TOKEN = re.compile(r"\s*(?:'((?:[^'\\]|''|\\.)*)'|([^,()']+)|([,()]))", re.S)


def mysql_rows(text, name):
    """Rows of the INSERTs of a table, by MySQL's rules for literals: '' is a quote, a backslash escapes."""
    rows = []
    for body in re.findall(rf"INSERT INTO `{name}` VALUES\n(.*?\));\n(?=INSERT|\n)", text, re.S):
        row = None
        for quoted, bare, sign in TOKEN.findall(body):
            if sign == "(" and row is None:
                row = []
            elif sign == ")":
                rows.append(row)
                row = None
            elif not sign and row is not None:
                row.append(bare if bare else re.sub(r"\\(.)", r"\1", quoted.replace("''", "'")))
    return rows


def test_the_mysql_dump_holds_the_dataset(exported, city, declared):
    text = exported("mysql-sql", ".sql").read_text(encoding="utf-8")
    assert "合成数据" in text.splitlines()[0]
    for name in FEW:
        rows = mysql_rows(text, name)
        expected = held(city, name)
        assert len(rows) == len(expected[declared[name].key[0]])
        for place, column in enumerate(declared[name].columns):
            found = [row[place] for row in rows]
            if column.kind == "number":
                found = [cell if cell == "NULL" else float(cell) for cell in found]
            told = ["NULL" if cell is None else cell for cell in expected[column.name]]
            if column.kind == "flag":
                told = [cell if cell == "NULL" else int(cell) for cell in told]
            if column.kind != "number":
                told = [str(cell) for cell in told]
            assert found == told, f"{name}.{column.name}"
    assert "`amount` decimal(18,2) COMMENT '金额 Amount; CNY; DKYE'" in text
    assert "PRIMARY KEY (`nasty_id`)" in text
    assert "ALTER TABLE `nasty` ADD FOREIGN KEY (`parent_id`) REFERENCES `nasty` (`nasty_id`);" in text


def test_a_key_that_the_data_break_is_a_remark(tmp_path, declared):
    import pyarrow as pa
    import pyarrow.parquet as pq

    from sfbench.store.formats._source import arrow_schema

    rows = {c.name: [None, None] if c.nullable else [1, 1] for c in declared["nasty"].columns}
    rows |= {"label": ["a", "b"], "rate": [Decimal("1.00000")] * 2, "parent_id": [None, 9]}
    (tmp_path / "own").mkdir()
    pq.write_table(pa.table(rows, arrow_schema(declared["nasty"])), tmp_path / "own" / "nasty.parquet")
    export(tmp_path / "own", "postgres-sql", tmp_path / "x.sql", declared=declared)
    text = (tmp_path / "x.sql").read_text(encoding="utf-8")
    assert '-- ALTER TABLE "nasty" ADD PRIMARY KEY ("nasty_id"): some rows share a key' in text
    assert "合成" not in text  # a user's own data are not marked
