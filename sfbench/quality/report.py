"""What a validation found: frozen, ordered, and plain enough for JSON."""

from __future__ import annotations

import datetime as dt
import decimal
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from sfbench.quality.expectation import SEVERITIES, Severity

Outcome = Literal["passed", "violated", "not_evaluated"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """The outcome of one expectation. `violated` is a statement about the data; `not_evaluated` about the check."""

    table: str
    id: str
    severity: Severity
    zh: str
    en: str
    finds_zh: str
    finds_en: str
    outcome: Outcome
    rows: int | None  # rows of the table; None if the table could not be read
    unexpected: int | None  # violating rows (for a claim about the table as a whole: 1); None if not evaluated
    sample: tuple[Mapping[str, Any], ...] = ()  # keys of some violating rows
    reason: str = ""  # why it could not be evaluated, or what was observed of a table as a whole
    sql_only: bool = False  # a row query needs a database; built-in expectations run on pandas too
    measures: tuple[int, ...] = ()  # of the action plan
    key: tuple[str, ...] = ()  # key columns of the table


@dataclass(frozen=True, slots=True)
class Report:
    """All findings of a run, in the order of tables and suites."""

    findings: tuple[Finding, ...]
    seconds: float

    @property
    def verdict(self) -> Outcome:
        """`violated` if anything is, else `not_evaluated` if anything is (or nothing was checked), else `passed`."""
        outcomes = {finding.outcome for finding in self.findings}
        if "violated" in outcomes:
            return "violated"
        return "passed" if outcomes == {"passed"} else "not_evaluated"

    @property
    def violated(self) -> tuple[Finding, ...]:
        """Findings about the data, worst severity first."""
        found = [f for f in self.findings if f.outcome == "violated"]
        return tuple(sorted(found, key=lambda f: SEVERITIES.index(f.severity)))

    @property
    def not_evaluated(self) -> tuple[Finding, ...]:
        """Checks that could not be made."""
        return tuple(f for f in self.findings if f.outcome == "not_evaluated")

    def counts(self) -> dict[str, dict[str, int]]:
        """severity -> outcome -> number of expectations."""
        table = {s: {"passed": 0, "violated": 0, "not_evaluated": 0} for s in SEVERITIES}
        for finding in self.findings:
            table[finding.severity][finding.outcome] += 1
        return {str(severity): row for severity, row in table.items()}

    def fails_on(self, severity: Severity) -> bool:
        """Whether an expectation of this severity or worse is violated or could not be evaluated."""
        bad = SEVERITIES[: SEVERITIES.index(severity) + 1]
        return any(f.severity in bad for f in (*self.violated, *self.not_evaluated))

    def to_json(self) -> str:
        """One object: verdict, counts, findings (dates ISO, decimals as text so that no digit is lost)."""
        whole = {"verdict": self.verdict, "seconds": round(self.seconds, 2), "counts": self.counts()}
        return json.dumps({**whole, "findings": [asdict(f) for f in self.findings]}, ensure_ascii=False, default=_plain)


def _plain(value: object) -> object:
    if isinstance(value, dt.date | dt.datetime):
        return value.isoformat()
    if isinstance(value, decimal.Decimal):
        return str(value)
    if hasattr(value, "item"):  # a numpy scalar that Great Expectations hands back
        return value.item()
    return str(value)
