"""What the cache keeps of a metric or a mart, and the digest by which a changed file is noticed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

from sfbench.metrics.catalogue import Catalogue
from sfbench.spec import Table
from sfbench.version import __version__


@dataclass(frozen=True)
class Entry:
    """The rows lie in `file` of the cache with this SHA-256; `digest` is of what made them, `look` is a number."""

    digest: str
    look: int
    file: str
    sha256: str

    @classmethod
    def from_json(cls, record: Mapping[str, Any]) -> Entry:
        """The entry of a JSON record. Raises KeyError, TypeError or ValueError for another shape."""
        return cls(str(record["digest"]), int(record["look"]), str(record["file"]), str(record["sha256"]))


def digest(name: str, known: Catalogue, declared: Mapping[str, Table]) -> str:
    """SHA-256 over all that makes the rows of a metric or mart except the data: SQL, Python, declarations, versions."""
    own = known.metrics[name].sql if name in known.metrics else known.marts[name].sql
    parts = [_code(), own, *(mart.sql for mart in known.marts_of(name))]
    parts += [_declaration(declared.get(need.name)) for need in known.tables_of(name)]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


@cache
def _declaration(table: Table | None) -> str:
    return repr(table)


@cache
def _code() -> str:
    """Versions, and the Python of this package: the steps of metrics and what they call."""
    files = sorted(Path(__file__).parents[1].rglob("*.py"))
    text = "\0".join([__version__, duckdb.__version__, *(file.read_text(encoding="utf-8") for file in files)])
    return hashlib.sha256(text.encode()).hexdigest()
