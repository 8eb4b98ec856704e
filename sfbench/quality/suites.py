"""Loads the hand-written suites: `expectations/<name>.yaml`, every key checked with its line, all errors at once.

table: loan                      # default: the file's name
views: {name: SELECT ...}        # optional: queries computed once before the suite; on data that lack a table or column
                                 # without the columns that hang on it, which leaves other rules than theirs as they are
expectations:
  - id: loan.due_not_before_grant
    type: rows                   # or the name of a Great Expectations built-in, with `kwargs`
    query: SELECT loan_id FROM {batch} WHERE due_on < granted_on
    severity: critical           # critical | warning | info
    zh: ...                      # one sentence each
    en: ...
    finds_zh: ...                # the fault that it is there to find
    finds_en: ...
    measures: [0]                # measures of the action plan
    covers: [due_on.range]       # optional: of the expectations that follow from the declaration, what this one finds
                                 # too where the table stands alone; they do not run then. It must be critical as they
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from sfbench.content import listing
from sfbench.errors import SfbenchError, did_you_mean, raise_all
from sfbench.quality.expectation import ROWS, SEVERITIES, Expectation, Suite

_HEAD: dict[str, type] = {"table": str, "views": dict, "expectations": list}
_KEYS: dict[str, type] = {
    "id": str,
    "type": str,
    "query": str,
    "kwargs": dict,
    "severity": str,
    "zh": str,
    "en": str,
    "finds_zh": str,
    "finds_en": str,
    "measures": list,
    "covers": list,
}
_OPTIONAL = {"query", "kwargs", "measures", "covers"}
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml reads ten times faster where it is there
_TEXT = "tag:yaml.org,2002:str"
_NODES: dict[type, type] = {dict: yaml.MappingNode, list: yaml.SequenceNode}
_WORDS: dict[type, str] = {str: "text", dict: "a mapping", list: "a list"}


def load_suites(extra: tuple[Path, ...] = (), *, tables: Collection[str]) -> tuple[Suite, ...]:
    """Every suite of the built-in folder and of the content folders `extra`, by name.

    tables: the known tables. Types of expectations are GX's to know, without which suites can be listed.
    Raises SfbenchError with file:line for each bad key or value and each id given twice.
    """
    errors: list[SfbenchError] = []
    files = [path for path in listing("expectations", extra).values() if path.suffix == ".yaml"]
    suites = [_load(path, tables, errors) for path in files]
    errors += repeated_ids(e for suite in suites for e in suite.expectations)
    raise_all(errors)
    return tuple(suites)


def repeated_ids(expectations: Iterable[Expectation]) -> list[SfbenchError]:
    """An error for every expectation whose id another one before it has."""
    errors: list[SfbenchError] = []
    first: dict[str, str] = {}
    for expectation in expectations:
        if expectation.id in first:
            why = f"{first[expectation.id]} has the same id"
            errors.append(
                SfbenchError(
                    f"id {expectation.id!r} is given twice", where=expectation.where, why=why, fix="rename one"
                )
            )
        first.setdefault(expectation.id, expectation.where)
    return errors


def _load(path: Path, tables: Collection[str], errors: list[SfbenchError]) -> Suite:
    empty = Suite(name=path.stem, table=path.stem, expectations=(), where=str(path))
    try:
        node = _composed(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        errors.append(SfbenchError("not readable as YAML", where=str(path), why=str(error), fix="mend the file"))
        return empty
    head = _mapping(node, _HEAD, path, errors, what="a suite")
    table = _plain(head["table"]) if "table" in head else path.stem
    if table not in tables:
        where = _line(head.get("table", node), path)
        errors.append(SfbenchError(f"unknown table {table!r}", where=where, fix=did_you_mean(str(table), tables)))
    if "expectations" not in head:
        errors.append(SfbenchError("key 'expectations' is missing", where=f"{path}:1", fix="list the expectations"))
        return empty
    views = _plain(head["views"]) if "views" in head else {}
    for name, query in views.items():
        if not isinstance(query, str):
            errors.append(SfbenchError(f"view {name!r} must be a query", where=_line(head["views"], path)))
    loaded = [_expectation(item, path, errors) for item in head["expectations"].value]
    return Suite(
        name=path.stem, table=str(table), expectations=tuple(e for e in loaded if e), views=views, where=str(path)
    )


def _expectation(node: Any, path: Path, errors: list[SfbenchError]) -> Expectation | None:
    before = len(errors)
    where = _line(node, path)
    nodes = _mapping(node, _KEYS, path, errors, what="an expectation")
    raw = {key: _plain(value) for key, value in nodes.items()}
    for key in _KEYS.keys() - _OPTIONAL - raw.keys():
        errors.append(SfbenchError(f"key {key!r} is missing", where=where, fix=f"add `{key}: ...`"))
    if len(errors) > before:
        return None
    if raw["severity"] not in SEVERITIES:
        fix = did_you_mean(raw["severity"], SEVERITIES)
        errors.append(
            SfbenchError(f"unknown severity {raw['severity']!r}", where=_line(nodes["severity"], path), fix=fix)
        )
    if (raw["type"] == ROWS) != ("query" in raw) or (raw["type"] == ROWS and "kwargs" in raw):
        fix = "give `query` to a `rows` expectation, `kwargs` to any other"
        errors.append(SfbenchError("query and type do not go together", where=where, fix=fix))
    elif raw["type"] == ROWS and "{batch}" not in raw["query"]:
        fix = "read the table as {batch}, or name it in a comment where a view stands for it"
        errors.append(SfbenchError("the query does not name {batch}", where=_line(nodes["query"], path), fix=fix))
    if not all(isinstance(m, int) for m in raw.get("measures", [])):
        errors.append(SfbenchError("measures are numbers", where=_line(nodes["measures"], path), fix="as in [0, 7]"))
    if raw.get("covers") and raw["severity"] != "critical":
        what = "only a critical expectation covers others"
        errors.append(SfbenchError(what, where=_line(nodes["covers"], path), fix="make it critical, or drop `covers`"))
    if len(errors) > before:
        return None
    raw["covers"] = tuple(raw.get("covers", ()))
    raw["measures"] = tuple(raw.get("measures", ()))
    return Expectation(**raw, where=where)


def _mapping(node: Any, keys: dict[str, type], path: Path, errors: list[SfbenchError], *, what: str) -> dict[str, Any]:
    if not isinstance(node, yaml.MappingNode):
        where = _line(node, path) if node is not None else f"{path}:1"
        errors.append(SfbenchError(f"{what} is a mapping of keys", where=where, fix=f"keys: {', '.join(keys)}"))
        return {}
    found: dict[str, Any] = {}
    for key_node, value in node.value:
        key, where = str(key_node.value), _line(key_node, path)
        if key not in keys:
            errors.append(SfbenchError(f"unknown key {key!r}", where=where, fix=did_you_mean(key, keys)))
        elif key in found:
            errors.append(SfbenchError(f"key {key!r} is given twice", where=where, fix="keep one"))
        elif not _is(value, keys[key]):
            errors.append(SfbenchError(f"{key!r} must be {_WORDS[keys[key]]}", where=where, fix="mend the value"))
        else:
            found[key] = value
    return found


def _line(node: Any, path: Path) -> str:
    return f"{path}:{node.start_mark.line + 1}" if node is not None else f"{path}:1"


@cache
def _composed(text: str) -> Any:
    """The nodes of a file, read once though a verb looks at the suites before they run."""
    return yaml.compose(text, Loader=_LOADER)


def _is(node: Any, kind: type) -> bool:
    return node.tag == _TEXT if kind is str else isinstance(node, _NODES[kind])


def _plain(node: Any) -> Any:
    if node.tag == _TEXT:
        return node.value
    loader = yaml.SafeLoader("")
    try:
        return loader.construct_object(node, deep=True)
    finally:
        loader.dispose()
