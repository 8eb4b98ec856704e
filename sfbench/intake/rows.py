"""The tables of a user's file, whatever its kind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from sfbench.errors import SfbenchError
from sfbench.intake.delimited import delimited
from sfbench.intake.encoding import encoding_of
from sfbench.intake.headings import stem, table_of, unknown_table
from sfbench.intake.parquet import parquet
from sfbench.intake.sheet import Sheet
from sfbench.intake.workbook import workbook
from sfbench.spec import Table

SUFFIXES = (".csv", ".dat", ".tsv", ".txt", ".xlsx", ".parquet")


def sheets(path: Path, table: str, encoding: str, declared: Mapping[str, Table]) -> Iterator[Sheet]:
    """The tables of a file. Raises SfbenchError for a file that cannot be read or whose table is not known."""
    if path.is_dir():
        raise SfbenchError("this is a folder", where=str(path), fix=f"name its files: {_pattern(path)}")
    if not path.is_file():
        raise SfbenchError("no such file", where=str(path), fix="check the path")
    kind = path.suffix.lower()
    if kind not in SUFFIXES:
        raise SfbenchError(
            f"files of the kind {path.suffix or '(none)'} are not read",
            where=str(path),
            fix=f"one of {', '.join(SUFFIXES)}",
        )
    if kind == ".xlsx":
        yield from workbook(path, table, declared)
        return
    spec = declared.get(table) if table else table_of(stem(path), declared)
    if spec is None:
        raise unknown_table(table or stem(path), str(path), declared)
    yield parquet(path, spec) if kind == ".parquet" else delimited(path, spec, encoding_of(path, encoding))


def _pattern(folder: Path) -> str:
    """Which of its files, or of those in its folders, can be taken, as a shell writes it."""
    for depth in ("*", "*/*"):
        held = {path.suffix.lower() for path in folder.glob(depth)}
        for suffix in SUFFIXES:
            if suffix in held:
                return str(folder / f"{depth}{suffix}")
    return str(folder / "*.csv")
