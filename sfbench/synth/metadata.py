"""A user's own tables: declarations read from JSON, and a draft of them detected from Parquet files.

    {"firm": {"key": ["id"], "columns": {"id": {"kind": "key"}, "sector": {"kind": "code"}, ...}}, ...}

A column says `kind` (key, count, code, text, money, rate, date, flag, number), and where it applies `privacy`
(public, quasi, sensitive, identifier), `references` ("table.column"), `nullable`, `low`, `high`, `low_on`, `high_on`,
`values`. The draft holds names and types alone: no range and no category of the data, so that it can be shown.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa

from sfbench.errors import SfbenchError
from sfbench.spec import Table
from sfbench.store.files import write_whole
from sfbench.store.read import present_files
from sfbench.store.shape import footer
from sfbench.synth import sdv_metadata, specs

_KINDS = (
    (pa.types.is_boolean, "flag"),
    (pa.types.is_integer, "count"),
    (lambda kind: pa.types.is_decimal(kind) and kind.scale <= 2, "money"),
    (lambda kind: pa.types.is_decimal(kind) or pa.types.is_floating(kind), "number"),
    (lambda kind: pa.types.is_date(kind) or pa.types.is_timestamp(kind), "date"),
    *((test, "text") for test in (pa.types.is_string, pa.types.is_large_string, pa.types.is_string_view)),
    (pa.types.is_dictionary, "text"),
    (pa.types.is_null, "text"),
)


def read_metadata(path: Path, folder: Path | None = None) -> dict[str, Table]:
    """Declarations from a JSON file, ours or SDV's, which say no types: those come from the files of `folder`.

    Raises SfbenchError with every mistake in it.
    """
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise SfbenchError("the metadata cannot be read", where=str(path), why=str(error)) from error
    if not isinstance(record, dict) or not record:
        raise SfbenchError("the metadata is an object of tables", where=str(path))
    if sdv_metadata.is_sdv(record):
        if folder is None:
            raise SfbenchError("metadata of SDV say no types", where=str(path), fix="name the folder of the tables")
        record = sdv_metadata.declared(record, _typed(folder), str(path))
    return specs.from_json(record, str(path))


def detect(folder: Path) -> dict[str, Any]:
    """A draft for review: columns with kinds by type; `NAME_id` or `id` of table NAME is its key, and `NAME_id`
    elsewhere a reference to it. Columns of types that have no kind are left out (`left_out`).

    Text is taken for free text, which is not learned: change `kind` to `code` where it is a category.
    """
    schemas = _schemas(folder)
    keys = {name: _key(name, schema) for name, schema in schemas.items()}
    owners = {word: name for name, key in keys.items() if key for word in _ids(name)}
    draft = {}
    for name, schema in schemas.items():
        columns = {}
        for field in (one for one in schema if _kind(one.type)):
            said: dict[str, Any] = {"kind": _kind(field.type), "nullable": field.nullable and field.name != keys[name]}
            owner = owners.get(field.name, name)
            if field.name == keys[name]:
                said["kind"] = "key"
            elif owner != name and pa.types.is_integer(field.type):
                said |= {"kind": "key", "references": f"{owner}.{keys[owner]}"}
            columns[field.name] = said
        draft[name] = {"key": [keys[name]] if keys[name] else [], "columns": columns}
    return draft


def left_out(folder: Path) -> list[str]:
    """Columns of types that cannot be learned, `table.column (type)`: times of day, lists, bytes ..."""
    return [
        f"{name}.{field.name} ({field.type})"
        for name, schema in _schemas(folder).items()
        for field in schema
        if not _kind(field.type)
    ]


def write_draft(folder: Path, out: Path) -> list[str]:
    """Write `detect` as JSON; the tables found. Raises SfbenchError if it cannot be written."""
    draft = detect(folder)
    try:
        write_whole(out, (json.dumps(draft, ensure_ascii=False, indent=1) + "\n").encode())
    except OSError as error:
        raise SfbenchError("the draft cannot be written", where=str(out), why=str(error)) from error
    return list(draft)


def _schemas(folder: Path) -> dict[str, pa.Schema]:
    return {name: footer(files[0]).schema.to_arrow_schema() for name, files in present_files(folder).items()}


def _typed(folder: Path) -> dict[str, dict[str, str]]:
    """Table -> column -> kind by its type."""
    schemas = _schemas(folder)
    return {name: {field.name: _kind(field.type) or "text" for field in schema} for name, schema in schemas.items()}


def _key(name: str, schema: pa.Schema) -> str:
    integers = [field.name for field in schema if pa.types.is_integer(field.type)]
    return next((column for column in (*_ids(name), "id") if column in integers), "")


def _ids(name: str) -> tuple[str, str]:
    """What other tables call the key of a table."""
    return f"{name}_id", f"{name.removesuffix('s')}_id"


def _kind(kind: pa.DataType) -> str:
    """The kind of a type; "" of one that has none."""
    return next((word for test, word in _KINDS if test(kind)), "")
