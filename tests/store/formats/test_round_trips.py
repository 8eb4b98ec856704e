"""What is exported is what the dataset holds, to the last digit, read back with another library."""

import csv
import io
import json
import re
import sqlite3
from datetime import date
from decimal import Decimal

import duckdb
import polars as pl
import pyarrow as pa
import pytest

from sfbench.store.formats._cells import guard, unguard
from tests.store.formats.conftest import FEW, held
from tests.store.formats.nasty import TEXTS

SCALES = {"money": 2, "rate": 5}


def typed(text, kind):
    """A cell of a text file as the value that it stands for, in plain Python."""
    if text is None or text == "":
        return None if kind not in ("code", "text") else text
    parse = {"key": int, "count": int, "money": Decimal, "rate": Decimal, "date": date.fromisoformat, "number": float}
    if kind == "flag":
        return {"true": True, "false": False, "1": True, "0": False}[text]
    return parse.get(kind, str)(text)


def same(found, city, declared, name):
    """Claims that columns of plain values are those of the dataset."""
    expected = held(city, name)
    assert list(found) == list(expected)
    for column in declared[name].columns:
        assert found[column.name] == expected[column.name], f"{name}.{column.name}"


def text_rows(text, delimiter):
    """Column -> cells of a delimited text by RFC 4180; an unquoted empty cell is None, which Python's reader hides."""
    cell = re.compile(rf'(?:"((?:[^"]|"")*)"|([^{re.escape(delimiter)}\n]*))([{re.escape(delimiter)}\n])')
    rows, row = [], []
    for quoted, bare, end in (m.group(1, 2, 3) for m in cell.finditer(text)):
        row.append((bare or None) if quoted is None else quoted.replace('""', '"'))
        if end == "\n":
            rows.append(row)
            row = []
    plain = list(csv.reader(io.StringIO(text), delimiter=delimiter))
    assert [["" if x is None else x for x in row] for row in rows] == plain  # two readers agree on the rest
    head, *body = rows
    return dict(zip(head, map(list, zip(*body, strict=True)), strict=True))


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "gb18030"])
def test_csv(exported, city, declared, encoding):
    folder = exported("csv", encoding=encoding)
    for name in FEW:
        data = (folder / f"{name}.synthetic.csv").read_bytes()
        assert data.startswith(b"\xef\xbb\xbf") == (encoding == "utf-8-sig")
        columns = text_rows(data.decode(encoding), ",")
        for column in declared[name].columns:
            cells = columns[column.name]
            if column.kind in ("code", "text"):
                cells = [cell if cell is None else unguard(cell) for cell in cells]
            columns[column.name] = [typed(cell, column.kind) for cell in cells]
        same(columns, city, declared, name)


def test_no_cell_of_csv_or_excel_begins_like_a_formula(exported):
    data = (exported("csv", encoding="utf-8-sig") / "nasty.synthetic.csv").read_bytes().decode("utf-8-sig")
    for row in csv.DictReader(io.StringIO(data)):
        for cell in (row["label"], row["note"]):
            assert not cell or cell[0] not in "=+-@\t\r"


def test_a_guard_can_be_taken_back():
    for text in [*TEXTS, "'", "''", "'a", "''=", "=", "-", "x=1"]:
        assert unguard(guard(text)) == text
        assert guard(text)[:1] not in tuple("=+-@\t\r")


def test_dat(exported, city, declared):
    folder = exported("dat")
    for name in FEW:
        columns = text_rows((folder / f"{name}.synthetic.dat").read_bytes().decode(), "|")
        kinds = declared[name].columns
        assert list(columns) == [c.standard or c.name.upper() for c in kinds]
        plain = {
            c.name: [typed(cell, c.kind) for cell in cells] for c, cells in zip(kinds, columns.values(), strict=True)
        }
        same(plain, city, declared, name)


def test_the_standards_table_of_32_fields_is_loans_joined_with_balances(exported, city):
    folder = exported("dat", tables=("loan", "loan_balance"))
    lines = (folder / "CLDWDKXX" / "CLDWDKXX_20251231.synthetic.dat").read_text(encoding="utf-8").split("\n")
    assert lines.pop() == ""
    head, *rows = [line.split("|") for line in lines]
    assert len(head) == 32 and {len(row) for row in rows} == {32}
    assert head[10] == "DKJJBM" and head[18:20] == ["DKYE", "DKYEZRMB"] and head[-1] == "DKYT"
    balances = held(city, "loan_balance")
    expected = [b for b, m in zip(balances["balance_rmb"], balances["month"], strict=True) if m == date(2025, 12, 31)]
    assert sum(Decimal(row[19]) for row in rows) == sum(expected) and len(rows) == len(expected)
    assert len(list((folder / "CLDWDKXX").iterdir())) == len(set(balances["month"]))


