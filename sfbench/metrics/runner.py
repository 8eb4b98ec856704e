"""Evaluates metrics over a dataset's views into one long table; shows a metric's SQL."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import duckdb
import pyarrow as pa

from sfbench.errors import SfbenchError, did_you_mean, raise_all
from sfbench.metrics.cache import Cache
from sfbench.metrics.catalogue import Catalogue, catalogue
from sfbench.metrics.failure import QueryError
from sfbench.metrics.long_table import long_table
from sfbench.metrics.session import Session
from sfbench.spec import Metric


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
    session = Session(connection, known, defects, cache, content)
    try:
        figures = _figures(session, chosen, cache, own_tables=defects is not None)
        return long_table(chosen, figures, scale, cuts)
    finally:
        session.close()


def explain(metric: str, content: Sequence[Path] = ()) -> str:
    """SQL that computes a metric from a dataset's tables when run as it stands: its marts, then its query."""
    known = catalogue(content)
    found = known.choose([metric], None)[0]
    tables = ", ".join(need.name for need in known.tables_of(metric))
    parts = [f"-- {metric} reads {tables}"]
    for mart in known.marts_of(metric):
        parts.append(f"-- mart: one row per {mart.grain}\nCREATE TEMP TABLE {mart.id} AS\n{mart.query.strip()};")
    after = [f"-- then, in Python: sfbench/metrics/steps/{found.step}.py"] if found.step else []
    return "\n\n".join([*parts, f"{found.query.strip()};", *after]) + "\n"


def _check_cuts(cuts: Sequence[str] | None, chosen: Iterable[Metric]) -> None:
    have = {cut for metric in chosen for cut in metric.cuts}
    unknown = sorted(set(cuts or ()) - have)
    raise_all([SfbenchError(f"no cut {cut!r} in these metrics", fix=did_you_mean(cut, have)) for cut in unknown])


def _figures(
    session: Session, chosen: Sequence[Metric], cache: Cache | None, *, own_tables: bool
) -> dict[str, pa.Table]:
    """The figures, or a reason, of every metric; the cache keeps those of the metrics that could be computed."""
    errors: dict[str, SfbenchError] = {}
    whole: list[Metric] = []
    for metric in chosen:
        if missing := session.missing(metric):
            session.refuse(metric, f"needs {', '.join(missing)}")
        else:
            whole.append(metric)
    held = cache.recall(whole) if cache else {}
    computed = {metric.id: metric for metric in whole}

    def add(metric: Metric) -> None:
        try:
            session.add(metric)
        except QueryError as error:
            if own_tables and error.built_in:
                session.refuse(metric, f"cannot be computed from these tables: {error.reason}")
                del computed[metric.id]
            else:
                errors[metric.id] = error
        except SfbenchError as error:
            errors[metric.id] = error

    session.run([metric for metric in whole if metric.id not in held], add)
    # in the order of the metrics, and a mart's own once
    raise_all([*{str(errors[metric.id]): errors[metric.id] for metric in chosen if metric.id in errors}.values()])
    found = held | session.figures
    if cache:
        cache.save(computed.values(), found)
    return found
