"""Reads the `levers` of a scenario: each entry checked against what the model lets a policy move, and for whom."""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any, get_args

import yaml

from sfbench.content.budgets import budget
from sfbench.content.nodes import items, plain
from sfbench.errors import SfbenchError, did_you_mean
from sfbench.folders import read_csv
from sfbench.spec import NEVER, Budget, Cohort, Lever
from sfbench.spec.lever import UnitKind

_KEYS = (
    *("name", "title_zh", "title_en", "source", "parameter", "multiply", "add", "grows", "before"),
    *("who", "unit", "areas", "cohorts", "spill", "to", "budget", "secret", "stays", "drawn_as"),
)
REPORTING, OF_BANKS = "reporting.chance", "bank_type"  # the parameter and the field of levers by bank
_NEEDED = ("name", "title_zh", "title_en", "source", "parameter", "cohorts")


def levers(node: yaml.SequenceNode, path: Path, errors: list[SfbenchError]) -> list[Lever]:
    """The levers of a list of mappings; what is wrong with an entry is added to `errors` with its line."""
    out: list[Lever] = []
    for entry in node.value:
        reader = _Reader(path, entry)
        lever = reader.read()
        if lever is not None and lever.name in {other.name for other in out}:
            reader.wrong("name", f"lever {lever.name!r} is given twice", "give it another name")
        errors += reader.errors
        if lever is not None:
            out.append(lever)
    return out


@cache
def labels(field: str) -> tuple[str, ...]:
    """The labels by which a field is chosen, by position; none for a number."""
    text = _column("field", "labels")[field]
    if "/" not in text:
        return tuple(text.split("|")) if text else ()
    file, column = text.rsplit(".", 1)
    return read_csv(f"{file}.csv")[column]


def _column(file: str, name: str) -> dict[str, str]:
    """A column of `datasets/lever/parameter.csv` or `field.csv` by parameter or field."""
    known = read_csv(f"lever/{file}.csv")
    return dict(zip(known[file], known[name], strict=True))


def outcome(parameter: str) -> tuple[str, str] | None:
    """(table, money column) that adds up what moving a parameter leads to; None where nothing does."""
    table, _, column = _column("parameter", "outcome")[parameter].partition(".")
    return (table, column) if column else None


def bank_numbers() -> tuple[str, ...]:
    """The institution_id of each bank as text, by position."""
    known = read_csv("vocabulary/institution.csv")
    return tuple(n for n, kind in zip(known["institution_id"], known["kind"], strict=True) if kind == "bank")


