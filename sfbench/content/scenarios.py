"""Loads scenario files: YAML with line numbers, `extends` followed, every key and value checked, all errors at once."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

from sfbench.content.files import listing
from sfbench.content.levers import levers
from sfbench.content.nodes import items, plain
from sfbench.content.parameters import parameters
from sfbench.content.trials import trial
from sfbench.content.wishes import named, wishes
from sfbench.errors import SfbenchError, did_you_mean, raise_all
from sfbench.spec import Lever, Scenario

_LINE = "line of extends"
_KEYS: dict[str, type] = {
    **dict.fromkeys(("title_zh", "title_en", "caption", "caption_zh", "extends"), str),
    **dict.fromkeys(("params", "bench"), dict),
    **dict.fromkeys(("faults", "levers"), list),
    "rounds": int,
}


def scenario_names(extra: tuple[Path, ...] = ()) -> tuple[str, ...]:
    """Names of the scenarios that can be generated."""
    return tuple(listing("scenarios", extra))


def scenario(name: str, extra: tuple[Path, ...] = ()) -> Scenario:
    """The scenario of that name, or of a path that ends in `.yaml`, with its `extends` chain resolved."""
    path = _find(name, listing("scenarios", extra))
    files, raws = [path.resolve()], [_read(path, extra)]
    while parent := raws[-1].get("extends"):
        asked_by = (files[-1], raws[-1][_LINE])
        source = _find(parent, listing("scenarios", extra), asked_by).resolve()
        if source in files:
            loop, where = " -> ".join(file.stem for file in (*files, source)), "{}:{}".format(*asked_by)
            raise SfbenchError("scenarios extend each other in a circle", where=where, why=loop, fix="break the circle")
        files.append(source)
        raws.append(_read(source, extra))
    values = {p.name: p.value for p in parameters().values()}
    for raw in reversed(raws):
        values.update(raw.get("params", {}))
    changed = {k: v for k, v in values.items() if v != parameters()[k].value}
    head = raws[0]
    moved = {lever.name: lever for raw in reversed(raws) for lever in raw.get("levers", [])}
    hit = named([wish for raw in reversed(raws) for wish in raw.get("faults", [])])
    for wish in hit:
        if wish.follows and (wish.follows not in moved or moved[wish.follows].unit != "bank"):
            why = f"the fault {wish.fault!r} follows {wish.follows!r}"
            raise SfbenchError("there is no such lever by bank", where=str(path), why=why, fix="mend `follows`")
    _meet(moved.values(), moved, path)
    return Scenario(
        name=path.stem,
        title_zh=head["title_zh"],
        title_en=head["title_en"],
        caption=head["caption"],
        caption_zh=head.get("caption_zh", ""),
        params=values,
        changed=changed,
        chain=tuple(file.stem for file in files),
        faults=hit,
        levers=tuple(moved.values()),
        rounds=next((raw["rounds"] for raw in raws if "rounds" in raw), 1),
        trial=head.get("bench"),
        where=str(path),
    )


def _meet(pulled: Iterable[Lever], known: Mapping[str, Lever], path: Path) -> None:
    """Raises SfbenchError if a lever is drawn as one that is not there, or has other units."""
    for lever in pulled:
        other = known.get(lever.drawn)
        if other is None or (other.unit, other.areas) != (lever.unit, lever.areas):
            why = f"the lever {lever.name!r} is drawn as {lever.drawn_as!r}"
            raise SfbenchError("there is no such lever by like units", where=str(path), why=why, fix="mend `drawn_as`")


def _find(name: str, known: dict[str, Path], asked_by: tuple[Path, int] | None = None) -> Path:
    """File of a scenario; `asked_by` is the file and line that extends it, from whose folder a path is read."""
    where = "{}:{}".format(*asked_by) if asked_by else ""
    if name.endswith((".yaml", ".yml")):
        path = asked_by[0].parent / name if asked_by else Path(name)
        if not path.is_file():
            fix = "check the path, or give a scenario's name"
            why = f"{path} is extended here" if asked_by else ""
            raise SfbenchError("no such scenario file", where=where or str(path), why=why, fix=fix)
        return path
    if name not in known:
        raise SfbenchError(f"unknown scenario {name!r}", where=where, fix=did_you_mean(name, known))
    return known[name]


def _read(path: Path, extra: tuple[Path, ...]) -> dict[str, Any]:
    """Checked content of one file, every error with its line."""
    try:
        node = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise SfbenchError("not readable as YAML", where=str(path), why=str(error), fix="mend the file") from error
    if not isinstance(node, yaml.MappingNode):
        raise SfbenchError("a scenario is a mapping of keys", where=f"{path}:1", fix=f"keys: {', '.join(_KEYS)}")
    errors: list[SfbenchError] = []
    raw: dict[str, Any] = {}
    for key, value, where in items(node, path):
        if key not in _KEYS:
            errors.append(SfbenchError(f"unknown key {key!r}", where=where, fix=did_you_mean(key, _KEYS)))
        elif key in raw:
            errors.append(SfbenchError(f"key {key!r} is given twice", where=where, fix="keep one"))
        elif key == "params" and isinstance(value, yaml.MappingNode):
            raw[key] = _params(value, path, errors)
        elif key == "faults" and isinstance(value, yaml.SequenceNode):
            raw[key] = wishes(value, path, extra, errors)
        elif key == "rounds":
            raw[key] = plain(value)
            if isinstance(raw[key], bool) or not isinstance(raw[key], int) or raw[key] < 1:
                what = f"'rounds' must be a whole number from 1, not {raw[key]!r}"
                errors.append(SfbenchError(what, where=where, fix="one a lever whose budget is used up is enough"))
        elif key == "bench":
            raw[key] = trial(value, path, errors)
        elif key == "levers" and isinstance(value, yaml.SequenceNode):
            raw[key] = levers(value, path, errors)
        else:
            raw[key] = plain(value)
            raw |= {_LINE: value.start_mark.line + 1} if key == "extends" else {}
            if not isinstance(raw[key], _KEYS[key]):
                kinds: dict[type, str] = {str: "text", dict: "a mapping", list: "a list"}
                wanted = kinds[_KEYS[key]]
                errors.append(
                    SfbenchError(f"{key!r} must be {wanted}, not {raw[key]!r}", where=where, fix="mend the value")
                )
    for key in ("title_zh", "title_en", "caption"):
        if key not in raw:
            errors.append(SfbenchError(f"key {key!r} is missing", where=f"{path}:1", fix=f"add `{key}: ...`"))
    raise_all(errors)
    return raw


def _params(node: yaml.MappingNode, path: Path, errors: list[SfbenchError]) -> dict[str, float]:
    known, values, seen = parameters(), dict[str, float](), set[str]()
    for key, value_node, where in items(node, path):
        value = plain(value_node)
        if key in seen:
            errors.append(SfbenchError(f"parameter {key!r} is given twice", where=where, fix="keep one"))
        elif key not in known:
            errors.append(SfbenchError(f"unknown parameter {key!r}", where=where, fix=did_you_mean(key, known)))
        elif isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            errors.append(SfbenchError(f"{key} must be a number, not {value!r}", where=where, fix="mend the value"))
        elif not known[key].low <= value <= known[key].high:
            bounds = f"[{known[key].low:g}, {known[key].high:g}] {known[key].unit}"
            errors.append(
                SfbenchError(
                    f"{key} = {value:g} is outside {bounds}", where=where, fix="give a value within the bounds"
                )
            )
        else:
            values[key] = float(value)
        seen.add(key)
    return values
