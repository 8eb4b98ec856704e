"""Runs the suites on a dataset: views over Parquet, one GX batch per table, one finding per expectation."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import duckdb

from sfbench.content import tables as declared_tables
from sfbench.errors import SfbenchError, did_you_mean, raise_all
from sfbench.quality import engine
from sfbench.quality.ahead import Ahead
from sfbench.quality.base import base_suite
from sfbench.quality.catalogue import connected
from sfbench.quality.covered import uncovered
from sfbench.quality.drift import drift_suites
from sfbench.quality.expectation import SEVERITIES, Expectation, Severity, Suite
from sfbench.quality.known import due, known_day, without_floors
from sfbench.quality.report import Finding, Report
from sfbench.quality.suites import load_suites, repeated_ids
from sfbench.quality.turns import short_turns
from sfbench.quality.views import narrowed
from sfbench.spec import Table
from sfbench.store.read import present_files

Seen = Callable[[Table, list[Expectation]], None]


def validate(
    dataset_path: str | Path,
    *,
    suites: Collection[str] | None = None,
    severity: Severity | None = None,
    content: tuple[Path, ...] = (),
    as_of: dt.date | None = None,
    reference: str | Path | None = None,
) -> Report:
    """Judges a dataset by the base suites of all published tables and the suites of `expectations/`.

    suites: tables whose suites run, or ids of single expectations (None: all); severity: the mildest severity that
    runs (None: all); content: folders of the user's own content; as_of: judge what was known on that day;
    reference: another dataset, against whose distributions each table that both have is judged as well.
    Raises SfbenchError for bad names, bad suite files and an unreadable dataset; a missing table is no error: its
    expectations come back as `not_evaluated`.
    """
    specs = {name: table.spec for name, table in declared_tables(content).items() if table.spec.published}
    return validate_declared(
        Path(dataset_path),
        specs,
        suites=suites,
        severity=severity,
        content=content,
        as_of=as_of,
        reference=None if reference is None else Path(reference),
    )


def validate_declared(
    dataset: Path,
    tables: Mapping[str, Table],
    *,
    suites: Collection[str] | None = None,
    severity: Severity | None = None,
    content: tuple[Path, ...] = (),
    as_of: dt.date | None = None,
    reference: Path | None = None,
    progress: Callable[[str], None] = lambda table: None,
) -> Report:
    """`validate` for given declarations; `progress` hears each table's name before its suites run."""
    started = time.perf_counter()
    present = present_files(dataset)  # what is no dataset is refused before seconds of imports
    day = known_day(dataset, as_of)
    every = _suites(tables, load_suites(content, tables=tables), day)
    if reference is not None:
        shared = present.keys() & present_files(reference).keys()
        every += drift_suites({name: table for name, table in tables.items() if name in shared})
    wanted = chosen(every, suites, severity)
    with short_turns(), ThreadPoolExecutor(max_workers=1) as beside:
        types = beside.submit(engine.expectation_types)  # imports GX, while DuckDB reads the small tables
        with connected(dataset, tables, as_of, reference) as connection, closing(Ahead(connection, wanted)) as views:
            _accepted(every, types.result())
            with engine.sharing(connection):
                findings = judged(connection, tables, wanted, views, as_of=day, progress=progress)
    return Report(tuple(findings), time.perf_counter() - started)


def judged(
    connection: duckdb.DuckDBPyConnection,
    tables: Mapping[str, Table],
    suites: Mapping[str, list[Suite]],
    views: Ahead,
    *,
    as_of: dt.date | None = None,
    progress: Callable[[str], None] = lambda table: None,
    seen: Seen = lambda table, violated: None,
) -> list[Finding]:
    """Findings of these suites (table -> its suites) over a connection that `engine.sharing` holds open.

    views: their views and row queries, worked out ahead; as_of: the day of knowledge, for which the suites are; seen:
    called after each table with what is violated, while its views are there if they are kept.
    """
    findings: list[Finding] = []
    for name, own in suites.items():
        progress(name)
        findings += _table(connection, tables[name], own, views, seen, as_of)
    return findings


def all_suites(
    tables: Mapping[str, Table], content: tuple[Path, ...] = (), as_of: dt.date | None = None
) -> tuple[Suite, ...]:
    """Base suites, then hand-written ones; every expectation can be built by GX (else SfbenchError with file:line).

    as_of: for data that hold what was known on that day.
    """
    every = _suites(tables, load_suites(content, tables=tables), as_of)
    _accepted(every, engine.expectation_types())
    return every


def _accepted(suites: Iterable[Suite], types: Collection[str]) -> None:
    """Raises SfbenchError for what GX does not know or refuses to build, and for an id of two."""
    expectations = [e for suite in suites for e in suite.expectations]
    errors = repeated_ids(expectations)
    for expectation in expectations:
        if expectation.type not in types:
            what, fix = f"unknown expectation {expectation.type!r}", did_you_mean(expectation.type, types)
            errors.append(SfbenchError(what, where=expectation.where, fix=fix))
            continue
        try:
            engine.build(expectation)
        except (ValueError, TypeError) as error:
            what = f"Great Expectations refuses {expectation.id!r}"
            errors.append(SfbenchError(what, where=expectation.where, why=str(error), fix="mend its kwargs or query"))
    raise_all(errors)


