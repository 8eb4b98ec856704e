"""The sheets of an Excel workbook, which is held in memory."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from sfbench.errors import SfbenchError
from sfbench.intake.headings import matched, no_headings, stem, table_of, unknown_table
from sfbench.intake.sheet import FIRST, Sheet, numbered
from sfbench.spec import Table


def workbook(path: Path, table: str, declared: Mapping[str, Table]) -> Iterator[Sheet]:
    """Its sheets whose table is known. Raises SfbenchError if it cannot be read or none is."""
    try:
        import python_calamine
    except ModuleNotFoundError as error:
        fix = "pip install 'sfbench[xlsx]'"
        raise SfbenchError("python-calamine is not installed", where=str(path), fix=fix) from error
    try:
        book = python_calamine.CalamineWorkbook.from_path(str(path))
        found = {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}
    except (python_calamine.CalamineError, OSError) as error:
        why = " ".join(str(error).split())
        fix = "open it in Excel, save it again as .xlsx, or save it as CSV"
        raise SfbenchError("the workbook cannot be read", where=str(path), why=why, fix=fix) from error
    known = {name: declared.get(table) if table else table_of(name, declared) for name in found}
    if len(found) == 1 and None in known.values():
        known = dict.fromkeys(known, table_of(stem(path), declared))
    if not any(known.values()):
        raise unknown_table(", ".join(found), str(path), declared)
    for name, spec in known.items():
        if spec is not None and found[name]:
            yield _sheet(f"{path.name}/{name}", spec, found[name])


def _sheet(where: str, table: Table, lines: list[list[Any]]) -> Sheet:
    headings = [str(cell) for cell in lines[0]]
    found = matched(headings, table)
    if not found:
        raise no_headings(headings, table, where)
    columns = list(zip(*lines[1:], strict=True)) or [()] * len(headings)
    chosen: dict[str, Any] = {}
    for name, place in found.items():
        exact = table.column(name).kind == "number"
        chosen[name] = pa.array([_shown(cell, exact=exact) for cell in columns[place]], pa.string())
    cells = numbered(chosen, np.arange(FIRST, FIRST + len(lines) - 1))
    return Sheet(where, table, tuple(found), lambda: iter([cells] if cells.num_rows else []))


def _shown(cell: Any, *, exact: bool) -> str | None:
    """A cell of a workbook as text. Excel shows 15 digits of a number, and so many are meant."""
    if cell is None or cell == "":
        return None
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and not exact:
        return format(Decimal(f"{cell:.15g}"), "f")
    if isinstance(cell, datetime.datetime) and cell.time() == datetime.time():
        return cell.date().isoformat()
    return cell.isoformat() if isinstance(cell, datetime.date) else str(cell)
