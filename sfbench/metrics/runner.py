"""Evaluates metrics over a dataset's views into one long table; shows a metric's SQL."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from pathlib import Path

import duckdb
import pyarrow as pa

from sfbench.errors import SfbenchError, did_you_mean, raise_all
from sfbench.folders import PACKAGE
from sfbench.metrics.cache import Cache
from sfbench.metrics.catalogue import Catalogue, catalogue
from sfbench.metrics.session import FIGURES, QueryError, Session
from sfbench.metrics.targets import judge, parse_target
from sfbench.spec import Metric

# Names, not positions, tie the parts together; a metric's target is its first component's, on the total.
_LONG = f"""
WITH component AS (
    SELECT
        unnest($metrics) AS metric, unnest($measures) AS measure, unnest($components) AS component,
        unnest($orders) AS component_no, unnest($units) AS unit, unnest($additive) AS additive,
        unnest($targets::VARCHAR[]) AS metric_target
),
verdict AS (
    SELECT
        unnest($judged::VARCHAR[]) AS metric, unnest($periods::DATE[]) AS period, TRUE AS has_target,
        unnest($statuses::VARCHAR[]) AS status, unnest($firsts::DATE[]) AS first_achieved_on,
        unnest($sustained::BOOLEAN[]) AS sustained
),
figure AS (
    SELECT *, cut = 'total' AND component_no = 0 AND metric_target IS NOT NULL AS has_target
    FROM {FIGURES} JOIN component USING (metric, component)
)
SELECT
    metric, CAST(measure AS INTEGER) AS measure, component, period, cut, cut_value, value,
    CASE WHEN additive THEN value / $scale ELSE value END AS value_city, unit, scope_version,
    CASE WHEN has_target THEN metric_target END AS target, status, first_achieved_on, sustained, computable, reason
