"""The SQL of a metric over a dataset's files: views, marts, query. It runs as it stands in any DuckDB."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from pathlib import Path

from sfbench.errors import SfbenchError
from sfbench.metrics import catalogue, explain
from sfbench.spec import Table
from sfbench.store.read import dataset_views, present_files


def metric_sql(
    path: Path | str,
    metric: str,
    as_of: datetime.date | None = None,
    *,
    declared: Mapping[str, Table] | None = None,
    content: Sequence[Path] = (),
) -> str:
    """SQL that computes a metric from the files of a dataset, as known on `as_of` (None: as stored).

    Paths are absolute. The figures are those of `evaluate` in the units of its components, before a step in Python
    where the metric has one. Raises SfbenchError for an unknown metric and for tables that are not there.
    """
    text = explain(metric, content)
    needs = [need.name for need in catalogue(content).tables_of(metric)]
    folder = Path(path).resolve()
    present = present_files(folder)
    missing = [name for name in needs if name not in present]
    if missing:
        raise SfbenchError(f"metric {metric!r} needs {', '.join(missing)}", where=str(path), why="no such table there")
    views = dataset_views(folder, as_of, needs, declared=declared)
    head, _, rest = text.partition("\n")
    shown = [f"{sql.replace('CREATE VIEW', 'CREATE OR REPLACE TEMP VIEW', 1)};" for sql in views.values()]
    known = f"-- as known on {as_of}" if as_of else "-- as stored"
    return "\n\n".join([head, f"{known}\n" + "\n".join(shown), rest.strip()]) + "\n"
