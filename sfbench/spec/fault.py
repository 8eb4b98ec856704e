"""A fault: one way in which reported data go wrong; and a wish: a line of a scenario that plants it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from sfbench.spec.column import Kind

Level = Literal["cell", "row", "table", "cross", "statistical"]
Severity = Literal["critical", "warning", "info"]
At = Literal["source", "report"]
Ask = Literal["reference", "one_kind", "event_day", "report_day", "month_key", "number_key", "codes"]
Withheld = Literal["", "chance", "value"]
Depends = Literal["none", "bank", "size", "value"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What the file of a fault declares. The file name is its name (`name` is filled in by the content loader).

    visible: whether a rule over the reported tables can see it at all; said before any suite is run.
    mechanisms: two ways in which it comes about; the second is kept for scoring, authors of suites do not look at it.
    mechanisms_zh: the same in Chinese; English ones stand in where a file has none.
    columns: how many columns a wish names, each of one of `kinds`; 0 for a fault of whole rows.
    tables: the only tables that it fits; none named means any.
    asks: what else is needed. reference: the column refers to another table; one_kind: both columns are of one kind;
    event_day, report_day: a day of the fact, and another of its report; month_key: the day is part of the key;
    number_key: the key is one number; codes: a column with a list of codes.
    at: `source` acts before what needs all blocks is made, so sums over the table follow; `report` acts after.
    defaults: the numbers that it asks for; a wish may set others.
    looks_at: other tables whose true rows of the same block tell which sound rows are its decoys.
    withholds: a row that it loses is a report that was due and did not come; `value` if what the report would have
    said decides on it, `chance` if only the wish's `depends_on` may.
    """

    zh: str
    en: str
    level: Level
    visible: bool
    mechanisms: tuple[str, str]
    mechanisms_zh: tuple[str, str] = ("", "")
    columns: int = 1
    kinds: tuple[Kind, ...] = ()
    tables: tuple[str, ...] = ()
    asks: tuple[Ask, ...] = ()
    at: tuple[At, ...] = ("report",)
    check: str = ""  # the column must have this check-digit rule
    severity: Severity = "critical"
    defaults: Mapping[str, float] = field(default_factory=dict)
    looks_at: tuple[str, ...] = ()
    withholds: Withheld = ""
    name: str = ""
    where: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """One entry of a scenario's `faults`.

    rate: the chance that a row (of a table-level fault: a month of a feed) is hit, times what it depends on.
    only: (column, values as text): rows whose cell is among them; since, until: days of the table's event.
    decoys: the chance that a sound row which looks like the fault is listed among the labels as a decoy.
    follows: a lever by bank; only rows of the banks that it reaches, from their start on, times its size.
    """

    name: str  # names its draws: fault, table, columns, mechanism
    fault: str
    table: str
    rate: float
    columns: tuple[str, ...] = ()
    mechanism: int = 1
    at: At = "report"
    depends_on: Depends = "none"
    only: tuple[str, tuple[str, ...]] | None = None
    since: int | None = None  # days since 1970-01-01
    until: int | None = None
    decoys: float = 0.0
    follows: str = ""
    settings: Mapping[str, float] = field(default_factory=dict)