FROM figure LEFT JOIN verdict USING (metric, period, has_target)
WHERE $cuts IS NULL OR cut IN (SELECT unnest($cuts::VARCHAR[])) OR period IS NULL
ORDER BY measure, metric, component_no, cut <> 'total', cut, TRY_CAST(cut_value AS BIGINT), cut_value, period
"""


def evaluate(
    connection: duckdb.DuckDBPyConnection,
    *,
    scale: float,
    metrics: Sequence[str] | None = None,
    measures: Sequence[int] | None = None,
    cuts: Sequence[str] | None = None,
    content: Sequence[Path] = (),
    defects: Mapping[str, str] | None = None,
    cache: Cache | None = None,
    known: Catalogue | None = None,
) -> pa.Table:
    """The long table of the chosen metrics (all by default) over the tables or views of `connection`.

    Columns: metric, measure, component, period (month end), cut ('total', a cut's name, or 'a*b'), cut_value, value,
    value_city (value / scale where the component is additive: what a whole city would show), unit, scope_version,
    target, status, first_achieved_on, sustained, computable, reason. Rows come in a fixed order. A metric whose tables
    or columns are missing gives one row with the reason 'needs X'. Raises SfbenchError, all at once, for unknown names,
    bad headers and queries that fail. Marts stand in a database in memory that is gone when this returns; temporary
    tables of the connection are not seen.

    `defects` (None: the tables are as declared) says that they are a user's own, and why a table or `table.column`
    could not be read; a built-in query that fails on them gives one row with its reason, and the rest goes on. `cache`
    holds figures and marts of an earlier evaluation; what still holds is taken over, and this one is kept in it.
    `known` is the catalogue of `content`, where it has been read.
    """
    if not (math.isfinite(scale) and scale > 0):
        raise SfbenchError(f"scale {scale} is not a positive number", where="scale")
    known = known or catalogue(content)
    chosen = known.choose(metrics, measures)
    _check_cuts(cuts, chosen)
    session = Session(connection, known, defects, cache)
    try:
        computed = _fill(session, chosen, cache, own_tables=defects is not None)
        if cache:
            cache.save(session.connection, computed, FIGURES)
        return _long_table(session.connection, chosen, scale, cuts)
    finally:
        session.close()


def explain(metric: str, content: Sequence[Path] = ()) -> str:
    """SQL that computes a metric from a dataset's tables when run as it stands: its marts, then its query."""
    known = catalogue(content)
    found = known.choose([metric], None)[0]
    tables = ", ".join(need.name for need in known.tables_of(metric))
    parts = [f"-- {metric} reads {tables}"]
    for mart in known.marts_of(metric):
        parts.append(f"-- mart: one row per {mart.grain}\nCREATE TEMP TABLE {mart.id} AS\n{mart.sql.strip()};")
    after = [f"-- then, in Python: sfbench/metrics/steps/{found.step}.py"] if found.step else []
    return "\n\n".join([*parts, f"{found.sql.strip()};", *after]) + "\n"


def _check_cuts(cuts: Sequence[str] | None, chosen: Iterable[Metric]) -> None:
    have = {cut for metric in chosen for cut in metric.cuts}
    unknown = sorted(set(cuts or ()) - have)
    raise_all([SfbenchError(f"no cut {cut!r} in these metrics", fix=did_you_mean(cut, have)) for cut in unknown])


def _fill(session: Session, chosen: Sequence[Metric], cache: Cache | None, *, own_tables: bool) -> list[Metric]:
    """Fills in the figures or a reason for every metric; returns the metrics that could be computed."""
    errors: dict[str, SfbenchError] = {}
    whole: list[Metric] = []
    for metric in chosen:
        if missing := session.missing(metric):
            session.refuse(metric, f"needs {', '.join(missing)}")
        else:
            whole.append(metric)
    held = cache.recall(session.connection, whole, FIGURES) if cache else set()
    computed = {metric.id: metric for metric in whole}

    def add(metric: Metric) -> None:
        try:
            session.add(metric)
        except QueryError as error:
            if own_tables and error.built_in:
                session.refuse(metric, f"cannot be computed from these tables: {error.why}")
                del computed[metric.id]
            else:
                errors[metric.id] = error
        except SfbenchError as error:
            errors[metric.id] = error

    session.run([metric for metric in whole if metric.id not in held], add)
    session.write()
    for metric, why in _repeated(session.connection, chosen):
        computed.pop(metric.id, None)
        if own_tables and Path(metric.where).is_relative_to(PACKAGE):
            session.refuse(metric, f"cannot be computed from these tables: a figure comes twice: {why}")
        else:
            errors[metric.id] = SfbenchError(
                f"metric {metric.id!r} gives a figure twice", where=f"{metric.where}:1", why=why
            )
    session.write()
    # in the order of the metrics, and a mart's own once
    raise_all([*{str(errors[metric.id]): errors[metric.id] for metric in chosen if metric.id in errors}.values()])
    return list(computed.values())


def _repeated(connection: duckdb.DuckDBPyConnection, chosen: Iterable[Metric]) -> list[tuple[Metric, str]]:
    """Metrics that give a figure twice, with the first such figure."""
    key = "metric, component, period, cut, cut_value"
    sql = f"SELECT {key} FROM {FIGURES} GROUP BY {key} HAVING COUNT(*) > 1 ORDER BY {key}"
    first = {row[0]: ", ".join(map(str, row[1:])) for row in reversed(connection.execute(sql).fetchall())}
    return [(metric, first[metric.id]) for metric in chosen if metric.id in first]


def _long_table(
    connection: duckdb.DuckDBPyConnection,
    chosen: Sequence[Metric],
    scale: float,
    cuts: Sequence[str] | None,
) -> pa.Table:
    declared = [(m, number, part) for m in chosen for number, part in enumerate(m.components)]
    parameters: dict[str, object] = {
        "metrics": [m.id for m, _, _ in declared],
        "measures": [m.measure for m, _, _ in declared],
        "components": [part.name for _, _, part in declared],
        "orders": [number for _, number, _ in declared],
        "units": [part.unit for _, _, part in declared],
        "additive": [part.additive for _, _, part in declared],
        "targets": [m.target or None for m, _, _ in declared],
        "scale": float(scale),
        "cuts": None if cuts is None else list(cuts),
        **_verdicts(connection, chosen, scale),
    }
    return connection.sql(_LONG, params=parameters).to_arrow_table()


def _verdicts(connection: duckdb.DuckDBPyConnection, chosen: Iterable[Metric], scale: float) -> dict[str, object]:
    """The judged series of every metric with a target, as parallel lists."""
    targets = {m.id: parse_target(m.target) for m in chosen if m.target}
    parts = {m.id: m.components[0] for m in chosen if m.target}
    sql = f"""SELECT metric, component, period, value FROM {FIGURES}
    WHERE cut = 'total' AND period IS NOT NULL ORDER BY metric, component, period"""
    rows = [row for row in connection.execute(sql).fetchall() if row[0] in targets and row[1] == parts[row[0]].name]
    found: list[tuple[object, ...]] = []
    for name, group in groupby(rows, key=lambda row: str(row[0])):
        series = list(group)
        divisor = scale if parts[name].additive else 1.0
        values = [None if row[3] is None else row[3] / divisor for row in series]
        verdicts = judge(targets[name], [row[2] for row in series], values)
        found += [(name, row[2], *verdict) for row, verdict in zip(series, verdicts, strict=True)]
    names = ("judged", "periods", "statuses", "firsts", "sustained")
    return {key: [row[place] for row in found] for place, key in enumerate(names)}
