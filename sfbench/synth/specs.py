"""Declarations of tables as plain JSON: in model files, and in the metadata that a user reviews."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from datetime import date
from typing import Any, get_args

from sfbench.errors import SfbenchError, did_you_mean, raise_all
from sfbench.spec import Code, Column, Table
from sfbench.spec.column import Form, Kind, Privacy
from sfbench.synth.summaries import PREFIX

_DEFAULTS = {"references": "", "nullable": True, "low": None, "high": None, "low_on": "", "high_on": "", "check": ""}
_WORDS = {"kind": Kind, "privacy": Privacy, "check": Form}
_LARGEST = 1e300


def to_json(tables: Mapping[str, Table]) -> dict[str, Any]:
    """Names, keys and columns; of a column what is not the default."""
    return {
        name: {
            "key": list(table.key),
            "register": table.stage == "prelude",
            "columns": {column.name: _column_json(column) for column in table.columns},
        }
        for name, table in tables.items()
    }


def from_json(record: Mapping[str, Any], where: str, *, closed: bool = True) -> dict[str, Table]:
    """What `to_json` gave, or a user wrote. Raises SfbenchError that names table and column, all of them at once.

    closed: references must lead to tables that are declared here.
    """
    errors: list[SfbenchError] = []
    tables: dict[str, Table] = {}
    for name, entry in record.items():
        if not _is_file_name(name):
            errors.append(
                SfbenchError(f"a table cannot be called {name!r}", where=where, fix="a name without / and \\")
            )
            continue
        if not isinstance(entry, dict) or not isinstance(entry.get("columns"), dict) or not entry["columns"]:
            errors.append(SfbenchError(f"table {name!r} has no columns", where=where))
            continue
        errors += _names(f"{where}: {name}", entry["columns"])
        columns = [
            _column(f"{where}: {name}.{column}", column, said, errors) for column, said in entry["columns"].items()
        ]
        key = entry.get("key", [])
        if not isinstance(key, list):
            errors.append(
                SfbenchError(f"the key cannot be {key!r}", where=f"{where}: {name}", fix="give a list of columns")
            )
            key = []
        key = tuple(str(k) for k in key)
        errors += [
            SfbenchError(
                f"the key names an unknown column {k!r}",
                where=f"{where}: {name}",
                fix=did_you_mean(k, entry["columns"]),
            )
            for k in key
            if k not in entry["columns"]
        ]
        stage = "prelude" if entry.get("register") else "block"
        tables[name] = Table(zh=name, en=name, key=key, columns=tuple(columns), stage=stage, name=name, where=where)  # type: ignore[arg-type]
    known = {f"{name}.{c.name}" for name, table in tables.items() for c in table.columns}
    errors += [
        SfbenchError(
            f"refers to unknown {c.references!r}",
            where=f"{where}: {name}.{c.name}",
            fix=did_you_mean(c.references, known),
        )
        for name, table in tables.items()
        for c in table.columns
        if closed and c.references and c.references not in known
    ]
    keys = {f"{name}.{key}" for name, table in tables.items() for key in table.key if len(table.key) == 1}
    keys |= {f"{name}.{c.name}" for name, table in tables.items() if table.stage == "prelude" for c in table.columns}
    fix = "name that column, and no other, under the key of its table"
    errors += [
        SfbenchError(f"refers to {c.references!r}, which is no key", where=f"{where}: {name}.{c.name}", fix=fix)
        for name, table in tables.items()
        for c in table.columns
        if closed and c.references in known - keys
    ]
    raise_all(errors)
    return tables


def _names(where: str, columns: Collection[str]) -> list[SfbenchError]:
    """Names that columns cannot bear: those of what is learned beside them, and two that DuckDB takes for one."""
    fix = "rename it in the file, or leave it out here"
    alike = Counter(name.lower() for name in columns)
    twice = {name for name in columns if alike[name.lower()] > 1}
    return [
        SfbenchError(
            f"a column cannot be called {name!r}",
            where=where,
            why="names that differ in capitals alone are one in SQL" if name in twice else "such names are used within",
            fix=fix,
        )
        for name in columns
        if name in twice or name.startswith(("_", PREFIX))
    ]


def _column_json(column: Column) -> dict[str, Any]:
    said = {"kind": column.kind, "privacy": column.privacy}
    said |= {name: getattr(column, name) for name, default in _DEFAULTS.items() if getattr(column, name) != default}
    return said | ({"values": [list(code) for code in column.values]} if column.values else {})


def _column(where: str, name: str, said: Any, errors: list[SfbenchError]) -> Column:
    if not isinstance(said, dict):
        errors.append(SfbenchError("a column is described by kind, privacy ...", where=where))
        said = {}
    allowed = [*_DEFAULTS, "kind", "privacy", "values"]
    errors += [
        SfbenchError(f"{word!r} is no word of a column", where=where, fix=did_you_mean(word, allowed))
        for word in said
        if word not in allowed
    ]
    for word, words in _WORDS.items():
        if said.get(word, get_args(words)[0]) not in get_args(words):
            fix = did_you_mean(str(said[word]), filter(None, get_args(words)))
            errors.append(SfbenchError(f"{word} cannot be {said[word]!r}", where=where, fix=fix))
    for word, (fits, what) in _VALUES.items():  # a bound ends in SQL: nothing but a number or a day may come there
        if word in said and not fits(said[word]):
            errors.append(SfbenchError(f"{word} cannot be {said[word]!r}", where=where, fix=f"give {what}"))
            said = {key: value for key, value in said.items() if key != word}
    values = tuple(Code(*(code if isinstance(code, list) else [code] * 3)) for code in said.get("values", ()))
    rest = {key: said.get(key, default) for key, default in _DEFAULTS.items()}
    kind = said.get("kind", "code" if values else "text")
    return Column(name, kind, name, name, values=values, privacy=said.get("privacy", "public"), **rest)


def _is_file_name(name: str) -> bool:
    """Tables are written into folders of their names: none may lead out of the dataset."""
    return name not in ("", ".", "..") and not set(name) & {"/", "\\", "\0"}


def _is_number(value: Any) -> bool:
    return value is None or (isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < _LARGEST)


def _is_day(value: Any) -> bool:
    try:
        return isinstance(value, str) and (value == "" or date.fromisoformat(value).isoformat() == value)
    except ValueError:
        return False


def _is_codes(value: Any) -> bool:
    return isinstance(value, list) and all(
        isinstance(code, str)
        or (isinstance(code, list) and len(code) == 3 and all(isinstance(word, str) for word in code))
        for code in value
    )


_VALUES: dict[str, tuple[Callable[[Any], bool], str]] = {
    "low": (_is_number, "a number"),
    "high": (_is_number, "a number"),
    "low_on": (_is_day, "a day, e.g. 2025-12-31"),
    "high_on": (_is_day, "a day, e.g. 2025-12-31"),
    "references": (lambda value: isinstance(value, str), "table.column"),
    "nullable": (lambda value: isinstance(value, bool), "true or false"),
    "values": (_is_codes, "a list of codes, or of [code, Chinese label, English label]"),
}
