"""What `check_schema` found, as values."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["missing", "unreadable", "type", "null", "code", "extra"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing about a table (`column` empty) or a column.

    missing: declared and not there; unreadable: no Parquet; type: of a type that does not convert; null: rows without a
    value where one is required; code: rows with a code that is not declared; extra: there and not declared, which is
    no fault. `rows` counts the rows concerned, `examples` shows some of their values.
    """

    table: str
    column: str
    kind: Kind
    detail: str = ""
    rows: int = 0
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TableFacts:
    """A declared table: whether it is there, its rows, and how many of its declared columns can be read."""

    present: bool
    rows: int
    usable: int
    declared: int


@dataclass(frozen=True, slots=True)
class SchemaReport:
    """Facts by declared table, findings, and what can be computed.

    metrics and suites: id -> the tables and columns that it needs and are not there; nothing missing: it can run. Of a
    suite that cannot run whole, rules that read nothing of what is missing are evaluated all the same.
    """

    tables: Mapping[str, TableFacts]
    findings: tuple[Finding, ...]
    metrics: Mapping[str, tuple[str, ...]]
    suites: Mapping[str, tuple[str, ...]]

    @property
    def sound(self) -> bool:
        """Whether every metric can be computed and every value that is there fits its declaration.

        A table or column that no metric needs may lack.
        """
        wrong = [finding for finding in self.findings if finding.kind in ("type", "unreadable", "null", "code")]
        return not wrong and not any(self.metrics.values())

    def to_json(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {
            "sound": self.sound,
            "tables": {name: dataclasses.asdict(facts) for name, facts in self.tables.items()},
            "findings": [dataclasses.asdict(finding) for finding in self.findings],
            "metrics": {name: {"computable": not needs, "needs": list(needs)} for name, needs in self.metrics.items()},
            "suites": {name: {"can_run": not needs, "needs": list(needs)} for name, needs in self.suites.items()},
        }
