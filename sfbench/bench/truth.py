"""The truth of a question by its SQL: over `seen`, `real` and `twin` tables, `labels`, the `register` of a policy."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

import sfbench.content as content
from sfbench.bench.posed import Posed
from sfbench.bench.tasks import task
from sfbench.bench.worlds import Tables, Worlds
from sfbench.content.sql_head import named_parameters
from sfbench.draws import month_end, month_start
from sfbench.errors import SfbenchError
from sfbench.spec import NEVER, Question, Trial

if TYPE_CHECKING:
    import duckdb

_TRUTH = {"estimate": "value", "marks": "label", "ranking": "quality"}


def pose(question: Question, worlds: Worlds, trial: Trial) -> Posed:
    """What is seen are the question's tables as reported and the policy's register; the truth is what the SQL gives.

    Raises SfbenchError if the query fails or gives other columns than the task's answer needs.
    """
    tables = {f"{name}__{world}": found for world in ("seen", "real", "twin") for name, found in _of(worlds, world)}
    policy = _policy(worlds)
    span = span_of(trial)
    planted = {"labels": worlds.labels} if "labels" in question.sql else {}
    with connection(tables | planted | policy) as held:
        for world in ("seen", "real", "twin"):
            held.execute(f"CREATE SCHEMA {world}")
            for name, _ in _of(worlds, world):
                held.execute(f"CREATE VIEW {world}.{name} AS FROM {name}__{world}")
        truth = run_truth(held, question, {name: span[name] for name in named_parameters(question.sql)})
    wanted = [*question.key, _TRUTH[task(question.task).answer]]
    if truth.column_names not in (wanted, [*wanted, "grade"]):
        why = f"it gives {', '.join(truth.column_names)}"
        raise SfbenchError(f"the truth has the columns {', '.join(wanted)}", where=question.where, why=why)
    seen = {name: table for name, table in worlds.seen.items() if name in question.tables}
    if question.foresight:
        seen = known_by(seen, span["last"], worlds.plan.content)
    lever = worlds.lever
    seen |= {} if lever is None or lever.secret else policy
    if any(not _known(column) for column in truth.columns):
        raise SfbenchError("the truth has a gap", where=question.where, fix="give no null, nan or infinity")
    if question.key:
        return Posed(seen, truth)
    if truth.num_rows != 1:
        raise SfbenchError("the truth is no single figure", where=question.where, fix="give one row, not null")
    return Posed(seen, truth, float(truth["value"][0].as_py()))


def known_by(tables: Tables, day: datetime.date, extra: tuple[Path, ...]) -> Tables:
    """What was known on a day: rows reported by then, and of them the cells that were filled by then."""
    out, specs = {}, content.tables(extra)
    with connection(tables) as held:
        for name in tables:
            spec = specs[name].spec
            later = [column for column in spec.columns if column.known_on]
            cells = ", ".join(f'CASE WHEN "{c.known_on}" <= $day THEN "{c.name}" END AS "{c.name}"' for c in later)
            rows = f'WHERE "{spec.known_on}" <= $day' if spec.known_on else ""
            asked = f'SELECT * {f"REPLACE ({cells})" if cells else ""} FROM "{name}" {rows}'
            out[name] = held.sql(asked, params={"day": day} if "$day" in asked else {}).to_arrow_table()
    return out


@contextmanager
def connection(tables: Mapping[str, pa.Table]) -> Iterator[duckdb.DuckDBPyConnection]:
    """A DuckDB connection in memory, of one thread, with these tables."""
    import duckdb

    with duckdb.connect() as held:
        held.execute("SET threads = 1")
        for name, table in tables.items():
            held.register(name, table)
        yield held


def run_truth(held: duckdb.DuckDBPyConnection, question: Question, parameters: Mapping[str, Any]) -> pa.Table:
    """What the question's SQL gives. Raises SfbenchError if it fails."""
    import duckdb

    try:
        return held.sql(question.sql, params=dict(parameters)).to_arrow_table()
    except duckdb.Error as error:
        raise SfbenchError(
            "the question's query fails", where=question.where, why=str(error).splitlines()[0]
        ) from error


def _known(column: pa.ChunkedArray) -> bool:
    """Whether a column has no gap, and numbers alone where it has numbers."""
    return not column.null_count and (
        not pa.types.is_floating(column.type) or bool(np.isfinite(column.to_numpy()).all())
    )


def _of(worlds: Worlds, world: str) -> list[tuple[str, pa.Table]]:
    return list(getattr(worlds, world).items())


def _policy(worlds: Worlds) -> Tables:
    """The public register: whom the policy is made for, in which unit, from which day on (null: never)."""
    register = worlds.register
    if register is None:
        return {}
    treated = register["start"] < NEVER
    days = np.zeros(len(treated), np.int32)
    days[treated] = month_start(register["start"][treated])
    starts = pa.array(days, pa.date32(), mask=~treated)
    return {"register": worlds.members["register"].append_column("starts_on", starts)}


def span_of(trial: Trial) -> dict[str, datetime.date]:
    """`first` and `last` day of what is asked about."""
    days = {"first": month_start(trial.first), "last": month_end(trial.last)}
    return {name: np.datetime64(int(day), "D").item() for name, day in days.items()}
