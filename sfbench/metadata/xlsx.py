"""The data dictionary as a workbook: tables, columns, codes."""

from __future__ import annotations

import datetime
import io
from collections.abc import Iterable, Sequence
from typing import Any

from sfbench.metadata.facts import Facts
from sfbench.metadata.markdown import HEADS, facts_of
from sfbench.store.formats._format import missing

NAME = "dictionary.xlsx"
_CREATED = datetime.datetime(1980, 1, 1)  # the time of writing would make two files of the same facts differ


def data(facts: Facts) -> bytes:
    """The file's bytes. Raises SfbenchError where XlsxWriter is not installed."""
    try:
        import xlsxwriter
    except ModuleNotFoundError as error:
        raise missing("XlsxWriter", "xlsx") from error
    sink = io.BytesIO()
    with xlsxwriter.Workbook(sink, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"title": facts.name, "comments": facts.description, "created": _CREATED})
        held = facts.tables
        tables = [(h.table.name, h.table.zh, h.table.en, h.rows, ", ".join(h.table.key)) for h in held]
        columns = [(h.table.name, *facts_of(column)) for h in held for column in h.table.columns]
        codes = [(h.table.name, c.name, *code) for h in held for c in h.table.columns for code in c.values]
        _sheet(book, "数据表 Tables", ("table", "数据表", "what", "rows 行数", "key 主键"), tables)
        _sheet(book, "字段 Columns", ("table", *HEADS), columns)
        _sheet(book, "代码 Codes", ("table", "column", "code 代码", "中文", "English"), codes)
    return sink.getvalue()


def _sheet(book: Any, name: str, heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    sheet = book.add_worksheet(name)
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, len(heads) - 1, 22)
    sheet.write_row(0, 0, heads, book.add_format({"bold": True}))
    for place, row in enumerate(rows, 1):
        sheet.write_row(place, 0, row)
