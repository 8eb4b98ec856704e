"""Runs expectations by Great Expectations on an open DuckDB connection (`duckdb_datasource` tells GX how).

The connection is the caller's own in-memory one, so nothing is written to disk.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import duckdb

from sfbench.quality.ahead import Rows
from sfbench.quality.expectation import ROWS, Expectation
from sfbench.quality.later import later

_SAMPLE = 20  # keys of violating rows that a result carries (GX's own default)
_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Result:
    """What GX answered about one expectation. `success` is None if it crashed; then `error` says how."""

    success: bool | None
    unexpected: int = 0
    sample: tuple[dict[str, Any], ...] = ()
    observed: str = ""
    error: str = ""


def expectation_types() -> frozenset[str]:
    """Registered names of GX's built-in expectations, and `rows`."""
    _gx()
    from great_expectations.expectations.registry import list_registered_expectation_implementations

    return frozenset([ROWS, *list_registered_expectation_implementations()])


def build(expectation: Expectation) -> Any:
    """The GX expectation object; raises what GX raises for bad arguments (pydantic's ValidationError, a ValueError)."""
    _gx()
    from great_expectations.expectations.registry import get_expectation_impl

    meta = {name: getattr(expectation, name) for name in ("id", "zh", "finds_zh", "finds_en")}
    meta["measures"] = list(expectation.measures)
    common = {"severity": expectation.severity, "notes": expectation.en, "meta": meta}
    if expectation.type == ROWS:
        name, kwargs = "unexpected_rows_expectation", {"unexpected_rows_query": expectation.query}
    else:
        name, kwargs = expectation.type, dict(expectation.kwargs)
    implementation: Any = get_expectation_impl(name)
    return implementation(**kwargs, **common)


def as_suite(name: str, expectations: Sequence[Expectation]) -> Any:
    """A GX suite."""
    return _gx().ExpectationSuite(name=name, expectations=[build(e) for e in expectations])


def validate_table(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    key: Sequence[str],
    expectations: Sequence[Expectation],
    known: Mapping[str, Rows] = MappingProxyType({}),
) -> dict[str, Result]:
    """Runs the expectations on one table (a view of the connection) as GX suites; id -> Result.

    known: answers to row queries (stripped), which GX is told and does not ask of the database. The first run asks
    GX for verdicts only; what failed runs again for its samples: built-ins in SUMMARY format with the key as index, row
    queries in COMPLETE (GX shows their rows in no other, and fetches 200 at most).
    """
    batch = _batch(connection, table)
    _SHARED[id(connection)].get_execution_engine().known = known
    results = _validate(batch, expectations, "BOOLEAN_ONLY")
    failed = [e for e in expectations if results[e.id].success is False]
    index = {"unexpected_index_column_names": list(key), "partial_unexpected_count": _SAMPLE}
    summary = {"result_format": "SUMMARY", **index}
    results |= _validate(batch, [e for e in failed if e.type != ROWS], summary)
    return results | _validate(batch, [e for e in failed if e.type == ROWS], "COMPLETE")


def build_docs(
    connection: duckdb.DuckDBPyConnection, runs: Mapping[str, tuple[Sequence[str], Sequence[Expectation]]], out: Path
) -> None:
    """A checkpoint per table (table -> key columns and expectations), and GX's Data Docs of the results in `out`."""
    gx, context = _gx(), _context()
    site = f"docs_{next(_numbers)}"
    backend = {"class_name": "TupleFilesystemStoreBackend", "base_directory": str(out.resolve())}
    index = {"class_name": "DefaultSiteIndexBuilder"}
    context.add_data_docs_site(
        site, {"class_name": "SiteBuilder", "site_index_builder": index, "store_backend": backend}
    )
    for table, (key, expectations) in runs.items():
        name = f"{table}_{site}"
        suite = context.suites.add(as_suite(name, expectations))
        asset = _SHARED[id(connection)].add_table_asset(name, table_name=table)
        data = asset.add_batch_definition_whole_table("all")
        definition = context.validation_definitions.add(gx.ValidationDefinition(name=name, data=data, suite=suite))
        keys = {"result_format": "SUMMARY", "unexpected_index_column_names": list(key)}
        made = gx.Checkpoint(name=name, validation_definitions=[definition], result_format=keys)
        context.checkpoints.add(made).run()
    context.build_data_docs(site_names=[site])
    context.delete_data_docs_site(site)