def _suites(tables: Mapping[str, Table], written: Iterable[Suite], as_of: dt.date | None) -> tuple[Suite, ...]:
    own = [_measured(suite, tables[suite.table]) for suite in written]
    bases = uncovered([base_suite(table, as_of) for table in tables.values()], own)
    return (*without_floors(bases, tables, as_of), *own)


def _measured(suite: Suite, table: Table) -> Suite:
    """An expectation that names no measure serves those of its table."""
    found = (e if e.measures else replace(e, measures=table.measures) for e in suite.expectations)
    return replace(suite, expectations=tuple(found))


def chosen(every: Iterable[Suite], names: Collection[str] | None, severity: Severity | None) -> dict[str, list[Suite]]:
    """table -> its suites, narrowed to tables or ids and a mildest severity. Raises SfbenchError for bad names."""
    by_table: dict[str, list[Suite]] = {}
    for suite in every:
        by_table.setdefault(suite.table, []).append(_severe(suite, severity))
    if names is None:
        return by_table
    ids = {e.id for _, e in _all(by_table)}
    known = by_table.keys() | ids
    covered = {f"{table}.{claim}": e.id for table, e in _all(by_table) for claim in e.covers}
    raise_all(
        [
            SfbenchError(f"{n!r} does not run, as {covered[n]} finds its faults", fix=f"name {covered[n]}")
            if n in covered
            else SfbenchError(f"unknown suite {n!r}", fix=_nearest(n, by_table, ids))
            for n in names
            if n not in known
        ]
    )
    return {
        table: kept
        for table, suites in by_table.items()
        if (kept := suites if table in names else [s for suite in suites if (s := _picked(suite, names)).expectations])
    }


def _all(by_table: Mapping[str, list[Suite]]) -> Iterator[tuple[str, Expectation]]:
    return ((table, e) for table, suites in by_table.items() for suite in suites for e in suite.expectations)


def _nearest(name: str, tables: Collection[str], ids: Collection[str]) -> str:
    return did_you_mean(name, ids if "." in name else tables)


def _picked(suite: Suite, ids: Collection[str]) -> Suite:
    """The suite with the named expectations only."""
    return narrowed(suite, (e for e in suite.expectations if e.id in ids))


def _severe(suite: Suite, severity: Severity | None) -> Suite:
    if severity is None:
        return suite
    if severity not in SEVERITIES:
        raise SfbenchError(f"unknown severity {severity!r}", fix=did_you_mean(severity, SEVERITIES))
    kept = SEVERITIES[: SEVERITIES.index(severity) + 1]
    return narrowed(suite, (e for e in suite.expectations if e.severity in kept))


def _table(
    connection: duckdb.DuckDBPyConnection,
    table: Table,
    suites: list[Suite],
    views: Ahead,
    seen: Seen,
    as_of: dt.date | None,
) -> list[Finding]:
    expectations = [e for suite in suites for e in suite.expectations]
    if table.name not in views.there:
        return [
            _finding(table, e, None, engine.Result(None, error=f"the table {table.name!r} is missing"))
            for e in expectations
        ]
    rows = connection.execute(f'SELECT count(*) FROM "{table.name}"').fetchall()[0][0]
    with views.of(table.name) as worked:
        results = engine.validate_table(connection, table.name, table.key, expectations, worked.rows)
        seen(table, [e for e in expectations if results[e.id].success is False])
    if rows == 0:  # what every row fulfils, no row says; where none is due, it is the truth
        of_rows = {e.id for e in expectations} - {f"{table.name}.columns", f"{table.name}.types"}
        none = f"the table {table.name!r} has no rows"
        void = engine.Result(None, error=none)
        if not due(table, as_of):
            void = engine.Result(True, observed=f"{none}, and on {as_of} a city may have none")
        results |= {i: void for i, result in results.items() if i in of_rows and result.success}
    lost = engine.Result(None, error="Great Expectations returned no result")
    return [_finding(table, e, rows, results.get(e.id, lost)) for e in expectations]


def _finding(table: Table, expectation: Expectation, rows: int | None, result: engine.Result) -> Finding:
    return Finding(
        table=table.name,
        id=expectation.id,
        severity=expectation.severity,
        zh=expectation.zh,
        en=expectation.en,
        finds_zh=expectation.finds_zh,
        finds_en=expectation.finds_en,
        outcome="not_evaluated" if result.success is None else "passed" if result.success else "violated",
        rows=rows,
        unexpected=None if result.success is None else result.unexpected,
        sample=result.sample,
        reason=result.error or result.observed,
        sql_only=expectation.sql_only,
        measures=expectation.measures,
        key=table.key,
    )
