"""A Frictionless data package: types, allowed values, keys and references of each file. https://datapackage.org"""

from __future__ import annotations

import json
from typing import Any

from sfbench.metadata.facts import LICENCE, Facts, Held, described
from sfbench.spec import Column

NAME = "datapackage.json"
_TYPES = {
    "key": "integer",
    "count": "integer",
    "money": "number",
    "rate": "number",
    "number": "number",
    "date": "date",
    "flag": "boolean",
}


def text(facts: Facts) -> str:
    """The file's text."""
    keys = {held.table.name: held.table.key for held in facts.tables}
    record: dict[str, Any] = {
        "name": facts.name,
        "title": facts.name,
        "description": facts.description,
        "licenses": [{"name": "Apache-2.0", "path": LICENCE}],
        "keywords": ["technology finance", "科技金融", *(["synthetic data", "合成数据"] if facts.synthetic else [])],
        "resources": [_resource(facts, held, keys) for held in facts.tables],
    }
    if facts.synthetic:
        record["sources"] = [{"title": f"sfbench {facts.source['scenario']}, seed {facts.source['seed']}"}]
        record["sfbench"] = dict(facts.source)
    return json.dumps(record, ensure_ascii=False, indent=1) + "\n"


def _resource(facts: Facts, held: Held, keys: dict[str, tuple[str, ...]]) -> dict[str, Any]:
    table, first = held.table, held.files[0]
    record: dict[str, Any] = {
        "name": table.name.replace("_", "-"),
        "type": "table",
        "title": f"{table.zh} {table.en}",
        "path": first.path,
        "format": facts.media,
        "mediatype": "text/csv" if facts.media == "csv" else "application/x-parquet",
        "bytes": first.bytes,
        "hash": f"sha256:{first.sha256}",
        "rows": held.rows,
        "lineage": list(table.needs),
        "schema": {
            "fields": [_field(column) for column in table.columns],
            "primaryKey": list(table.key),
            "missingValues": [""],
        },
    }
    if more := [file.path for file in held.files[1:]]:
        record["extrapaths"] = more
        del record["bytes"], record["hash"]
    if facts.media == "csv":
        record["encoding"] = facts.encoding.replace("-sig", "")
        record["dialect"] = {"csv": {"delimiter": ","}}
    foreign = [_foreign(column, table.name) for column in table.columns if _one_key(column, keys)]
    if foreign:
        record["schema"]["foreignKeys"] = foreign
    return record


def _field(column: Column) -> dict[str, Any]:
    field: dict[str, Any] = {
        "name": column.name,
        "type": _TYPES.get(column.kind, "string"),
        "title": f"{column.zh} {column.en}",
        "description": described(column),
    }
    field |= {"trueValues": ["true"], "falseValues": ["false"]} if column.kind == "flag" else {}
    limits: dict[str, Any] = {}
    if not column.nullable and column.kind != "text":  # an empty text is no missing value, but the standard knows none
        limits["required"] = True
    if column.values:
        limits["enum"] = [code.code for code in column.values]
    if column.kind in ("key", "count", "money", "rate", "number"):
        whole = column.kind in ("key", "count")
        limits |= {} if column.low is None else {"minimum": int(column.low) if whole else column.low}
        limits |= {} if column.high is None else {"maximum": int(column.high) if whole else column.high}
    return field | ({"constraints": limits} if limits else {})


def _one_key(column: Column, keys: dict[str, tuple[str, ...]]) -> bool:
    parent, _, key = column.references.partition(".")
    return keys.get(parent) == (key,)


def _foreign(column: Column, own: str) -> dict[str, Any]:
    parent, _, key = column.references.partition(".")
    resource = "" if parent == own else parent.replace("_", "-")
    return {"fields": [column.name], "reference": {"resource": resource, "fields": [key]}}