def test_json_lines(exported, city, declared):
    for name in FEW:
        lines = (exported("jsonl") / f"{name}.synthetic.jsonl").read_text(encoding="utf-8").splitlines()
        records = [json.loads(line, parse_float=str) for line in lines]
        columns = {c.name: [record[c.name] for record in records] for c in declared[name].columns}
        for column in declared[name].columns:
            if column.kind in ("money", "rate", "date", "number"):
                cells = columns[column.name]
                columns[column.name] = [None if cell is None else typed(str(cell), column.kind) for cell in cells]
        same(columns, city, declared, name)


@pytest.mark.parametrize(("form", "read"), [("arrow", pl.read_ipc), ("parquet", pl.read_parquet)])
def test_arrow_and_parquet(exported, city, declared, form, read):
    for name in FEW:
        frame = read(exported(form) / f"{name}.synthetic.{form}")
        same(frame.to_dict(as_series=False), city, declared, name)


def test_arrow_files_carry_names_units_and_the_mark(exported):
    schema = pa.ipc.open_file(exported("arrow") / "nasty.synthetic.arrow").schema
    assert schema.metadata[b"sfbench.synthetic"] == b"true"
    assert schema.field("amount").metadata[b"standard"] == b"DKYE"


def test_duckdb(exported, city, declared):
    with duckdb.connect(str(exported("duckdb", ".duckdb")), read_only=True) as con:
        for name in FEW:
            query = con.execute(f"SELECT * FROM {name}")
            names = [head[0] for head in query.description]
            same(dict(zip(names, map(list, zip(*query.fetchall(), strict=True)), strict=True)), city, declared, name)
        told = con.execute("SELECT comment FROM duckdb_tables() WHERE table_name = 'nasty'").fetchone()[0]
        assert "刁钻" in told and "合成数据" in told


def test_sqlite(exported, city, declared):
    con = sqlite3.connect(exported("sqlite", ".sqlite"))
    for name in FEW:
        query = con.execute(f"SELECT * FROM {name}")
        names = [head[0] for head in query.description]
        columns = dict(zip(names, map(list, zip(*query.fetchall(), strict=True)), strict=True))
        for column in declared[name].columns:
            columns[column.name] = [_from_sqlite(cell, column.kind) for cell in columns[column.name]]
        same(columns, city, declared, name)
    assert "合成数据" in con.execute("SELECT remark FROM _sfbench WHERE table_name = ''").fetchone()[0]
    assert [row[1] for row in con.execute("PRAGMA table_info(nasty)") if row[5]] == ["nasty_id"]
    con.close()


def _from_sqlite(cell, kind):
    if cell is None or kind in ("key", "count", "code", "text"):
        return cell
    if kind in SCALES:
        return Decimal(repr(cell)).quantize(Decimal(1).scaleb(-SCALES[kind]))
    return {"date": lambda: date.fromisoformat(cell), "flag": lambda: bool(cell), "number": lambda: float(cell)}[kind]()


def test_delta(exported, city, declared):
    from deltalake import DeltaTable

    for name in FEW:
        table = DeltaTable(exported("delta") / name)
        same(pa.table(table.to_pyarrow_dataset().to_table()).to_pydict(), city, declared, name)
        assert "合成数据" in table.metadata().description


def test_iceberg(exported, city, declared):
    from pyiceberg.catalog.sql import SqlCatalog

    folder = exported("iceberg")
    catalog = SqlCatalog("any", uri=f"sqlite:///{folder / 'catalog.db'}", warehouse=folder.as_uri())
    catalog = SqlCatalog("sfbench", uri=f"sqlite:///{folder / 'catalog.db'}", warehouse=folder.as_uri())
    for name in FEW:
        table = catalog.load_table(f"sfbench.{name}")
        same(table.scan().to_arrow().sort_by(declared[name].key[0]).to_pydict(), city, declared, name)
        assert "合成数据" in table.properties["comment"]


def test_the_fields_of_the_standards_table_stand_in_the_order_of_its_source():
    from sfbench.folders import read_csv
    from sfbench.store.formats.dat import FIELDS

    facts = read_csv("calibration/facts.csv")
    column = next(iter(facts))
    numbered = sorted(name.split("_")[2:] for name in facts[column] if name.startswith("field_cldwdk_"))
    assert [name for _, name in numbered] == list(FIELDS)
