"""Reads the `bench` section of a scenario: the task that its worlds pose, and what is claimed beforehand."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from sfbench.content.levers import levers
from sfbench.content.nodes import items, plain
from sfbench.errors import SfbenchError, did_you_mean
from sfbench.spec import Claim, Lever, Trial

_KEYS: dict[str, type | tuple[type, ...]] = {
    **dict.fromkeys(("question", "card_zh", "card_en", "from", "to"), str),
    "scale": (int, float),
    "anticipation": int,
    "claim": dict,
    "variants": dict,
}
_NEEDED = ("question", "scale", "from", "to", "card_zh", "card_en")
_CLAIM: dict[str, type | tuple[type, ...]] = {
    "naive": str,
    "fails_by": (int, float),
    "better": str,
    "within": (int, float),
    "figure": str,
    "variant": str,
    "first_seed": int,
    "seeds": int,
}


def trial(node: yaml.Node, path: Path, errors: list[SfbenchError]) -> Trial | None:
    """The section as a value; None, and errors with their lines, if anything is wrong."""
    line = f"{path}:{node.start_mark.line + 1}"
    if not isinstance(node, yaml.MappingNode):
        errors.append(SfbenchError("'bench' is a mapping of keys", where=line, fix=f"keys: {', '.join(_KEYS)}"))
        return None
    before = len(errors)
    given: dict[str, Any] = {}
    variants: dict[str, tuple[Lever, ...]] = {}
    for key, value, where in items(node, path):
        if key == "variants" and isinstance(value, yaml.MappingNode):
            variants = _variants(value, path, errors)
        else:
            given[key] = _value(key, value, where, _KEYS, errors)
    claim = None
    if isinstance(given.get("claim"), dict):
        claim = _claim(given["claim"], line, errors)
    for key in _NEEDED:
        if key not in given:
            errors.append(SfbenchError(f"key {key!r} of 'bench' is missing", where=line, fix=f"add `{key}: ...`"))
    if len(errors) > before:
        return None
    first, last = (_month(given[key], line, errors) for key in ("from", "to"))
    if last <= first:
        errors.append(SfbenchError("the panel ends before it begins", where=line, fix="swap `from` and `to`"))
    if len(errors) > before:
        return None
    return Trial(
        question=given["question"],
        scale=float(given["scale"]),
        first=first,
        last=last,
        card_zh=given["card_zh"],
        card_en=given["card_en"],
        anticipation=given.get("anticipation", 0),
        claim=claim,
        variants=variants,
    )


def _variants(node: yaml.MappingNode, path: Path, errors: list[SfbenchError]) -> dict[str, tuple[Lever, ...]]:
    out = {}
    for name, value, where in items(node, path):
        if not isinstance(value, yaml.SequenceNode):
            errors.append(SfbenchError(f"variant {name!r} is a list of levers", where=where, fix="see `levers`"))
        elif name in ("main", "null_twin", "placebo"):
            errors.append(SfbenchError(f"variant {name!r} is there already", where=where, fix="name it otherwise"))
        else:
            out[name] = tuple(levers(value, path, errors))
    return out


def _claim(given: Mapping[str, Any], line: str, errors: list[SfbenchError]) -> Claim | None:
    wrong = [key for key in given if key not in _CLAIM] + [
        key for key in ("naive", "fails_by", "better", "within") if key not in given
    ]
    for key in wrong:
        errors.append(SfbenchError(f"'claim' and key {key!r} do not fit", where=line, fix=f"keys: {', '.join(_CLAIM)}"))
    for key, value in given.items():
        if key in _CLAIM and (isinstance(value, bool) or not isinstance(value, _CLAIM[key])):
            errors.append(SfbenchError(f"{key!r} of 'claim' cannot be {value!r}", where=line, fix="mend the value"))
            wrong.append(key)
    return None if wrong else Claim(**given)


def _value(key: str, node: yaml.Node, where: str, known: Mapping[str, Any], errors: list[SfbenchError]) -> Any:
    value = plain(node)
    if key not in known:
        errors.append(SfbenchError(f"unknown key {key!r} of 'bench'", where=where, fix=did_you_mean(key, known)))
    elif isinstance(value, bool) or not isinstance(value, known[key]):
        errors.append(SfbenchError(f"{key!r} cannot be {value!r}", where=where, fix="mend the value"))
    elif isinstance(value, float) and not (math.isfinite(value) and value > 0):
        errors.append(SfbenchError(f"{key!r} must be above 0", where=where, fix="mend the value"))
    return value


def _month(text: str, line: str, errors: list[SfbenchError]) -> int:
    year, _, month = text.partition("-")
    if not (year.isdigit() and month.isdigit() and 1 <= int(month) <= 12):
        errors.append(SfbenchError(f"{text!r} is no month", where=line, fix="write it as 2025-07"))
        return 0
    return int(year) * 12 + int(month) - 1
