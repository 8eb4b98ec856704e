"""What a format cannot hold: days that Excel does not have are texts, texts that would be cut or refused are told."""

import datetime
from dataclasses import replace

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sfbench.errors import SfbenchError
from sfbench.intake import import_files
from sfbench.spec import Column, Table
from sfbench.store.export import export
from sfbench.store.formats import find

DAYS = [datetime.date(*day) for day in [(1600, 1, 1), (1899, 12, 31), (1900, 1, 1), (1900, 2, 28), (1900, 3, 1)]]
DAYS += [datetime.date(1980, 1, 1), datetime.date(9999, 12, 31)]
COLUMNS = (
    Column("odd_id", "key", "编号", "Id"),
    Column("label", "text", "文字", "Text"),
    Column("on_day", "date", "日期", "Day"),
)
ODD = Table(zh="奇", en="Odd", stage="prelude", key=("odd_id",), columns=COLUMNS, fixed_rows=1, name="odd")
DECLARED = {"odd": ODD}


@pytest.fixture
def out(tmp_path):
    """Writes a table with these texts and days, and exports it."""

    def made(form, suffix, texts, days=None):
        (tmp_path / "own").mkdir()
        days = days or DAYS[-1:] * len(texts)
        columns = {"odd_id": range(len(texts)), "label": texts, "on_day": pa.array(days, pa.date32())}
        pq.write_table(pa.table(columns), tmp_path / "own" / "odd.parquet")
        export(tmp_path / "own", form, tmp_path / f"out{suffix}", declared=DECLARED)
        return tmp_path / f"out{suffix}"

    return made


def test_days_before_march_1900_are_texts_in_a_workbook_and_come_back(out, tmp_path):
    book = out("xlsx", ".xlsx", ["x"] * len(DAYS), DAYS)
    cells = [row[2] for row in openpyxl.load_workbook(book)["odd"].iter_rows(min_row=2)]
    assert [cell.data_type for cell in cells] == ["s"] * 4 + ["d"] * 3
    assert import_files([book], tmp_path / "back", declared=DECLARED).problems == ()
    assert pq.read_table(tmp_path / "back" / "odd.parquet")["on_day"].to_pylist() == DAYS


def test_the_longest_text_of_a_cell_comes_back(out, tmp_path):
    texts = ["深" * 32_767, "=" * 32_766, "𠮷" * 16_383]  # a guard's quote is a letter, 𠮷 is two to Excel
    book = out("xlsx", ".xlsx", texts)
    assert import_files([book], tmp_path / "back", declared=DECLARED).problems == ()
    assert pq.read_table(tmp_path / "back" / "odd.parquet")["label"].to_pylist() == texts


@pytest.mark.parametrize("text", ["x" * 32_768, "=" * 32_767, "𠮷" * 16_384])
def test_a_longer_one_is_told_before_anything_is_written(out, tmp_path, text):
    with pytest.raises(SfbenchError, match="too long for Excel") as told:
        out("xlsx", ".xlsx", ["short", text])
    assert "odd.label" in str(told.value) and "32,768" in str(told.value)
    assert not list(tmp_path.glob("out*"))


@pytest.mark.parametrize("form", ["jsonl", "sqlite", "mysql-sql", "xlsx"])
@pytest.mark.parametrize("number", [float("nan"), float("-inf")])
def test_a_number_that_the_format_has_no_word_for_is_told(tmp_path, form, number):
    kept = tmp_path / "own"
    kept.mkdir()
    pq.write_table(pa.table({"odd_id": [1, 2, 3], "size": [0.5, None, number]}), kept / "odd.parquet")
    odd = replace(ODD, columns=(COLUMNS[0], Column("size", "number", "数", "Size", nullable=True)))
    place = tmp_path / f"out{find(form).suffix if find(form).holds == 'file' else ''}"
    with pytest.raises(SfbenchError, match="a number is not finite") as told:
        export(kept, form, place, declared={"odd": odd})
    assert "odd.size" in str(told.value) and "1 rows" in str(told.value)
    assert sorted(tmp_path.iterdir()) == [kept]


def test_a_text_with_nul_is_told_before_a_dump_is_written(out, tmp_path):
    with pytest.raises(SfbenchError, match="the character NUL") as told:
        out("postgres-sql", ".sql", ["plain", f"a{chr(0)}b"])
    assert "odd.label" in str(told.value) and "1 rows" in str(told.value)
    assert not list(tmp_path.glob("out*"))
