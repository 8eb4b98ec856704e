"""An Excel workbook: a sheet per table with bilingual headings, typed cells, and a sheet of notes. Written row by row.

Numbers of more than 15 digits, which Excel would round, are written as text, and so are days of which Excel has no
right number. Formula-like text is guarded.
"""

from __future__ import annotations

import datetime
from typing import Any

from sfbench.errors import SfbenchError
from sfbench.spec import Column, Table
from sfbench.store.formats._cells import guarded_cells
from sfbench.store.formats._finite import refuse_not_finite
from sfbench.store.formats._format import Format, Wishes, missing
from sfbench.store.formats._source import Source, quoted
from sfbench.store.formats.sqlite import DIGITS

ROWS = 1_048_576  # of a sheet, with its heading
_LETTERS = 32_767  # of a cell, in units of UTF-16; XlsxWriter cuts what is longer
# Excel takes 1900 for a leap year: days before its March are off by one, and those before 1900 are none.
_FIRST_DAY = datetime.date(1900, 3, 1)
_NAME = 31  # letters of a sheet's name
_CREATED = datetime.datetime(1980, 1, 1)  # the time of writing would make two files of the same data differ
_SHOWN = {"money": "#,##0.00", "rate": "0.00000", "date": "yyyy-mm-dd", "key": "0", "count": "0", "number": "General"}
_DIGITS = 15
_BATCH = 8192


def heading(column: Column) -> str:
    """The heading of a column: Chinese, English, its name."""
    return f"{column.zh}\n{column.en}\n{column.name}"


def write(source: Source, out: str, wishes: Wishes) -> None:
    """One workbook."""
    try:
        import xlsxwriter
    except ModuleNotFoundError as error:
        raise missing("XlsxWriter", "xlsx") from error
    refuse_not_finite(source, "xlsx")
    for table in source.tables.values():
        _refuse_too_long(source, table)
        _refuse_long_texts(source, table)
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"title": source.path.name, "comments": source.mark, "created": _CREATED})
        head = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        shown = {kind: book.add_format({"num_format": form}) for kind, form in _SHOWN.items()}
        _notes(source, book.add_worksheet("说明 Notes"), head)
        for table in source.tables.values():
            _sheet(source, table, book.add_worksheet(table.name[:_NAME]), head, shown)


def _refuse_too_long(source: Source, table: Table) -> None:
    rows = source.rows(table.name)
    if rows >= ROWS:
        why = f"a sheet holds {ROWS - 1:,} rows and its heading"
        fix = "leave it out with --tables, cut with --as-of, or choose csv, parquet or duckdb"
        raise SfbenchError(f"table {table.name!r} has {rows:,} rows", where="--format xlsx", why=why, fix=fix)


def _refuse_long_texts(source: Source, table: Table) -> None:
    """A letter outside the basic plane counts as two; a quote that guards a text counts, too."""
    names = [column.name for column in table.columns if column.kind in ("code", "text")]
    if not names:
        return
    outside = r"[^\x{10000}-\x{10FFFF}]"
    texts = [f"{quoted(name)}::VARCHAR" for name in names]
    units = [f"length({text}) + length(regexp_replace({text}, '{outside}', '', 'g'))" for text in texts]
    longest = [
        f"max(CASE WHEN length({text}) > {_LETTERS // 2} THEN {long} ELSE 0 END)"
        for text, long in zip(texts, units, strict=True)
    ]
    query = f"SELECT {', '.join(longest)} FROM (SELECT {', '.join(guarded_cells(table))} FROM {quoted(table.name)})"
    found = source.connection.execute(query).fetchone() or ()
    for name, letters in zip(names, found, strict=True):
        if letters is not None and letters > _LETTERS:
            where = f"--format xlsx: {table.name}.{name}"
            why = f"a cell holds {_LETTERS:,} letters, the longest text has {letters:,}"
            fix = "leave the table out with --tables, or choose csv, parquet or duckdb"
            raise SfbenchError("a text is too long for Excel", where=where, why=why, fix=fix)


def _notes(source: Source, sheet: Any, head: Any) -> None:
    sheet.set_column(0, 2, 40)
    sheet.write_row(0, 0, [source.mark or source.path.name])
    sheet.write_row(2, 0, ["sheet", "数据表", "table"], head)
    for place, table in enumerate(source.tables.values(), 3):
        sheet.write_row(place, 0, [table.name, table.zh, table.en])


def _sheet(source: Source, table: Table, sheet: Any, head: Any, shown: dict[str, Any]) -> None:
    sheet.freeze_panes(1, 0)
    for place, column in enumerate(table.columns):
        sheet.set_column(place, place, 18)
        sheet.write_string(0, place, heading(column), head)
    writers = [_writer(sheet, column, shown.get(column.kind)) for column in table.columns]
    row = 1
    # A workbook has no columnar interface: cells are written one by one, in the order of the sheet.
    for batch in source.batches(f"SELECT {', '.join(guarded_cells(table))} FROM {quoted(table.name)}", _BATCH):
        for cells in zip(*(array.to_pylist() for array in batch.columns), strict=True):
            for place, (writer, cell) in enumerate(zip(writers, cells, strict=True)):
                if cell is not None:
                    writer(row, place, cell)
            row += 1


def _writer(sheet: Any, column: Column, shown: Any) -> Any:
    """A function of (row, column, cell): numbers and days as such where Excel keeps them, else as text."""
    if column.kind in ("code", "text"):
        return sheet.write_string
    if column.kind == "flag":
        return sheet.write_boolean
    if column.kind == "date":
        return lambda row, place, cell: _day(sheet, row, place, cell, shown)
    if column.kind == "number":
        return lambda row, place, cell: sheet.write_number(row, place, cell, shown)
    largest = 10 ** (_DIGITS - DIGITS.get(column.kind, 0))

    def number(row: int, place: int, cell: Any) -> None:
        if -largest < cell < largest:
            sheet.write_number(row, place, cell, shown)
        else:
            sheet.write_string(row, place, str(cell))

    return number


def _day(sheet: Any, row: int, place: int, cell: datetime.date, shown: Any) -> None:
    if cell >= _FIRST_DAY:
        sheet.write_datetime(row, place, cell, shown)
    else:
        sheet.write_string(row, place, cell.isoformat())


FORMAT = Format(
    zh="Excel 工作簿（双语表头）",
    en="an Excel workbook with bilingual headings",
    holds="file",
    write=write,
    suffix=".xlsx",
    extra="xlsx",
)
