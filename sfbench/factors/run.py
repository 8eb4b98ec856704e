"""Counts the rows of every template's values on a dataset, chooses values from rare to common, and writes them."""

from __future__ import annotations

import datetime
import json
import re
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import duckdb
import pyarrow as pa

from sfbench.errors import SfbenchError
from sfbench.factors.template import Template, templates
from sfbench.metrics import records, write_parquet
from sfbench.spec import Table
from sfbench.store.files import write_whole
from sfbench.store.read import open_usable
from sfbench.store.unwritable import unwritable

FACTORS = "factors.json"
_REASON = re.compile(r"^(Catalog|Binder) Error: ")  # DuckDB's word for what was lacking
# Values by the rows that they select: rank ceil(q x number of values), the values themselves breaking ties.
_LEVELS = {"min": 0.0, "p25": 0.25, "median": 0.5, "p75": 0.75, "p99": 0.99, "max": 1.0}
# One choice of values may stand for several levels; it is named by the first.
_CHOOSE = """
WITH counted AS ({counts}),
ranked AS (
    SELECT *, ROW_NUMBER() OVER (ORDER BY rows_selected, {names}) AS place, COUNT(*) OVER () AS many
    FROM counted
),
level AS (
    SELECT UNNEST($levels) AS level, UNNEST($shares) AS share, UNNEST(RANGE(LEN($levels))) AS level_no
),
chosen AS (
    SELECT level, level_no, {names}, rows_selected
    FROM level
    JOIN ranked ON place = GREATEST(1, CAST(CEIL(share * many) AS BIGINT))
    QUALIFY ROW_NUMBER() OVER (PARTITION BY {names} ORDER BY level_no) = 1
)
"""
_GIVEN = "WITH chosen AS (SELECT level, level AS level_no, {names}, rows_selected FROM ({counts}))"
_ROWS = """
SELECT
    '{id}' AS query, parameter, type, level, value,
    rows_selected, rows_selected / NULLIF((SELECT COUNT(*) FROM "{table}"), 0) AS share
FROM ({values})
ORDER BY level_no, parameter_no
"""
_VALUE = """
SELECT
    level, level_no, rows_selected, {number} AS parameter_no, '{name}' AS parameter, '{type}' AS type,
    CAST("{name}" AS VARCHAR) AS value
FROM chosen
"""


class Written(NamedTuple):
    """What `write_factors` wrote: the table, and the templates whose tables or columns are not there (id -> why)."""

    table: pa.Table
    skipped: Mapping[str, str]


def factors(connection: duckdb.DuckDBPyConnection, content: Sequence[Path] = ()) -> Written:
    """The factor table of a dataset's views: query, parameter, type, level, value, rows_selected, share.

    `rows_selected` is the exact number of rows that the query gives for this value; `share` is of the rows of the
    template's table, and more than 1 where a join gives more than these. A query with several parameters has a row for
    each of them at every level. Levels are min, p25, median, p75, p99, max by rows selected, or a template's own. A
    template over a table that is not there is left out. Raises SfbenchError for a bad template file and a failing
    user's query.
    """
    parts: list[pa.Table] = []
    skipped: dict[str, str] = {}
    built_in = templates()
    for template in templates(content).values():
        try:
            parts.append(_one(connection, template))
        except duckdb.Error as error:
            if not _lacks(error, own=template.id not in built_in):
                what = f"the query template {template.id!r} fails"
                fix = "correct the query, or take the file out of the content folder"
                raise SfbenchError(what, where=template.where, why=str(error), fix=fix) from error
            skipped[template.id] = _REASON.sub("", str(error).splitlines()[0])
    if not parts:
        why = "; ".join(f"{name}: {reason}" for name, reason in skipped.items())
        raise SfbenchError("no query template fits the tables", why=why, fix="`sfbench check-schema` says what lacks")
    return Written(pa.concat_tables(parts), skipped)


def write_factors(
    path: Path,
    out: Path,
    *,
    as_of: datetime.date | None = None,
    force: bool = False,
    declared: Mapping[str, Table] | None = None,
    content: Sequence[Path] = (),
) -> Written:
    """Writes `factors.parquet`, `factors.json` and `queries/<id>.sql` into `out`; the same dataset gives the same.

    Raises SfbenchError as `factors` does, for a folder that cannot be read, and for an `out` with something else in it.
    """
    connection = open_usable(path, as_of, declared=declared).connection
    try:
        found = factors(connection, content)
    finally:
        connection.close()
    _clear(out, force)
    known = templates(content)
    names = list(dict.fromkeys(found.table["query"].to_pylist()))
    try:
        (out / "queries").mkdir(parents=True)
    except OSError as error:
        raise unwritable(out, str(error)) from error
    for name in names:
        template = known[name]
        asked = ", ".join(f"${parameter}: {kind}" for parameter, kind in template.parameters.items())
        head = f"-- {template.zh} {template.en}; {asked}\n"
        write_whole(out / "queries" / f"{name}.sql", f"{head}{template.query};\n".encode())
    write_parquet(found.table, out / "factors.parquet")
    text = json.dumps(records(found.table), ensure_ascii=False, indent=1)
    write_whole(out / FACTORS, (text + "\n").encode())
    return found


def _lacks(error: duckdb.Error, *, own: bool) -> bool:
    """Whether a table is not there, or a column: a built-in query names nothing that the full schema lacks.

    In a user's own query an unknown column may be a slip of the pen, so it is told as an error.
    """
    return isinstance(error, duckdb.CatalogException) or (not own and isinstance(error, duckdb.BinderException))


def _one(connection: duckdb.DuckDBPyConnection, template: Template) -> pa.Table:
    columns = [column[0] for column in connection.execute(f"DESCRIBE {template.counts}").fetchall()]
    if missing := [name for name in (*template.parameters, "rows_selected") if name not in columns]:
        what = f"the counts of query template {template.id!r} give no column {', '.join(missing)}"
        fix = "name a column after each parameter, and one rows_selected"
        raise SfbenchError(what, where=template.where, fix=fix)
    own_levels = "level" in columns
    names = ", ".join(f'"{name}"' for name in template.parameters)
    sql = (_GIVEN if own_levels else _CHOOSE).format(counts=template.counts, names=names)
    values = "UNION ALL".join(
        _VALUE.format(number=number, name=name, type=kind)
        for number, (name, kind) in enumerate(template.parameters.items())
    )
    rows = _ROWS.format(id=template.id, table=template.table, values=values)
    levels = {} if own_levels else {"levels": list(_LEVELS), "shares": list(_LEVELS.values())}
    return connection.sql(sql + rows, params=levels).to_arrow_table()


def _clear(out: Path, force: bool) -> None:
    """Make room: earlier factors go with `force`; anything else stays and is refused."""
    if not out.exists() or (out.is_dir() and not any(out.iterdir())):
        return
    if not (out / FACTORS).is_file():
        why = "it is not empty, and sfbench removes only what it wrote"
        raise SfbenchError(
            "the output folder holds something else", where=str(out), why=why, fix="choose another --out"
        )
    if not force:
        fix = "add --force to replace them, or choose another --out"
        raise SfbenchError("the output folder holds factor tables", where=str(out), fix=fix)
    (out / FACTORS).unlink()
    (out / "factors.parquet").unlink(missing_ok=True)
    shutil.rmtree(out / "queries", ignore_errors=True)