class _Reader:
    """Reads one entry and gathers all that is wrong with it."""

    def __init__(self, path: Path, entry: yaml.Node) -> None:
        self.errors: list[SfbenchError] = []
        self.line = f"{path}:{entry.start_mark.line + 1}"
        self.lines: dict[str, str] = {}
        self.given: dict[str, Any] = {}
        if not isinstance(entry, yaml.MappingNode):
            self.wrong("", "a lever is a mapping of keys", f"keys: {', '.join(_KEYS)}")
            return
        for key, value, where in items(entry, path):
            if key in self.given:
                self.errors.append(SfbenchError(f"key {key!r} is given twice", where=where, fix="keep one"))
            self.lines[key], self.given[key] = where, plain(value)
        for key in self.given:
            if key not in _KEYS:
                self.wrong(key, f"unknown key {key!r}", did_you_mean(key, _KEYS))
        for key in _NEEDED:
            if key not in self.given:
                self.wrong("", f"key {key!r} is missing", f"add `{key}: ...`")

    def read(self) -> Lever | None:
        """The lever, or None if anything is wrong."""
        if self.errors:
            return None
        unit = self._one_of("unit", self.given.get("unit", "firm"), get_args(UnitKind))
        areas = self._count("areas", self.given.get("areas", 0), "areas", low=2) if unit == "area" else 0
        if unit != "area" and "areas" in self.given:
            self.wrong("areas", "only a lever by area has areas", "write `unit: area`, or leave the key out")
        ways = [way for way in ("multiply", "add") if way in self.given]
        if len(ways) != 1:
            self.wrong("", "a lever either multiplies or adds", "give one of `multiply: 0.08`, `add: 0.05`")
        parameter = self._one_of("parameter", self.given["parameter"], read_csv("lever/parameter.csv")["parameter"])
        if (unit == "bank") != (parameter == REPORTING):
            self.wrong("unit", f"a lever by bank moves {REPORTING}, and no other lever does", "mend one of the two")
        if unit != "area" and "spill" in self.given:
            self.wrong("spill", "only a lever by area spills over", "write `unit: area`, or leave the key out")
        growth = self._mapping("grows", ("by", "every", "most"))
        ahead = self._mapping("before", ("months", "size"))
        lever = Lever(
            **{short: self._text(key) for short, key in (("name", "name"), ("zh", "title_zh"), ("en", "title_en"))},
            source=self._text("source"),
            parameter=parameter,
            way="add" if ways == ["add"] else "multiply",
            first=self._number(ways[0], self.given[ways[0]]) if ways else 0.0,
            step=self._number("grows", growth.get("by", 0.0)),
            every=self._count("grows", growth.get("every", 3), "every", low=1),
            most=self._number("grows", growth["most"]) if "most" in growth else math.inf,
            before=(
                self._count("before", ahead.get("months", 0), "months", low=0),
                self._number("before", ahead.get("size", 0.0)),
            ),
            who=self._who(unit, parameter),
            unit=unit,
            areas=areas,
            cohorts=self._cohorts(unit, areas),
            spill=self._number("spill", self.given.get("spill", 0.0)),
            end=self._month("to", self.given["to"]) if "to" in self.given else NEVER,
            budget=self._budget(unit, parameter) if "budget" in self.given else None,
            secret=self._yes("secret"),
            stays=self._yes("stays"),
            drawn_as=self._text("drawn_as") if "drawn_as" in self.given else "",
        )
        return None if self.errors else lever

    def wrong(self, key: str, what: str, fix: str, why: str = "") -> None:
        """Note an error at a key's line."""
        self.errors.append(SfbenchError(what, where=self.lines.get(key, self.line), why=why, fix=fix))

    def _who(self, unit: str, parameter: str) -> dict[str, Any]:
        out: dict[str, Any] = {}
        asked_by = _column("parameter", "asked_by")[parameter]
        known = [name for name in read_csv("lever/field.csv")["field"] if (name == OF_BANKS) == (unit == "bank")]
        for name, wanted in self._mapping("who", known).items():
            if asked_by and _column("field", "table")[name] == asked_by:
                self.wrong("who", f"{name!r} is known only after {parameter!r} is asked for", "choose by another field")
            places = labels(name)
            if not places:
                bounds = wanted if isinstance(wanted, dict) and not set(wanted) - {"low", "high"} else None
                if bounds is None:
                    self.wrong("who", f"{name!r} is a number", f"write `{name}: {{low: 0.5}}`")
                    continue
                low, high = bounds.get("low", -math.inf), bounds.get("high", math.inf)
                out[name] = (self._number("who", low, finite=False), self._number("who", high, finite=False))
            else:
                out[name] = self._places("who", wanted, places)
        return out

    def _cohorts(self, unit: str, areas: int) -> tuple[Cohort, ...]:
        given, out = self.given["cohorts"], []
        if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
            self.wrong("cohorts", "cohorts are a list of mappings", "cohorts: [{from: 2025-07, share: 0.5}]")
            return ()
        for one in given:
            if odd := set(one) - {"from", "share", "units", "times"}:
                self.wrong("cohorts", f"unknown key {min(odd)!r}", "keys: from, share, units, times")
            if ("share" in one) == ("units" in one):
                self.wrong("cohorts", "a cohort has a share, or names its units", "give one of the two")
            numbered = {"area": tuple(map(str, range(areas))), "bank": bank_numbers()}
            places = labels("district") if unit == "district" else numbered.get(unit, ())
            if "units" in one and unit == "firm":
                self.wrong("cohorts", "single firms are not named", "give a share, or choose by `who`")
            out.append(
                Cohort(
                    start=self._month("cohorts", one.get("from")),
                    share=self._number("cohorts", one.get("share", 0.0)),
                    units=self._places("cohorts", one["units"], places) if "units" in one else (),
                    times=self._number("cohorts", one.get("times", 1.0)),
                )
            )
        if not 0 <= sum(one.share for one in out) <= 1 + 1e-9 or any(one.share < 0 for one in out):
            self.wrong("cohorts", "the shares of the cohorts are no parts of 1", "let them add up to 1 or less")
        return tuple(out)

    def _budget(self, unit: str, parameter: str) -> Budget | None:
        if unit == "bank":
            self.wrong("budget", "a lever by bank spends no money", "leave the budget out")
            return None
        usual, foreseen = (_column("parameter", name)[parameter] for name in ("outcome", "foreseen"))
        return budget(self.given["budget"], usual, bool(foreseen), self.wrong)

    def _places(self, key: str, wanted: Any, known: Iterable[str]) -> tuple[int, ...]:
        place = {name: i for i, name in enumerate(known)}
        named = wanted if isinstance(wanted, list) else [wanted]
        if not named:
            self.wrong(key, f"{key!r} names nobody", "name one, or leave it out")
        for name in named:
            if str(name) not in place:
                self.wrong(key, f"unknown value {name!r}", did_you_mean(str(name), place))
        return tuple(place[str(name)] for name in named if str(name) in place)

    def _mapping(self, key: str, allowed: Iterable[str]) -> dict[str, Any]:
        given, allowed = self.given.get(key, {}), tuple(allowed)
        if not isinstance(given, dict):
            self.wrong(key, f"{key!r} must be a mapping", f"keys: {', '.join(allowed)}")
            return {}
        for name in given:
            if name not in allowed:
                self.wrong(key, f"unknown key {name!r} of {key!r}", did_you_mean(str(name), allowed))
        return {name: value for name, value in given.items() if name in allowed}

    def _one_of(self, key: str, value: Any, allowed: Iterable[str]) -> Any:
        allowed = tuple(allowed)
        if value not in allowed:
            self.wrong(key, f"{key!r} cannot be {value!r}", did_you_mean(str(value), allowed))
            return allowed[0]
        return value

    def _yes(self, key: str) -> bool:
        value = self.given.get(key, False)
        if not isinstance(value, bool):
            self.wrong(key, f"{key!r} must be true or false, not {value!r}", "mend the value")
        return bool(value)

    def _text(self, key: str) -> str:
        value = self.given[key]
        if not isinstance(value, str) or not value.strip():
            self.wrong(key, f"{key!r} must be text, not {value!r}", "mend the value")
        return str(value)

    def _number(self, key: str, value: Any, finite: bool = True) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or (finite and not math.isfinite(value)):
            self.wrong(key, f"{key!r} must be a number, not {value!r}", "mend the value")
            return 0.0
        return float(value)

    def _count(self, key: str, value: Any, name: str, low: int) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or value < low:
            self.wrong(key, f"{name!r} must be a whole number from {low}, not {value!r}", "mend the value")
            return low
        return value

    def _month(self, key: str, value: Any) -> int:
        parts = str(value).split("-")
        if len(parts) != 2 or not all(part.isdigit() for part in parts) or not 1 <= int(parts[1]) <= 12:
            self.wrong(key, f"{value!r} is no month", "write it as 2025-07")
            return NEVER
        return int(parts[0]) * 12 + int(parts[1]) - 1
