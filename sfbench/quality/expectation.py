"""What an expectation says: frozen values, made by `base` from declarations and by `suites` from YAML."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Severity = Literal["critical", "warning", "info"]
SEVERITIES: tuple[Severity, ...] = ("critical", "warning", "info")  # worst first
ROWS = "rows"  # the type of a row query: every row that it returns is a violation


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """One claim about one table.

    type: the registered name of a Great Expectations built-in (then `kwargs`), or `rows` (then `query`, in which
    `{batch}` stands for the table; other tables and the suite's views go by their names).
    """

    id: str
    type: str
    severity: Severity
    zh: str
    en: str
    finds_zh: str  # the fault that it is there to find
    finds_en: str
    kwargs: Mapping[str, Any] = field(default_factory=dict)
    query: str = ""
    measures: tuple[int, ...] = ()
    covers: tuple[str, ...] = ()  # what the declaration would say of its table, as `due_on.range`, and it finds as well
    where: str = ""  # file:line, or the table file of a base expectation

    @property
    def sql_only(self) -> bool:
        """Whether it needs a database: row queries do, built-in expectations run on pandas too."""
        return self.type == ROWS


@dataclass(frozen=True, slots=True, kw_only=True)
class Suite:
    """The expectations of one table. `views` are named queries, each computed once before the suite runs."""

    name: str
    table: str
    expectations: tuple[Expectation, ...]
    views: Mapping[str, str] = field(default_factory=dict)
    where: str = ""
