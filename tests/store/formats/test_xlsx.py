"""Workbooks, read back with openpyxl: typed cells, bilingual headings, guarded text, the row limit."""

import datetime
from decimal import Decimal

import openpyxl
import pytest

from sfbench.errors import SfbenchError
from sfbench.store.export import export
from sfbench.store.formats import xlsx
from sfbench.store.formats._cells import unguard
from tests.store.formats.conftest import FEW, held

QUANTA = {"money": Decimal("0.01"), "rate": Decimal("0.00001")}


@pytest.fixture(scope="module")
def book(exported):
    return openpyxl.load_workbook(exported("xlsx", ".xlsx"))


def value(cell, column):
    if cell is None:
        return None
    if column.kind in QUANTA:
        return Decimal(repr(cell) if isinstance(cell, float) else cell).quantize(QUANTA[column.kind])
    if isinstance(cell, datetime.datetime):
        return cell.date()
    return {"key": int, "number": float, "text": unguard, "code": unguard}.get(column.kind, lambda x: x)(cell)


@pytest.mark.parametrize("name", FEW)
def test_a_sheet_holds_the_table(book, city, declared, name):
    head, *rows = book[name].iter_rows(values_only=True)
    assert head == tuple(f"{c.zh}\n{c.en}\n{c.name}" for c in declared[name].columns)
    expected = held(city, name)
    for place, column in enumerate(declared[name].columns):
        found = [value(row[place], column) for row in rows]
        if column.kind in ("text", "code"):
            found = ["" if cell is None else cell for cell in found]  # Excel has no empty text
            assert found == [cell or "" for cell in expected[column.name]], column.name
        else:
            assert found == expected[column.name], column.name


def test_cells_are_typed_and_no_formula_is_written(book):
    kinds = {cell.data_type for row in book["nasty"].iter_rows(min_row=2) for cell in row}
    assert kinds == {"n", "s", "d", "b"}  # no "f"
    labels = [row[1] for row in book["nasty"].iter_rows(min_row=2, values_only=True)]
    assert labels[:2] == ["'=SUM(A1:A9)", "'+86 755"]


def test_the_first_sheet_has_the_mark(book):
    assert "合成数据" in book.worksheets[0]["A1"].value and "synthetic" in book.properties.description


def test_too_many_rows_are_told_before_anything_is_written(city, declared, tmp_path, monkeypatch):
    monkeypatch.setattr(xlsx, "ROWS", 10)
    with pytest.raises(SfbenchError, match="has 20 rows") as told:
        export(city, "xlsx", tmp_path / "x.xlsx", tables=["nasty"], declared=declared)
    assert "a sheet holds 9 rows" in str(told.value) and not list(tmp_path.iterdir())
