"""Text files of cells between delimiters, batch by batch."""

from __future__ import annotations

import csv
import itertools
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyarrow import csv as arrow_csv

from sfbench.errors import SfbenchError
from sfbench.intake.headings import matched, no_headings
from sfbench.intake.sheet import FIRST, Sheet, numbered
from sfbench.spec import Table

DELIMITERS = {".dat": "|", ".tsv": "\t"}
_BLOCK = 8 << 20  # bytes of a file that are cut into cells at once; a row is shorter


def delimited(path: Path, table: Table, encoding: str) -> Sheet:
    """Its sheet. Raises SfbenchError for a file without known headings, and while it is read if it cannot be."""
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
        first = FIRST  # broken rows count
        try:
            with arrow_csv.open_csv(path, read_options=read, parse_options=parse, convert_options=convert) as reader:
                for batch in reader:
                    if batch.num_rows:
                        numbers = _numbers(first, batch.num_rows, broken)
                        first = int(numbers[-1]) + 1
                        yield numbered({name: batch.column(place) for name, place in found.items()}, numbers)
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
