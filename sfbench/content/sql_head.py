"""An SQL file of the bench: its head, lines `-- key: value` before the first that is none, and its parameters."""

from __future__ import annotations


def sql_head(text: str) -> dict[str, str]:
    """Key -> value."""
    out = {}
    for line in text.splitlines():
        key, colon, value = line.removeprefix("-- ").partition(": ")
        if not (line.startswith("-- ") and colon and key.isidentifier()):
            break
        out[key] = value.strip()
    return out


def named_parameters(sql: str) -> set[str]:
    """Names of the `$parameters` that the first statement asks for; what stands in comments or texts is none."""
    import duckdb

    statements = duckdb.extract_statements(sql)
    return set(statements[0].named_parameters) if statements else set()
