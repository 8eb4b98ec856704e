"""Reads the `faults` of a scenario: each entry checked against the fault and the table that it names."""

from __future__ import annotations

import dataclasses
import datetime
import math
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any, get_args

import yaml

from sfbench.content.faults import faults
from sfbench.content.nodes import items, plain
from sfbench.content.tables import tables
from sfbench.errors import SfbenchError, did_you_mean
from sfbench.spec import Column, Fault, Table, Wish
from sfbench.spec.fault import Ask, At, Depends

_KEYS = (
    *("fault", "table", "columns", "rate", "mechanism", "at", "depends_on"),
    *("where", "from", "to", "decoys", "follows", "with"),
)
_NEEDED = ("fault", "table", "rate")
_COMPARABLE = ("key", "count", "code", "flag")  # kinds that `where` can ask for


def named(found: Iterable[Wish]) -> tuple[Wish, ...]:
    """The wishes of a whole chain, each with the name of its draws: what is wished twice is drawn twice."""
    seen, out = Counter[str](), []
    for wish in found:
        name = ".".join([wish.fault, wish.table, *wish.columns, str(wish.mechanism)])
        seen[name] += 1
        out.append(dataclasses.replace(wish, name=f"{name}.{seen[name]}"))
    return tuple(out)


def wishes(node: yaml.SequenceNode, path: Path, extra: tuple[Path, ...], errors: list[SfbenchError]) -> list[Wish]:
    """The wishes of a list of mappings; what is wrong with an entry is added to `errors` with its line."""
    out = []
    for entry in node.value:
        reader = _Reader(path, entry, extra)
        wish = reader.read()
        errors += reader.errors
        if wish is not None:
            out.append(wish)
    return out


