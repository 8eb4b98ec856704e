"""Reads a method file: every step and option must be named, every error stands with its line, all errors at once."""

from __future__ import annotations

import dataclasses
import typing
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

from sfbench.assess.check import compatible
from sfbench.assess.nodes import items, mapping, place, plain, whole
from sfbench.assess.options import Wrong, convert, options_of
from sfbench.assess.spec import RULES, STEPS, Indicator, Method, Step
from sfbench.assess.steps import KINDS
from sfbench.errors import SfbenchError, did_you_mean, raise_all

_KNOWN = tuple(field.name for field in dataclasses.fields(Method) if field.name not in ("name", "where"))
_OPTIONAL = ("alternatives", "weight_spread", "caption_zh", "source_zh")
_METHOD = typing.get_type_hints(Method, include_extras=True)
_INDICATOR = {k: v for k, v in typing.get_type_hints(Indicator, include_extras=True).items() if k != "where"}
_DEFAULTED = ("normalise", "goalposts", "over")


def read_method(path: Path) -> Method:
    """The method that a file declares; its name is the file's."""
    reader = _Reader(path)
    top = items(mapping(path, "method"), path, reader.errors)
    reader.unknown(top, _KNOWN, "key")
    for key in _KNOWN:
        if key not in top and key not in _OPTIONAL:
            reader.error(f"{path}:1", f"{_kind_of(key)} {key!r} is not named", _choices(key))
    values: dict[str, Any] = {"name": path.stem, "where": f"{path}:1"}
    values["indicators"] = reader.indicators(top["indicators"]) if "indicators" in top else {}
    for key, node in top.items():
        if key in STEPS:
            values[key] = reader.step(node, key)
        elif key in RULES:
            values[key] = reader.steps(node, key)
        elif key == "alternatives":
            values[key] = reader.alternatives(node)
        elif key in _KNOWN and key != "indicators":
            values[key] = reader.value(node, _METHOD[key], key)
    raise_all(reader.errors)
    method = Method(**values)
    compatible(method)
    return method


class _Reader:
    """Gathers errors; `names` fills up with the names of the file's indicators, for options that name them."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.errors: list[SfbenchError] = []
        self.names: dict[str, tuple[str, ...]] = {"indicator": (), "scored": (), "pillar": ()}

    def error(self, where: str, what: str, fix: str = "") -> None:
        self.errors.append(SfbenchError(what, where=where, fix=fix))

    def unknown(self, found: Mapping[str, yaml.Node], known: Iterable[str], what: str) -> None:
        for name, node in found.items():
            if name not in known:
                self.error(place(self.path, node), f"unknown {what} {name!r}", did_you_mean(name, known))

    def value(self, node: yaml.Node, hint: Any, key: str) -> Any:
        try:
            return convert(whole(node, self.path, self.errors), hint, self.names)
        except Wrong as error:
            self.error(place(self.path, node), f"{'.'.join((key, *error.within))!r} {error}", "mend the value")
            return None

    def indicators(self, node: yaml.Node) -> dict[str, Indicator]:
        if not isinstance(node, yaml.MappingNode) or not node.value:
            self.error(place(self.path, node), "'indicators' must be a mapping of names to indicators")
            return {}
        found = items(node, self.path, self.errors)
        # names first: a reference of one indicator may be another that stands below it
        parts = {name: items(own, self.path, []) for name, own in found.items() if isinstance(own, yaml.MappingNode)}
        roles = {name: plain(own["role"]) for name, own in parts.items() if "role" in own}
        scored = tuple(name for name in found if roles.get(name) == "scored")
        pillars = dict.fromkeys(str(plain(parts[name]["pillar"])) for name in scored if "pillar" in parts[name])
        self.names = {"indicator": tuple(found), "scored": scored, "pillar": tuple(pillars)}
        made = {name: self.indicator(name, own) for name, own in found.items()}
        return {name: indicator for name, indicator in made.items() if indicator}

    def indicator(self, name: str, node: yaml.Node) -> Indicator | None:
        where, before = place(self.path, node), len(self.errors)
        if not isinstance(node, yaml.MappingNode):
            self.error(where, f"indicator {name!r} must be a mapping", f"keys: {', '.join(_INDICATOR)}")
            return None
        found = items(node, self.path, self.errors)
        self.unknown(found, _INDICATOR, "key")
        for key in _INDICATOR:
            if key not in found and key not in _DEFAULTED:
                self.error(where, f"{key!r} of indicator {name!r} is not named", _choices(key))
        values: dict[str, Any] = {"where": where}
        for key, own in found.items():
            if key in ("period", "transform", "normalise"):
                values[key] = self.step(own, key)
            elif key in _INDICATOR:
                values[key] = self.value(own, _INDICATOR[key], key)
        return Indicator(**values) if len(self.errors) == before else None

    def alternatives(self, node: yaml.Node) -> dict[str, tuple[Step, ...]]:
        if not isinstance(node, yaml.MappingNode):
            self.error(place(self.path, node), "'alternatives' must be a mapping of steps to lists of choices")
            return {}
        found = items(node, self.path, self.errors)
        self.unknown(found, STEPS, "step")
        return {step: self.steps(own, step) for step, own in found.items() if step in STEPS}

    def steps(self, node: yaml.Node, step: str) -> tuple[Step, ...]:
        if plain(node) == "none" and step in RULES:
            return ()
        if not isinstance(node, yaml.SequenceNode) or not node.value:
            none = "`none`, or " if step in RULES else ""
            self.error(place(self.path, node), f"{step!r} must be {none}a list of choices", _choices(step))
            return ()
        made = [self.step(own, step) for own in node.value]
        return tuple(choice for choice in made if choice)

    def step(self, node: yaml.Node, step: str) -> Step | None:
        """`kind`, or `{kind: ..., option: ...}`."""
        where, kinds = place(self.path, node), KINDS[step]
        found = items(node, self.path, self.errors) if isinstance(node, yaml.MappingNode) else {"kind": node}
        kind = plain(found["kind"]) if "kind" in found else None
        if not isinstance(kind, str):
            self.error(where, f"step {step!r} names no kind", _choices(step))
            return None
        if kind not in kinds:
            self.error(
                place(self.path, found["kind"]), f"unknown kind {kind!r} of step {step!r}", did_you_mean(kind, kinds)
            )
            return None
        wanted = options_of(kinds[kind])
        given = {name: own for name, own in found.items() if name != "kind"}
        for name, own in given.items():
            if name not in wanted:
                fix = did_you_mean(name, wanted) or f"{kind} has no options"
                self.error(place(self.path, own), f"unknown option {name!r} of {step} {kind}", fix)
        for name in wanted:
            if name not in given:
                self.error(where, f"option {name!r} of {step} {kind} is not named", f"options: {', '.join(wanted)}")
        options = {name: self.value(given[name], hint, name) for name, hint in wanted.items() if name in given}
        return Step(kind, options, where)


def _kind_of(key: str) -> str:
    return "step" if key in (*STEPS, *RULES) else "key"


def _choices(key: str) -> str:
    if key in KINDS:
        none = "none, " if key in RULES else ""
        return f"kinds: {none}{', '.join(KINDS[key])}"
    hint = _INDICATOR.get(key) or _METHOD.get(key)
    literal = typing.get_args(hint) if typing.get_origin(hint) is typing.Literal else ()
    return f"one of: {', '.join(map(str, literal))}" if literal else f"add `{key}: ...`"
