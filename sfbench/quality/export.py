"""Suites as plain Great Expectations: JSON that GX loads and runs where sfbench is not installed."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from sfbench.errors import SfbenchError
from sfbench.quality import engine
from sfbench.quality.expectation import ROWS, Expectation, Suite
from sfbench.quality.known import due
from sfbench.quality.views import needed
from sfbench.spec import Table

_PLAIN = Path(__file__).with_name("plain")
_FILES = ("README.md", "README.zh.md", "run.py", "duckdb_datasource.py")
_IDS = uuid.UUID("6f1d8a52-0f0e-5d8c-9f0a-3d5b1c7e2a44")  # a namespace of our own: the same suite has the same ids


def export(
    suites: Mapping[str, Iterable[Suite]],
    tables: Mapping[str, Table],
    out: Path,
    *,
    force: bool,
    as_of: dt.date | None = None,
) -> list[Path]:
    """Writes a suite per table with what is needed to run it; the files written.

    suites: table -> its suites; as_of: the day of knowledge, for which they are. Raises SfbenchError if the folder
    cannot be used, or is not empty without `force`; with `force` the suites of an earlier export are replaced.
    """
    folder = _folder(out, force)
    for old in folder.glob("*.json"):
        old.unlink()
    written = [folder / f"{table}.json" for table in suites]
    for path, (table, own) in zip(written, suites.items(), strict=True):
        text = json.dumps(_plain(tables[table], own, as_of), ensure_ascii=False, indent=1)
        path.write_text(text + "\n", encoding="utf-8")
    for name in _FILES:
        (out / name).write_bytes((_PLAIN / name).read_bytes())
    return [*(out / name for name in _FILES), *written]


def inlined(suite: Suite) -> tuple[Expectation, ...]:
    """The suite's expectations with its views written into their queries, so that each stands alone."""
    return tuple(replace(e, query=_inline(e.query, suite.views)) if e.type == ROWS else e for e in suite.expectations)


def _inline(query: str, views: Mapping[str, str]) -> str:
    read = needed(views, [query])
    if not read:
        return query
    # GX formats the query: the braces of a view are its own, `{batch}` stands in queries only.
    parts = [
        f"{name} AS MATERIALIZED (\n{text.strip().replace('{', '{{').replace('}', '}}')}\n)"
        for name, text in read.items()
    ]
    return f"WITH {', '.join(parts)}\nSELECT * FROM (\n{query.strip()}\n)"


def _plain(table: Table, suites: Iterable[Suite], as_of: dt.date | None) -> dict[str, Any]:
    expectations = [e for suite in suites for e in inlined(suite)]
    whole: dict[str, Any] = engine.as_suite(table.name, expectations).to_json_dict()
    whole["id"] = str(uuid.uuid5(_IDS, table.name))
    whole["meta"] |= {"table": table.name, "key": list(table.key), "zh": table.zh, "en": table.en}
    if not due(table, as_of):
        whole["meta"]["may_be_empty"] = True  # on that day
    for entry, expectation in zip(whole["expectations"], expectations, strict=True):
        entry["id"] = str(uuid.uuid5(_IDS, expectation.id))
    return whole


def _folder(out: Path, force: bool) -> Path:
    if out.exists() and not out.is_dir():
        raise SfbenchError("this is a file", where=str(out), fix="give a folder")
    if out.is_dir() and any(out.iterdir()) and not force:
        fix = "choose another folder, or add --force to replace an earlier export"
        raise SfbenchError("the folder is not empty", where=str(out), fix=fix)
    folder = out / "gx" / "expectations"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SfbenchError("the folder cannot be made", where=str(out), why=str(error)) from error
    return folder
