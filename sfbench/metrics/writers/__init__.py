"""Writes figures to a file; its suffix says how. One format per file."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Callable
from pathlib import Path

from sfbench.errors import SfbenchError, did_you_mean
from sfbench.metrics.writers.plain import write_csv, write_json, write_parquet
from sfbench.metrics.writers.report import Report

__all__ = ["SUFFIXES", "Report", "check_suffix", "write", "write_csv", "write_json", "write_parquet"]

SUFFIXES = (".parquet", ".csv", ".json", ".xlsx", ".md")
_TABLES = {".parquet": write_parquet, ".csv": write_csv, ".json": write_json}
_REPORTS = {".xlsx": "xlsx", ".md": "markdown"}  # modules, loaded when asked for


def check_suffix(path: Path, suffixes: tuple[str, ...] = SUFFIXES) -> None:
    """Raises SfbenchError for a suffix that is none of these, or whose library is not installed."""
    if path.suffix not in suffixes:
        fix = f"{did_you_mean(path.suffix, suffixes)} (end the name with one of {', '.join(suffixes)})"
        given = path.suffix or "no suffix"
        raise SfbenchError(f"{given!r} is no format that is written here", where=str(path), fix=fix)
    if path.suffix == ".xlsx" and importlib.util.find_spec("xlsxwriter") is None:
        fix = "pip install 'sfbench[xlsx]', or write .csv or .md"
        raise SfbenchError("Excel files need XlsxWriter", where=str(path), why="it is not installed", fix=fix)


def write(report: Report, path: Path) -> None:
    """Writes the figures, whole or not at all.

    Parquet, CSV and JSON hold the long table as it is; Excel and Markdown name metrics in the report's language.
    Raises SfbenchError for another suffix, a missing library, a folder that is not there, or too many rows for Excel.
    """
    check_suffix(path)
    if path.suffix in _TABLES:
        _TABLES[path.suffix](report.table, path)
    else:
        writer = importlib.import_module(f"sfbench.metrics.writers.{_REPORTS[path.suffix]}")
        save: Callable[[Report, Path], None] = writer.save
        save(report, path)
