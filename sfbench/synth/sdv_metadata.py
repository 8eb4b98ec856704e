"""SDV's metadata as declarations: keys, references and what is personal from them, kinds from the types of the files.

Ranges and categories in them (`range_min`, `range_max`, `range_values`) are those of the data, so they are not read.
SDV itself is not needed: its metadata are plain JSON.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sfbench.errors import SfbenchError, raise_all

_WORDS = ("categorical", "ordinal", "boolean")
_PLAIN = (*_WORDS, "id", "numerical", "datetime", "unknown")  # all else is a name, an address ...


def is_sdv(record: Mapping[str, Any]) -> bool:
    """Whether a JSON object is metadata of SDV."""
    return "METADATA_SPEC_VERSION" in record or isinstance(record.get("relationships"), list)


def declared(record: Mapping[str, Any], typed: Mapping[str, Mapping[str, str]], where: str) -> dict[str, Any]:
    """The same as a user would write it; `typed`: table -> column -> kind by the type that the files have.

    Raises SfbenchError for a table or a column that the files do not have, and for metadata that name no tables.
    """
    tables = record.get("tables")
    named = isinstance(tables, dict) and all(
        isinstance(t, dict) and _are_columns(t.get("columns")) for t in tables.values()
    )
    if not isinstance(tables, dict) or not named:
        raise SfbenchError("these metadata of SDV name no tables", where=where, fix="save them with SDV 2.0")
    errors = [
        SfbenchError(f"the metadata name {name}.{column}, which the files do not have", where=where)
        for name, table in tables.items()
        for column in table["columns"]
        if column not in typed.get(name, {})
    ]
    raise_all(errors)
    try:
        parents = {
            (
                one["child_table_name"],
                one["child_foreign_key"],
            ): f"{one['parent_table_name']}.{one['parent_primary_key']}"
            for one in record.get("relationships", ())
        }
    except (KeyError, TypeError) as error:
        raise SfbenchError("a relationship of the metadata cannot be read", where=where, why=repr(error)) from error
    found = {}
    for name, table in tables.items():
        key = table.get("primary_key")
        columns = {
            column: _column(said, typed[name][column], column == key, parents.get((name, column), ""))
            for column, said in table["columns"].items()
        }
        found[name] = {"key": [key] if key else [], "columns": columns}
    return found


def _are_columns(value: Any) -> bool:
    return isinstance(value, dict) and all(isinstance(said, dict) for said in value.values())


def _column(said: Mapping[str, Any], kind: str, is_key: bool, references: str) -> dict[str, Any]:
    word = said.get("sdtype", "unknown")
    if is_key or references:
        plain: dict[str, Any] = {"kind": "key" if kind in ("count", "key") else kind, "nullable": False}
        return plain | ({"references": references} if references else {})
    if word in _WORDS and kind == "text":
        return {"kind": "code"}
    personal = bool(said.get("pii")) or word == "id" or word not in _PLAIN
    return {"kind": kind} | ({"privacy": "identifier"} if personal else {})
