"""The SQL of a metric over a dataset's files: views, marts, query. It runs as it stands in any DuckDB."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from pathlib import Path

from sfbench.errors import SfbenchError
from sfbench.metrics import catalogue, explain
from sfbench.metrics.absent import stand_ins
from sfbench.metrics.needs import Held
from sfbench.metrics.required import required
from sfbench.spec import Table
from sfbench.store.read import open_usable


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
    text, known = explain(metric, content), catalogue(content)
    connection, defects, views = open_usable(Path(path).resolve(), as_of, declared=declared)
    try:
        held = Held(connection, {defect.name: defect.why for defect in defects})
    finally:
        connection.close()
    if missing := held.missing(required(known, metric)):
        fix = "`sfbench check-schema` says what lacks"
        raise SfbenchError(f"metric {metric!r} needs {', '.join(missing)}", where=str(path), fix=fix)
    needs = known.tables_of(metric)
    selects = {name: sql.partition(" AS ")[2] for name, sql in views.items()}
    selects |= stand_ins(held, needs, {name: f"({sql})" for name, sql in selects.items()}, content)
    shown = [f'CREATE OR REPLACE TEMP VIEW "{need.name}" AS {selects[need.name]};' for need in needs]
    head, _, rest = text.partition("\n")
    day = f"-- as known on {as_of}" if as_of else "-- as stored"
    return "\n\n".join([head, f"{day}\n" + "\n".join(shown), rest.strip()]) + "\n"
