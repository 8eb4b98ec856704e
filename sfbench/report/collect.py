"""What a report is made of: figures, scorecards, verdicts and where they come from."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from sfbench.assess.apply import Result, apply
from sfbench.assess.data import read_folder
from sfbench.assess.find import find_method
from sfbench.assess.panel import NotAssessable
from sfbench.assess.scorecard import Card, scorecards
from sfbench.content import tables
from sfbench.errors import SfbenchError
from sfbench.metrics.catalogue import catalogue
from sfbench.metrics.folder import evaluate_folder
from sfbench.metrics.latest import last_published
from sfbench.spec import Metric
from sfbench.store import manifest
from sfbench.store.manifest import Manifest
from sfbench.store.read import open_usable

_FIGURES = {"metric", "component", "period", "cut", "cut_value", "value", "value_city", "unit", "target", "reason"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Pieces:
    """`figures` is the long table of `evaluate`; what is None was not made, and the page says how to make it."""

    figures: pa.Table
    metrics: Mapping[str, Metric]
    published: datetime.date | None  # last month with published figures
    made: Manifest | None = None  # None: a user's own data
    assessment: Result | None = None
    cards: Sequence[Card] = ()
    checks: Mapping[str, Any] | None = None  # of `validate --json`
    copy: Mapping[str, Any] | None = None  # card of `synth report --json`


def collect(
    folder: Path,
    *,
    figures: Path | None = None,
    method: str | None = None,
    replicates: int = 0,
    checks: Path | None = None,
    copy: Path | None = None,
    as_of: datetime.date | None = None,
    content: tuple[Path, ...] = (),
) -> Pieces:
    """Reads the files of earlier runs, and computes the figures that no file gives; banks are assessed on the figures.

    `figures` is a Parquet file of `evaluate --out`, taken as it is; `checks` and `copy` are JSON files of `validate`
    and `synth report`. Raises SfbenchError for files of another kind and as `evaluate_folder` and `apply` do.
    """
    known = catalogue(content).metrics
    declared = {name: table.spec for name, table in tables(content).items() if table.spec.published}
    opened = open_usable(folder, as_of=as_of, declared=declared)
    try:
        published = last_published(opened.connection)
    finally:
        opened.connection.close()
    table = read_figures(figures) if figures else evaluate_folder(folder, as_of=as_of, content=content).table
    result = None
    if method is not None:
        found = find_method(method, content)
        try:
            data = read_folder(found, folder, as_of=as_of, content=content, declared=declared, figures=table)
            result = apply(found, data, replicates=replicates, indices=False)
        except NotAssessable as error:  # its remedies are those of `assess`
            fix = "leave the banks out with --method none" + (", or take a later --as-of" if as_of else "")
            raise SfbenchError(error.what, where=error.where, why=error.why, fix=fix) from error
    return Pieces(
        figures=table,
        metrics=known,
        published=published,
        made=manifest.read(folder) if (folder / manifest.NAME).exists() else None,
        assessment=result,
        cards=scorecards(result) if result else (),
        checks=_json(checks, "verdict", "counts", "findings") if checks else None,
        copy=_json(copy, "privacy", "fidelity_utility", "figures") if copy else None,
    )


def read_figures(path: Path) -> pa.Table:
    """The long table in a Parquet file of `evaluate --out`. Raises SfbenchError for another file."""
    _check_file(path)
    try:
        table = pq.read_table(path)
    except (OSError, pa.ArrowInvalid) as error:
        raise SfbenchError("the figures cannot be read", where=str(path), why=str(error)) from error
    if lacking := sorted(_FIGURES - set(table.column_names)):
        fix = "write it by `sfbench evaluate DIR --out FILE.parquet`"
        raise SfbenchError(
            "this is no long table of figures", where=str(path), why=f"it has no {lacking[0]!r}", fix=fix
        )
    return table


def _check_file(path: Path) -> None:
    if not path.is_file():
        raise SfbenchError("there is no such file", where=str(path), fix="check the path")


def _json(path: Path, *keys: str) -> Mapping[str, Any]:
    _check_file(path)
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise SfbenchError("the file cannot be read", where=str(path), why=str(error)) from error
    if not isinstance(record, dict) or any(key not in record for key in keys):
        raise SfbenchError(
            f"the file has no {', '.join(keys)}", where=str(path), fix="give what the verb printed with --json"
        )
    return record