def _validate(batch: Any, expectations: Sequence[Expectation], result_format: Any) -> dict[str, Result]:
    if not expectations:
        return {}
    with _configured_once():
        answer = batch.validate(as_suite("run", expectations), result_format=result_format)
    return {found.expectation_config.meta["id"]: _result(found) for found in answer.results}


@contextmanager
def _configured_once() -> Iterator[None]:
    """While open, GX works out an expectation once, not some sixty times, and names a metric by what it is told of it,
    without a way over JSON: half its own CPU time less."""
    from great_expectations.core.id_dict import IDDict
    from great_expectations.expectations.expectation import Expectation as Built
    from great_expectations.expectations.expectation_configuration import ExpectationConfiguration as Configuration

    patched: Any = (Built, "configuration"), (Configuration, "to_domain_obj"), (IDDict, "to_id")
    originals = [getattr(owner, name) for owner, name in patched]
    named = originals[2]

    def to_id(self: Any, id_keys: Any = None, id_ignore_keys: Any = None) -> Any:
        if id_keys is not None or id_ignore_keys is not None or self._id_ignore_keys:
            return named(self, id_keys, id_ignore_keys)
        return "|".join([f"{key}={self[key]!r}" for key in sorted(self)]) if self else ()

    replacements = property(_once(originals[0].fget)), _once(originals[1]), to_id
    for (owner, name), replacement in zip(patched, replacements, strict=True):
        setattr(owner, name, replacement)
    try:
        yield
    finally:
        for (owner, name), original in zip(patched, originals, strict=True):
            setattr(owner, name, original)