class _Reader:
    """Reads one entry and gathers all that is wrong with it."""

    def __init__(self, path: Path, entry: yaml.Node, extra: tuple[Path, ...]) -> None:
        self.path, self.entry, self.extra = path, entry, extra
        self.errors: list[SfbenchError] = []
        self.line = f"{path}:{entry.start_mark.line + 1}"
        self.lines: dict[str, str] = {}
        self.given: dict[str, Any] = {}

    def read(self) -> Wish | None:
        """The wish, or None if anything is wrong."""
        if not isinstance(self.entry, yaml.MappingNode):
            self._wrong("", "a fault is a mapping of keys", fix=f"keys: {', '.join(_KEYS)}")
            return None
        for key, value, where in items(self.entry, self.path):
            if key not in _KEYS:
                self.errors.append(SfbenchError(f"unknown key {key!r}", where=where, fix=did_you_mean(key, _KEYS)))
            elif key in self.given:
                self.errors.append(SfbenchError(f"key {key!r} is given twice", where=where, fix="keep one"))
            self.lines[key], self.given[key] = where, plain(value)
        for key in _NEEDED:
            if key not in self.given:
                self._wrong("", f"key {key!r} is missing", fix=f"add `{key}: ...`")
        known, every = faults(self.extra), tables(self.extra)
        published = {name: table.spec for name, table in every.items() if table.spec.published}
        fault, table = self._one_of("fault", known), self._one_of("table", published)
        rate, decoys = self._share("rate", 1.0), self._share("decoys", 0.0)
        wish = Wish(
            name="",
            fault=fault,
            table=table,
            rate=rate,
            columns=self._columns(),
            mechanism=int(self._choice("mechanism", ("1", "2"), "1")),
            at=self._choice("at", get_args(At), "report"),
            depends_on=self._choice("depends_on", get_args(Depends), "none"),
            since=self._day("from"),
            until=self._day("to"),
            decoys=decoys,
            follows=str(self.given.get("follows", "")),
        )
        if self.errors:
            return None
        only = self._only(published[table])
        settings = self._settings(known[fault].spec)
        self._fits(wish, known[fault].spec, published[table])
        if wish.decoys and known[fault].decoy is None:
            self._wrong("decoys", f"{fault!r} has no decoys", fix="leave the key out")
        for other in known[fault].spec.looks_at if wish.decoys else ():
            if other not in every or every[other].spec.stage != "block":
                self._wrong("decoys", f"{fault!r} looks at {other!r}, which no block has", fix="mend its `looks_at`")
        return None if self.errors else dataclasses.replace(wish, only=only, settings=settings)

    def _wrong(self, key: str, what: str, fix: str, why: str = "") -> None:
        self.errors.append(SfbenchError(what, where=self.lines.get(key, self.line), why=why, fix=fix))

    def _one_of(self, key: str, known: Iterable[str]) -> str:
        name = str(self.given.get(key, ""))
        if key in self.given and name not in known:
            self._wrong(key, f"unknown {key} {name!r}", fix=did_you_mean(name, known))
        return name

    def _choice(self, key: str, allowed: tuple[str, ...], default: str) -> Any:
        value = str(self.given.get(key, default))
        if value not in allowed:
            self._wrong(key, f"{key!r} cannot be {value!r}", fix=did_you_mean(value, allowed))
            return default
        return value

    def _share(self, key: str, default: float) -> float:
        value = self.given.get(key, default)
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1 or math.isnan(value):
            self._wrong(key, f"{key!r} must be a number from 0 to 1, not {value!r}", fix="mend the value")
            return default
        return float(value)

    def _columns(self) -> tuple[str, ...]:
        given = self.given.get("columns", [])
        if isinstance(given, str):
            return (given,)
        if not isinstance(given, list) or not all(isinstance(name, str) for name in given):
            self._wrong("columns", "'columns' must be a name or a list of names", fix="write `columns: [amount]`")
            return ()
        return tuple(given)

    def _day(self, key: str) -> int | None:
        value = self.given.get(key)
        if value is None:
            return None
        if not isinstance(value, datetime.date):
            self._wrong(key, f"{key!r} must be a day, not {value!r}", fix="write it as 2025-12-31")
            return None
        return (value - datetime.date(1970, 1, 1)).days

    def _only(self, table: Table) -> tuple[str, tuple[str, ...]] | None:
        given = self.given.get("where")
        if given is None:
            return None
        if not isinstance(given, dict) or set(given) != {"column", "in"} or not isinstance(given["in"], list):
            self._wrong("where", "'where' must name a column and its values", fix="where: {column: tag, in: [HNTE]}")
            return None
        column = self._column("where", str(given["column"]), table)
        values = tuple(str(value).lower() if isinstance(value, bool) else str(value) for value in given["in"])
        if column is None:
            return None
        if column.kind not in _COMPARABLE:
            self._wrong(
                "where",
                f"column {column.name!r} is of kind {column.kind!r}",
                fix=f"ask for a column of {', '.join(_COMPARABLE)}",
            )
        allowed = {"code": [code.code for code in column.values], "flag": ["true", "false"]}.get(column.kind)
        for value in values:
            if (allowed is not None and value not in allowed) or (allowed is None and not value.lstrip("-").isdigit()):
                self._wrong("where", f"{value!r} is no value of {column.name}", fix=did_you_mean(value, allowed or ()))
        return column.name, values

    def _settings(self, fault: Fault) -> dict[str, float]:
        given = self.given.get("with", {})
        if not isinstance(given, dict):
            self._wrong("with", "'with' must be a mapping", fix="with: {factor: 1000}")
            return {}
        for name, value in given.items():
            if name not in fault.defaults:
                self._wrong("with", f"{fault.name!r} has no setting {name!r}", fix=did_you_mean(name, fault.defaults))
            elif isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
                self._wrong("with", f"{name} must be a number, not {value!r}", fix="mend the value")
        return dict(fault.defaults) | given

    def _column(self, key: str, name: str, table: Table) -> Column | None:
        names = [column.name for column in table.columns]
        if name not in names:
            self._wrong(key, f"{table.name!r} has no column {name!r}", fix=did_you_mean(name, names))
            return None
        return table.column(name)

    def _fits(self, wish: Wish, fault: Fault, table: Table) -> None:
        """Whether the fault can be planted there."""
        if fault.tables and wish.table not in fault.tables:
            self._wrong(
                "table", f"{fault.name!r} does not fit {wish.table!r}", fix=f"plant it in {', '.join(fault.tables)}"
            )
        if len(wish.columns) != fault.columns:
            wanted = f"name {fault.columns} of kind {', '.join(fault.kinds)}" if fault.columns else "leave the key out"
            self._wrong("columns", f"{fault.name!r} takes {fault.columns} columns, not {len(wish.columns)}", fix=wanted)
        for name in wish.columns:
            column = self._column("columns", name, table)
            if column is None:
                continue
            if column.kind not in fault.kinds:
                fix = f"name a column of kind {', '.join(fault.kinds)}"
                self._wrong("columns", f"{fault.name!r} does not fit {name}, which is {column.kind}", fix=fix)
            elif fault.check and column.check != fault.check:
                fix = f"name a column with the check {fault.check}"
                self._wrong("columns", f"{fault.name!r} does not fit {name}, which has no such check", fix=fix)
            elif "reference" in fault.asks and not column.references:
                self._wrong("columns", f"{name} refers to no table", fix="name a column that does")
            elif name in table.key:
                self._wrong("columns", f"{name} is part of the key", fix="name another column")
        for ask in fault.asks:
            if self._lacks(ask, wish, table):
                self._wrong("table", f"{fault.name!r} does not fit {table.name!r}", why=_LACKS[ask], fix="name another")
        if wish.at not in fault.at:
            self._wrong("at", f"{fault.name!r} acts at {' or '.join(fault.at)} only", fix=f"write `at: {fault.at[0]}`")
        elif wish.at == "source" and table.stage != "block":
            self._wrong("at", f"{table.name!r} is a {table.stage} table", fix="write `at: report`")
        if (wish.since is not None or wish.until is not None) and not table.event_on:
            self._wrong("from", f"{table.name!r} has no day of an event", fix="leave `from` and `to` out")
        if wish.follows and (feed_column(table) is None or not table.event_on):
            self._wrong("follows", f"{table.name!r} names no institution or no day", fix="leave the key out")
        if wish.depends_on == "bank" and feed_column(table) is None:
            self._wrong("depends_on", f"{table.name!r} names no institution", fix="depend on something else")
        if wish.depends_on == "size" and size_column(table) is None:
            self._wrong("depends_on", f"{table.name!r} names no size", fix="depend on something else")
        if wish.depends_on == "value" and value_column(table, wish) is None:
            self._wrong("depends_on", f"{table.name!r} has no amount", fix="depend on something else")
        if fault.level == "table" and wish.depends_on in ("size", "value"):
            self._wrong("depends_on", "a month of a feed has no size or value", fix="depend on none or bank")

    def _lacks(self, ask: Ask, wish: Wish, table: Table) -> bool:
        """Whether the table lacks what a fault asks for. Unknown columns are another error."""
        kinds = {c.kind for c in table.columns if c.name in wish.columns}
        if ask == "one_kind":
            return len(kinds) > 1
        if ask == "event_day":
            return not table.event_on
        if ask == "report_day":
            return table.known_on in ("", table.event_on, *table.key)
        if ask == "month_key":
            return table.event_on not in table.key
        if ask == "number_key":
            return len(table.key) != 1 or table.column(table.key[0]).kind != "key"
        return ask == "codes" and not any(column.kind == "code" for column in table.columns)


_LACKS: dict[Ask, str] = {
    "one_kind": "the columns are of two kinds",
    "event_day": "its rows have no day of an event",
    "report_day": "the day of the report is not a column of its own",
    "month_key": "its key has no month",
    "number_key": "its key is not one number",
    "codes": "it has no column with a list of codes",
}


def feed_column(table: Table) -> Column | None:
    """The first column that names the institution which reports a row."""
    return next((c for c in table.columns if c.references == "institution.institution_id" and not c.nullable), None)


def size_column(table: Table) -> Column | None:
    """The first column with a size class."""
    return next((c for c in table.columns if c.kind == "code" and c.name.endswith("size")), None)


def value_column(table: Table, wish: Wish) -> Column | None:
    """The first wished column with an amount, else the first of the table."""
    columns = [c for c in table.columns if c.kind == "money" and not c.nullable]
    return next((c for c in columns if c.name in wish.columns), next(iter(columns), None))
