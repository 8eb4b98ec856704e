"""Text that a spreadsheet would take for a formula, made harmless so that it can be taken back.

A text that begins with `=`, `+`, `-`, `@`, a tab or a carriage return, or with quotes before one of these, gets one
more single quote in front. Taking one quote away from each such text gives back what was there (source: OWASP, CSV
injection).
"""

from __future__ import annotations

import re

from sfbench.spec import Table
from sfbench.store.formats._source import quoted

_SIGNS = "=+@\t\r-"
_FORMULA = re.compile(rf"'*[{_SIGNS}]")
_GUARDED = re.compile(rf"'+[{_SIGNS}]")
_FIRST = ", ".join(f"chr({ord(sign)})" for sign in [*_SIGNS, "'"])  # no regular expression for most texts


def guard(text: str) -> str:
    """The text as it may stand in a cell."""
    return f"'{text}" if _FORMULA.match(text) else text


def unguard(text: str) -> str:
    """What `guard` was given."""
    return text[1:] if _GUARDED.match(text) else text


def guarded(cell: str) -> str:
    """The same in DuckDB's SQL."""
    begins = rf"left({cell}, 1) IN ({_FIRST}) AND regexp_matches({cell}, '^''*[=+@\t\r-]')"
    return f"CASE WHEN {begins} THEN chr(39) || {cell} ELSE {cell} END"


def unguarded(cell: str) -> str:
    """The inverse of `guarded`, in DuckDB's SQL."""
    return rf"CASE WHEN regexp_matches({cell}, '^''+[=+@\t\r-]') THEN substr({cell}, 2) ELSE {cell} END"


def guarded_cells(table: Table) -> list[str]:
    """Each column of a table with its name, texts guarded."""
    names = [(quoted(column.name), column.kind in ("code", "text")) for column in table.columns]
    return [f"{guarded(name)} AS {name}" if text else name for name, text in names]