def _once(work: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """The function, worked out once for each object."""
    known: dict[int, tuple[Any, Any]] = {}  # the object is held so that its id is not given to another

    def found(one: Any) -> Any:
        if id(one) not in known:
            known[id(one)] = (one, work(one))
        return known[id(one)][1]

    return found


def _result(found: Any) -> Result:
    error = crash(found.exception_info)
    if error:
        return Result(None, error=error)
    detail: Mapping[str, Any] = found.result or {}
    if found.success:
        return Result(True)
    rows = (detail.get("details") or {}).get("unexpected_rows")
    if rows is not None:
        return Result(False, int(detail["observed_value"]), tuple(dict(row) for row in rows[:_SAMPLE]))
    if "unexpected_count" in detail:
        sample = tuple(dict(row) for row in (detail.get("partial_unexpected_index_list") or [])[:_SAMPLE])
        return Result(False, int(detail["unexpected_count"]), sample)
    return Result(False, 1, observed=f"observed {detail.get('observed_value')}")


def crash(info: Any) -> str:
    """GX reports a crash flat or keyed by metric, and leaves `success` False: read both shapes."""
    if not info:
        return ""
    blocks = [info] if "raised_exception" in info else list(info.values())
    texts = [str(b.get("exception_message")) for b in blocks if isinstance(b, Mapping) and b.get("raised_exception")]
    return " | ".join(dict.fromkeys(texts))


@cache
def _gx() -> Any:
    """Great Expectations, imported once (2 s) with telemetry off and our datasource registered."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"  # read at import; 1.24 has no telemetry, older 1.x had
    with later("altair", "scipy.stats"):  # for the Kullback-Leibler divergence and its picture: a third of the time
        import great_expectations as gx

    _register()
    return gx


@cache
def _context() -> Any:
    gx = _gx()
    from great_expectations.data_context.types.base import (
        DataContextConfig,
        InMemoryStoreBackendDefaults,
        ProgressBarsConfig,
    )

    # GX's own default makes a temporary folder for a site that nobody asked for.
    settings = DataContextConfig(store_backend_defaults=InMemoryStoreBackendDefaults(init_temp_docs_sites=False))
    context: Any = gx.get_context(mode="ephemeral", project_config=settings)
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    return context


_ENGINES: dict[str, Any] = {}  # datasource name -> SQLAlchemy engine over the caller's connection


@contextmanager
def sharing(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """While open, `validate_table` may be called for the connection; afterwards GX has forgotten it."""
    import sqlalchemy
    from duckdb_engine import ConnectionWrapper

    _gx()
    name = f"duckdb_{next(_numbers)}"
    # GX only reads. A transaction begun by one of its connections would be begun again by the next, on the one
    # connection that they share, and its rollback would take the suites' computed views away.
    idle = {name: lambda self: None for name in ("begin", "commit", "rollback", "close")}
    wrapped: Any = type("SharedConnection", (ConnectionWrapper,), idle)(connection)
    _ENGINES[name] = sqlalchemy.create_engine(
        "duckdb:///:memory:", creator=lambda: wrapped, poolclass=sqlalchemy.pool.StaticPool
    )
    _SHARED[id(connection)] = _context().data_sources.add_duckdb_shared(name, connection_string="duckdb:///:memory:")
    try:
        yield
    finally:
        del _SHARED[id(connection)], _ENGINES[name]
        _context().data_sources.delete(name)


_SHARED: dict[int, Any] = {}  # id of a connection that is being shared -> its datasource


def _batch(connection: duckdb.DuckDBPyConnection, table: str) -> Any:
    source = _SHARED[id(connection)]
    context, source._data_context = source._data_context, None  # GX would write its configuration as YAML, to nowhere
    try:
        batch = source.add_table_asset(table, table_name=table).add_batch_definition_whole_table("all")
    finally:
        source._data_context = context
    return batch.get_batch()


def _register() -> None:
    """The datasource of `duckdb_datasource` over a connection that the caller holds, and row queries as known."""
    from typing import Literal

    from great_expectations.expectations.metrics.metric_provider import metric_value
    from great_expectations.expectations.metrics.query_metrics.query_table.unexpected_rows_query_table import (
        UnexpectedRowsQueryTable,
    )

    from sfbench.quality.plain.duckdb_datasource import DuckDBDatasource, DuckDBExecutionEngine, RowsOnce

    class SharedDuckDBExecutionEngine(DuckDBExecutionEngine):
        known: Mapping[str, Rows] = MappingProxyType({})  # row query (stripped) -> its answer

    def execution_engine(self: Any) -> Any:
        if not self._execution_engine:
            self._execution_engine = SharedDuckDBExecutionEngine(engine=_ENGINES[self.name], create_temp_table=False)
        return self._execution_engine

    def known(asked: Mapping[str, Any]) -> Rows | None:
        query = asked["metric_value_kwargs"]["unexpected_rows_query"].strip()
        answer: Rows | None = asked["execution_engine"].known.get(query)
        if answer is not None and answer.error is not None:
            raise answer.error
        return answer

    class KnownRows(UnexpectedRowsQueryTable):  # type: ignore[misc,unused-ignore]
        @metric_value(engine=SharedDuckDBExecutionEngine)  # type: ignore[untyped-decorator,unused-ignore]
        def _sqlalchemy(cls, **asked: Any) -> list[dict[str, Any]]:  # type: ignore[override,unused-ignore]
            answer = known(asked)
            return list(answer.first) if answer else UnexpectedRowsQueryTable._sqlalchemy(cls, **asked)

    class KnownNumber(RowsOnce):
        @metric_value(engine=SharedDuckDBExecutionEngine)  # type: ignore[untyped-decorator,unused-ignore]
        def _sqlalchemy(cls, **asked: Any) -> int:  # type: ignore[override,unused-ignore]
            answer = known(asked)
            return answer.number if answer else RowsOnce._sqlalchemy(cls, **asked)

    # Built by `type` because GX reads the annotations of the class body at once, and ours are strings.
    body = {
        "__module__": __name__,
        "__annotations__": {"type": Literal["duckdb_shared"]},
        "type": "duckdb_shared",
        "execution_engine_type": property(lambda self: SharedDuckDBExecutionEngine),
        "get_engine": lambda self: _ENGINES[self.name],
        "get_execution_engine": execution_engine,
    }
    type("SharedDuckDBDatasource", (DuckDBDatasource,), body)  # subclassing registers data_sources.add_duckdb_shared
