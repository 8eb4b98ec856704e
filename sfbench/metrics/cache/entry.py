"""What the cache keeps of a metric or a mart, and the digest by which a changed file is noticed."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

from sfbench.metrics.catalogue import Catalogue
from sfbench.spec import Table
from sfbench.version import __version__


@dataclass(frozen=True)
class Piece:
    """Rows in `file` of the cache, which has this SHA-256; those from the month `until` on (None: none) have passed."""

    file: str
    sha256: str
    until: str | None = None


@dataclass(frozen=True)
class Entry:
    """The rows lie in the pieces; `digest` is of what made them, `look` is the number of what it looked at."""

    digest: str
    look: int
    pieces: tuple[Piece, ...]

    def before(self, month: datetime.date) -> tuple[Piece, ...]:
        """The pieces without their rows from a month on."""
        until = month.isoformat()
        return tuple(replace(piece, until=min(until, piece.until or until)) for piece in self.pieces)

    def to_json(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {"digest": self.digest, "look": self.look, "pieces": [asdict(piece) for piece in self.pieces]}

    @classmethod
    def from_json(cls, record: Mapping[str, Any]) -> Entry:
        """The entry of a JSON record. Raises KeyError, TypeError or ValueError for another shape."""
        pieces = tuple(Piece(str(p["file"]), str(p["sha256"]), _month(p["until"])) for p in record["pieces"])
        return cls(str(record["digest"]), int(record["look"]), pieces)


def digest(name: str, known: Catalogue, declared: Mapping[str, Table]) -> str:
    """SHA-256 over all that makes the rows of a metric or mart except the data: SQL, Python, declarations, versions."""
    own = known.metrics[name].sql if name in known.metrics else known.marts[name].sql
    parts = [_code(), own, *(mart.sql for mart in known.marts_of(name))]
    parts += [_declaration(declared.get(need.name)) for need in known.tables_of(name)]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _month(text: str | None) -> str | None:
    return None if text is None else datetime.date.fromisoformat(text).isoformat()


@cache
def _declaration(table: Table | None) -> str:
    return repr(table)


@cache
def _code() -> str:
    """Versions, and the Python of this package: the steps of metrics and what they call."""
    files = sorted(Path(__file__).parents[1].rglob("*.py"))
    text = "\0".join([__version__, duckdb.__version__, *(file.read_text(encoding="utf-8") for file in files)])
    return hashlib.sha256(text.encode()).hexdigest()
