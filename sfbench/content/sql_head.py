"""The head of an SQL file of the bench: lines `-- key: value` before the first that is none."""

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
