"""CSV (RFC 4180) with a header: UTF-8 with the BOM that Excel looks for, or GB18030.

A null is an empty cell, an empty text is `""`. Formula-like text is guarded (see `_cells`).
"""

from __future__ import annotations

import codecs
import os
from pathlib import Path

from sfbench.errors import SfbenchError
from sfbench.store.formats._cells import guarded_cells
from sfbench.store.formats._format import Format, Wishes, files
from sfbench.store.formats._source import Source, quoted
from sfbench.store.read import sql_text

_BOM = "\ufeff"
_PIECE = 1 << 20


def write(source: Source, out: str, wishes: Wishes) -> None:
    """A file per table."""
    for table, path in files(source, out, ".csv"):
        cells = guarded_cells(table)
        if wishes.encoding == "utf-8-sig":  # the header is the first cell, and the mark goes before it
            name = table.columns[0].name
            cells[0] = f"{cells[0].removesuffix(f' AS {quoted(name)}')} AS {quoted(_BOM + name)}"
        query = f"SELECT {', '.join(cells)} FROM {quoted(table.name)}"
        source.connection.execute(f"COPY ({query}) TO {sql_text(str(path))} (FORMAT csv, HEADER)")
        if wishes.encoding == "gb18030":
            recode(path, wishes.encoding)


def recode(path: Path, encoding: str) -> None:
    """Turn a UTF-8 file into another encoding, piece by piece. Raises SfbenchError for a letter that it lacks."""
    other = path.with_name(path.name + ".recoded")
    reader = codecs.getincrementaldecoder("utf-8")()
    try:
        with path.open("rb") as source, other.open("wb") as sink:
            while piece := source.read(_PIECE):
                sink.write(reader.decode(piece).encode(encoding))
    except UnicodeEncodeError as error:
        raise SfbenchError(f"the text cannot be written as {encoding}", where=path.name, why=str(error)) from error
    os.replace(other, path)


FORMAT = Format(
    zh="CSV（UTF-8 带 BOM 或 GB18030）",
    en="CSV: UTF-8 with BOM, or GB18030",
    holds="tables",
    write=write,
    suffix=".csv",
    encodings=("utf-8-sig", "utf-8", "gb18030"),
)
