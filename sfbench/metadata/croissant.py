"""Croissant 1.0 (ML Commons): JSON-LD that search engines and ML libraries read. https://docs.mlcommons.org/croissant"""

from __future__ import annotations

import json
from typing import Any

from sfbench.metadata.facts import LICENCE, Facts, File, Held, described
from sfbench.version import __version__

NAME = "croissant.json"
_TYPES = {
    "key": "sc:Integer",
    "count": "sc:Integer",
    "money": "sc:Float",
    "rate": "sc:Float",
    "number": "sc:Float",
    "date": "sc:Date",
    "flag": "sc:Boolean",
}
_MEDIA = {"parquet": "application/x-parquet", "csv": "text/csv"}
_CONTEXT = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileProperty": "cr:fileProperty",
    "fileObject": "cr:fileObject",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}


def text(facts: Facts) -> str:
    """The file's text. A table of several files is a record set per file."""
    one_file = {held.table.name for held in facts.tables if len(held.files) == 1}
    record: dict[str, Any] = {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "name": facts.name,
        "description": facts.description,
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "license": LICENCE,
        "version": __version__,
        **({"datePublished": facts.made_on.isoformat()} if facts.made_on else {}),
        "citeAs": f"sfbench {__version__}, {facts.name}",
        "inLanguage": ["zh", "en"],
        "keywords": ["technology finance", "科技金融", *(["synthetic data", "合成数据"] if facts.synthetic else [])],
        **({"isBasedOn": {"@type": "sc:CreativeWork", **_lineage(facts)}} if facts.synthetic else {}),
        "distribution": [_file(facts, held, file) for held in facts.tables for file in held.files],
        "recordSet": [_records(held, file, one_file) for held in facts.tables for file in held.files],
    }
    return json.dumps(record, ensure_ascii=False, indent=1) + "\n"


def _lineage(facts: Facts) -> dict[str, str]:
    made = ", ".join(f"{name} {value}" for name, value in facts.source.items() if value not in ("", None))
    return {"name": f"sfbench scenario {facts.source['scenario']}", "description": made}


def _file(facts: Facts, held: Held, file: File) -> dict[str, Any]:
    return {
        "@type": "cr:FileObject",
        "@id": file.path,
        "name": file.path,
        "description": f"{held.table.zh} {held.table.en}",
        "contentUrl": file.path,
        "contentSize": f"{file.bytes} B",
        "encodingFormat": _MEDIA[facts.media],
        "sha256": file.sha256,
    }


def _records(held: Held, file: File, one_file: set[str]) -> dict[str, Any]:
    table = held.table
    name = table.name if table.name in one_file else f"{table.name}-{held.files.index(file)}"
    fields = []
    for column in table.columns:
        field: dict[str, Any] = {
            "@type": "cr:Field",
            "@id": f"{name}/{column.name}",
            "name": column.name,
            "description": described(column) + (_codes(column.values) if column.values else ""),
            "dataType": _TYPES.get(column.kind, "sc:Text"),
            "source": {"fileObject": {"@id": file.path}, "extract": {"column": column.name}},
        }
        parent = column.references.replace(".", "/")
        if column.references.partition(".")[0] in one_file and parent != f"{name}/{column.name}":
            field["references"] = {"field": {"@id": parent}}
        fields.append(field)
    return {
        "@type": "cr:RecordSet",
        "@id": name,
        "name": name,
        "description": f"{table.zh} {table.en}",
        "key": [{"@id": f"{name}/{column}"} for column in table.key],
        "field": fields,
    }


def _codes(values: Any) -> str:
    shown = "; ".join(f"{code.code} {code.zh} {code.en}" for code in values[:12])
    return f": {shown}" + ("; ..." if len(values) > 12 else "")
