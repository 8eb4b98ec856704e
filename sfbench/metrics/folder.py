"""Evaluates a folder: a dataset, or a user's own tables, of which what is missing stops only what needs it."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa

from sfbench.content import tables
from sfbench.metrics.cache import Cache, last_month, look_at
from sfbench.metrics.catalogue import catalogue
from sfbench.metrics.groups import Held, held_names
from sfbench.metrics.latest import last_published
from sfbench.metrics.runner import evaluate
from sfbench.store import manifest
from sfbench.store.read import open_usable, present_files

# For DuckDB, which spills beyond it: with Python and the long table the whole city stays under 3 GiB.
_MEMORY = "2200MiB"


class Figures(NamedTuple):
    """The long table, the last published month (None: not known), whether sfbench made the data, names of groups."""

    table: pa.Table
    published: datetime.date | None
    synthetic: bool
    held: Held


def evaluate_folder(
    path: Path,
    *,
    as_of: datetime.date | None = None,
    metrics: Sequence[str] | None = None,
    measures: Sequence[int] | None = None,
    cuts: Sequence[str] | None = None,
    content: Sequence[Path] = (),
    cache: Path | None = None,
) -> Figures:
    """`evaluate` on the views of a folder, as known on `as_of`. Raises SfbenchError as it and `open_usable` do.

    `cache` names a folder that keeps figures and marts between evaluations: what nothing has touched is not computed
    again. One evaluation at a time may use it.
    """
    declared = {name: table.spec for name, table in tables(tuple(content)).items() if table.spec.published}
    connection, defects, views = open_usable(path, as_of, declared=declared, memory_limit=_MEMORY)
    try:
        ours = (path / manifest.NAME).exists()
        # Without a manifest the data are a user's own, and the city is what they hold.
        scale = manifest.read(path).scale if ours else 1.0
        reasons = None if ours else {defect.name: defect.why for defect in defects}
        known, kept = catalogue(content), None
        if cache:
            files = {name: paths for name, paths in present_files(path).items() if name in views}
            look = look_at(path, files, as_of, last_month(connection), {defect.name for defect in defects})
            kept = Cache(cache, look, path, known, declared)
        table = evaluate(
            connection,
            scale=scale,
            metrics=metrics,
            measures=measures,
            cuts=cuts,
            content=content,
            defects=reasons,
            cache=kept,
            known=known,
        )
        cuts = table["cut"].unique().to_pylist()
        return Figures(table, last_published(connection), ours, held_names(connection, cuts))
    finally:
        connection.close()
