"""Where content lives on disk: the built-in folders and those a user adds."""

from __future__ import annotations

import csv
from functools import cache
from itertools import chain
from pathlib import Path

from sfbench.errors import SfbenchError, did_you_mean

PACKAGE = Path(__file__).resolve().parent
_IN_WHEEL = PACKAGE / "_content"
# In a checkout the four content folders are siblings of the package; in the wheel they lie inside it.
BUILT_IN = _IN_WHEEL if _IN_WHEEL.is_dir() else PACKAGE.parent


def datasets() -> Path:
    """Folder of vocabulary and calibration files that the product ships."""
    return BUILT_IN / "datasets"


def read_text(path: Path, where: str = "") -> str:
    """The text of a user's file, without the mark that editors on Windows put first. Raises SfbenchError."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or str(error)
        fix = "save it as UTF-8" if isinstance(error, UnicodeDecodeError) else "check the path"
        raise SfbenchError("the file cannot be read", where=where or str(path), why=why, fix=fix) from error


@cache
def read_csv(relative: str) -> dict[str, tuple[str, ...]]:
    """Columns of a small committed CSV of `datasets/` (its first lines, which start with `#`, name source and licence).

    A folder is read as one table: its files have the same columns and follow each other by name.
    Values stay text; callers convert. Read once a process.
    """
    path = datasets() / relative
    if path.is_dir():
        return _together([f"{relative}/{part.name}" for part in sorted(path.glob("*.csv"))])
    if not path.is_file():
        known = [p.stem for p in path.parent.glob("*.csv")]
        raise SfbenchError(f"no dataset {relative!r}", where=str(path.parent), fix=did_you_mean(path.stem, known))
    with path.open(encoding="utf-8", newline="") as lines:
        first = next(line for line in lines if not line.startswith("#"))
        header, *body = csv.reader(chain([first], lines))
    if set(map(len, body)) - {len(header)}:
        short = next(i for i, row in enumerate(body) if len(row) != len(header))
        raise SfbenchError(f"row {short + 1} has {len(body[short])} fields, not {len(header)}", where=str(path))
    return dict(zip(header, zip(*body, strict=True) if body else [()] * len(header), strict=True))


def _together(files: list[str]) -> dict[str, tuple[str, ...]]:
    parts = [read_csv(file) for file in files]
    for file, part in zip(files, parts, strict=True):
        if list(part) != list(parts[0]):
            why = f"{files[0]} has {', '.join(parts[0])}"
            raise SfbenchError("the columns differ from those of the folder", where=f"datasets/{file}", why=why)
    return {name: tuple(cell for part in parts for cell in part[name]) for name in parts[0]}


@cache
def source_of(relative: str, line: str = "source") -> str:
    """What a committed CSV (`calibration/lpr`), or the first of a folder, names as its `source` or `source_zh`."""
    path = datasets() / relative
    files = sorted(path.glob("*.csv")) if path.is_dir() else [path.with_name(f"{path.name}.csv")]
    with files[0].open(encoding="utf-8") as lines:
        said = next((text for text in lines if text.startswith(f"# {line}: ")), "")
    return said.removeprefix(f"# {line}: ").strip()
