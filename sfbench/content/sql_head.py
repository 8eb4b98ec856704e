"""An SQL file of the bench: its head, lines `-- key: value` before the first that is none, and its parameters."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from sfbench.errors import SfbenchError, did_you_mean
from sfbench.folders import read_text


def sql_head(path: Path, kind: str, needed: Collection[str], others: Collection[str]) -> tuple[dict[str, str], str]:
    """(key -> value, the whole text). Raises SfbenchError if a needed line is missing, or there is an odd one."""
    text, head = read_text(path), dict[str, str]()
    for line in text.splitlines():
        key, colon, value = line.removeprefix("-- ").partition(": ")
        if not (line.startswith("-- ") and colon and key.isidentifier()):
            break
        head[key] = value.strip()
    for key in needed:
        if key not in head:
            raise SfbenchError(f"the {kind} has no line `-- {key}: ...`", where=f"{path}:1", fix="add it")
    for key in head:
        if key not in (known := (*needed, *others)):
            raise SfbenchError(f"unknown line `-- {key}: ...`", where=f"{path}:1", fix=did_you_mean(key, known))
    return head, text


def named_parameters(sql: str) -> set[str]:
    """Names of the `$parameters` that the first statement asks for; what stands in comments or texts is none."""
    import duckdb

    statements = duckdb.extract_statements(sql)
    return set(statements[0].named_parameters) if statements else set()
