"""The cells of a file as text, a null where nothing stands, with the number of their row."""

from __future__ import annotations

import csv
import datetime
import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyarrow import csv as arrow_csv

from sfbench.errors import SfbenchError
from sfbench.intake.encoding import encoding_of
from sfbench.intake.headings import matched, no_headings, stem, table_of, unknown_table
from sfbench.spec import Table

ROW = "_row"
DELIMITERS = {".dat": "|", ".tsv": "\t"}
_BLOCK = 8 << 20  # bytes of a file that are cut into cells at once; a row is shorter
SUFFIXES = (".csv", ".dat", ".tsv", ".txt", ".xlsx")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table of one file. `batches` gives its cells, text columns by declared name and `_row`, once.

    `broken` are the rows that could not be cut into cells; all of them are known when the last batch was given.
    """

    file: str
    table: Table
    names: tuple[str, ...]  # declared columns that it has
    batches: Callable[[], Iterator[pa.Table]]
    broken: Sequence[int] = ()
    guarded: bool = True  # formula-like text stands behind a quote, as exports write it


def sheets(path: Path, table: str, encoding: str, declared: Mapping[str, Table]) -> Iterator[Sheet]:
    """The tables of a file. Raises SfbenchError for a file that cannot be read or whose table is not known."""
    if not path.is_file():
        raise SfbenchError("no such file", where=str(path), fix="check the path")
    if path.suffix.lower() not in SUFFIXES:
        raise SfbenchError(
            f"files of the kind {path.suffix or '(none)'} are not read",
            where=str(path),
            fix=f"one of {', '.join(SUFFIXES)}",
        )
    if path.suffix.lower() == ".xlsx":
        yield from _workbook(path, table, declared)
        return
    spec = declared.get(table) if table else table_of(stem(path), declared)
    if spec is None:
        raise unknown_table(table or stem(path), str(path), declared)
    yield _text(path, spec, encoding_of(path, encoding))


def _text(path: Path, table: Table, encoding: str) -> Sheet:
    delimiter, headings = _head(path, table, encoding)
    found = matched(headings, table)
    if not found:
        raise no_headings(headings, table, str(path))
    names = [f"c{place}" for place in range(len(headings))]
    broken: list[int] = []

    def wrong(row: Any) -> str:
        broken.append(row.number)
        return "skip"

    def batches() -> Iterator[pa.Table]:
        first = 2  # the heading is row 1, as a spreadsheet counts, and broken rows count
        try:
            with arrow_csv.open_csv(path, read_options=read, parse_options=parse, convert_options=convert) as reader:
                for batch in reader:
                    if batch.num_rows:
                        numbers = _numbers(first, batch.num_rows, broken)
                        first = int(numbers[-1]) + 1
                        yield _numbered({name: batch.column(place) for name, place in found.items()}, numbers)
        except (pa.ArrowException, UnicodeError) as error:
            raise SfbenchError("the file cannot be read", where=str(path), why=str(error)) from error

    parse = arrow_csv.ParseOptions(delimiter=delimiter, newlines_in_values=True, invalid_row_handler=wrong)
    read = arrow_csv.ReadOptions(
        encoding=encoding, column_names=names, skip_rows_after_names=1, use_threads=False, block_size=_BLOCK
    )
    convert = arrow_csv.ConvertOptions(
        column_types=dict.fromkeys(names, pa.string()),
        null_values=[""],
        strings_can_be_null=True,
        quoted_strings_can_be_null=False,  # an unquoted empty cell is a null, `""` is an empty text
    )
    return Sheet(path.name, table, tuple(found), batches, broken, delimiter != "|")


def _numbers(first: int, count: int, broken: Sequence[int]) -> NDArray[np.int64]:
    """The next `count` row numbers from `first` on, without those of broken rows."""
    later = [row for row in broken if row >= first]
    numbers = np.arange(first, first + count + len(later), dtype=np.int64)
    return numbers[~np.isin(numbers, later)][:count]


def _numbered(columns: dict[str, Any], numbers: NDArray[np.int64]) -> pa.Table:
    kept = pa.Array.from_buffers(pa.int64(), len(numbers), [None, pa.py_buffer(numbers)])
    return pa.table({**columns, ROW: kept})


def _head(path: Path, table: Table, encoding: str) -> tuple[str, list[str]]:
    """The delimiter, the one under which most headings are known, and the headings."""
    own = DELIMITERS.get(path.suffix.lower())
    best: tuple[int, str, list[str]] = (-1, own or ",", [])
    for delimiter in own or ",;\t|":
        with path.open(encoding=encoding, newline="") as stream:
            headings = next(csv.reader(itertools.islice(stream, 100), delimiter=delimiter), [])
        if not headings:
            raise SfbenchError("the file is empty", where=str(path), fix="its first row holds the headings")
        known = len(matched(headings, table))
        if known > best[0]:
            best = known, delimiter, headings
    return best[1], best[2]


def _workbook(path: Path, table: str, declared: Mapping[str, Table]) -> Iterator[Sheet]:
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
    cells = _numbered(chosen, _numbers(2, len(lines) - 1, ()))
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
