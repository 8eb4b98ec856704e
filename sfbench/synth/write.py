"""From what a method drew to a dataset: keys, looked-up columns, identities, bounds, files, manifest."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from sfbench.errors import SfbenchError
from sfbench.kit import nullable
from sfbench.spec import Column, Table
from sfbench.store.arrow import batch
from sfbench.store.manifest import Manifest, TableEntry
from sfbench.store.read import published, without_bar
from sfbench.store.staging import Staging
from sfbench.store.write import TableWriter
from sfbench.synth import by_firm, fictional, ladder, plans, recipe
from sfbench.synth.columns import raw
from sfbench.synth.learned import Learned
from sfbench.synth.streams import stream
from sfbench.version import __version__

COPY = "synthetic_copy"  # what the manifest of a copy names as its scenario
FIRST_KEY = 8_000_000_000_000  # new keys count from here: longer than the keys of registers in use
# Within the days on which a note may be granted, as declared: a later cut would leave its tenor behind.
_NOTE_DAY = """CREATE MACRO note_month(months) AS
DATE '2016-01-01' + to_months(CASE WHEN months < 0 THEN 0 WHEN months > 143 THEN 143 ELSE months END::INTEGER);
CREATE MACRO note_day(months, day_of_month) AS
least(note_month(months) + to_days((greatest(day_of_month, 1) - 1)::INTEGER), last_day(note_month(months)))::DATE"""
_DAYS = "CREATE MACRO days(number) AS (CASE WHEN number < 0 THEN 0 ELSE number END)::INTEGER"  # greatest() drops nulls


def whole(made: Iterable[tuple[str, pa.Table]]) -> dict[str, pa.Table]:
    """Tables from their pieces in order."""
    found = groupby(made, key=itemgetter(0))
    return {name: pa.concat_tables(piece for _, piece in of_table) for name, of_table in found}


def pieces(
    drawn: Mapping[str, Learned],
    registers: Mapping[str, pa.Table],
    specs: Mapping[str, Table],
    seed: int,
    *,
    own: bool = False,
) -> Iterator[tuple[str, pa.Table]]:
    """The declared tables of what was drawn as (name, rows), with registers, references and identities in place.

    They come table by table, the largest in blocks of firms, which are not held together. `own`: a user declared the
    tables, so no recipe of ours is for them.
    """
    # A model file comes from elsewhere, perhaps: what it declares can name no file here.
    con = duckdb.connect(":memory:", config={"threads": "2", "enable_external_access": "false"})
    try:
        without_bar(con)
        con.execute(_NOTE_DAY)
        con.execute(_DAYS)
        for name, table in registers.items():
            con.register(name, table)
        views = {f"drawn_{name}": _numbered(one, stream(seed, name, "numbers")) for name, one in drawn.items()}
        for name, view in views.items():
            con.register(name, view)
        for name in () if own else recipe.names():
            if name not in drawn:  # recipes of others may read it
                con.execute(plans.empty_view(f"drawn_{name}", _columns_drawn()[name]))
                con.execute(plans.empty_view(f"made_{name}", {"_row": "BIGINT", **plans.types(published()[name])}))
        for at, name in enumerate(drawn):
            said = recipe.recipe_of(name, own)
            if said is not None and said.by_firm:
                held = list[pa.Table]()
                read = any(f"made_{name}" in recipe.recipe(other).emit for other in list(drawn)[at + 1 :])
                for _ in by_firm.blocks(con, name, drawn, views):
                    piece = _finished(con, specs[name], con.sql(said.emit).to_arrow_table())
                    held += [piece] if read else []
                    yield name, piece.drop_columns(["_row"])
                if held:
                    views[f"made_{name}"] = pa.concat_tables(held)
                    con.register(f"made_{name}", views[f"made_{name}"])
                continue
            made = _made(con, specs[name], drawn, stream(seed, name, "made anew"), own)
            views[f"made_{name}"] = made
            con.register(f"made_{name}", made)
            yield name, made.drop_columns(["_row"])
    except duckdb.Error as error:
        why = str(error).splitlines()[0]
        raise SfbenchError("what was drawn cannot be written as the declared tables", why=why) from error
    finally:
        con.close()
    yield from registers.items()


def folder(
    made: Iterable[tuple[str, pa.Table]],
    specs: Mapping[str, Table],
    out: Path,
    scenario: Mapping[str, Any],
    seed: int,
    force: bool,
) -> Manifest:
    """Write tables, or pieces of them in order, as a dataset with a manifest.

    Raises SfbenchError for a folder that holds something else.
    """
    digest = hashlib.sha256(json.dumps([dict(scenario), seed], sort_keys=True).encode()).hexdigest()
    with Staging(out, digest, force) as staging:
        entries = {}
        for name, of_table in groupby(made, key=itemgetter(0)):
            spec = stored(specs[name])
            with TableWriter(staging.folder, spec, 0) as writer:
                for _, piece in of_table:
                    writer.write(declared_batch(spec, piece))
                entries[name] = TableEntry.of([writer.close()])
        manifest = Manifest(version=__version__, scenario=scenario, scale=1.0, seed=seed, tables=entries, plan=digest)
        staging.commit(manifest)
    return manifest


def stored(spec: Table) -> Table:
    """The declaration with codes whose values nobody declared as texts (a user's own tables)."""
    plain = [replace(c, kind="text") if c.kind == "code" and not c.values else c for c in spec.columns]
    return spec if plain == list(spec.columns) else replace(spec, columns=tuple(plain))


def without_gaps(spec: Table, table: pa.Table) -> pa.Table:
    """Nulls in columns that have none take the column's most frequent value.

    They come where too few firms hold each value for any of them to be kept; where none of a column is kept, the first
    value that is declared stands for it.
    """
    for column in spec.columns:
        if column.nullable or column.kind == "key" or not table[column.name].null_count:
            continue
        held = table[column.name].drop_null().combine_chunks()
        if len(held):
            counts = held.value_counts()
            common = counts.field("values")[pc.index(counts.field("counts"), pc.max(counts.field("counts"))).as_py()]
        else:
            common = pa.array([_first_declared(column)]).cast(held.type)[0]
        filled = table[column.name].fill_null(common)
        table = table.set_column(table.column_names.index(column.name), column.name, filled)
    return table


def _first_declared(column: Column) -> Any:
    """The value with which a column's declaration begins: a first code, a lower bound, nothing."""
    if column.kind in ("code", "text"):
        return column.values[0].code if column.values else ""
    if column.kind == "flag":
        return False
    if column.kind == "date":
        return date.fromisoformat(column.low_on or "1970-01-01")
    return Decimal(repr(column.low or 0))


def declared_batch(spec: Table, table: pa.Table) -> pa.RecordBatch:
    """An Arrow table of readable values as the batch that the store writes."""
    columns: dict[str, Any] = {}
    cells: NDArray[Any]
    for column in spec.columns:
        values = table[column.name].combine_chunks()
        valid = np.asarray(values.is_valid().to_numpy(zero_copy_only=False), np.bool_)
        if column.kind == "text":
            columns[column.name] = values.cast(pa.string())
            continue
        if column.kind == "code":
            words = pa.array([code.code for code in column.values], pa.string())
            places = pc.fill_null(pc.index_in(values.cast(pa.string()), value_set=words), 0)
            cells = np.asarray(places).astype(np.int64)
        elif column.kind == "flag":
            cells = np.asarray(pc.fill_null(values, False).to_numpy(zero_copy_only=False), np.bool_)
        elif column.kind in ("key", "count"):
            cells = np.asarray(pc.fill_null(values.cast(pa.int64()), 0)).astype(np.int64)
        else:
            cells = raw(values)[0]
            whole = {"date": np.int32, "money": np.int64, "rate": np.int64}.get(column.kind)
            cells = cells if whole is None else np.rint(cells).astype(whole)
        columns[column.name] = nullable(cells, valid)
    return batch(spec, columns)


def _made(
    con: duckdb.DuckDBPyConnection,
    spec: Table,
    drawn: Mapping[str, Learned],
    random: np.random.Generator,
    own: bool,
) -> pa.Table:
    """A whole table with `_row`, the row that was drawn."""
    name = spec.name
    if said := recipe.recipe_of(name, own):
        if name in fictional.BY_TABLE:
            texts = fictional.BY_TABLE[name](drawn[name].columns, random)
            con.register(f"fictional_{name}", pa.table({"_row": np.arange(drawn[name].rows), **texts}))
        return _finished(con, spec, con.sql(said.emit).to_arrow_table())
    ready = {other: con.sql(f"FROM {plans.quoted('made_' + other)}").to_arrow_table() for other in _ready(con)}
    numbers = FIRST_KEY + 1 + np.arange(drawn[name].rows)
    rows = plans.emit(spec, list(drawn), drawn[name], numbers, ready, random)
    roles = plans.roles(spec, list(drawn))
    rows = ladder.apart(spec, rows, [column for column, role in roles.items() if role in ("learned", "category")])
    return _finished(con, spec, rows.append_column("_row", pa.array(np.arange(drawn[name].rows))))


def _finished(con: duckdb.DuckDBPyConnection, spec: Table, rows: pa.Table) -> pa.Table:
    """Within the declared types and bounds, one row a key, without gaps."""
    con.register(f"raw_{spec.name}", rows)
    found = con.sql(plans.bounded_sql(spec, plans.quoted(f"raw_{spec.name}"))).to_arrow_table()
    con.unregister(f"raw_{spec.name}")
    return without_gaps(spec, found)


def _ready(con: duckdb.DuckDBPyConnection) -> list[str]:
    names = con.execute("SELECT view_name FROM duckdb_views() WHERE NOT internal").fetchall()
    return [name.removeprefix("made_") for (name,) in names if name.startswith("made_")]


def _numbered(table: Learned, random: np.random.Generator) -> pa.Table:
    """A drawn table with its row, its parent's row, its new key, and three uniforms that a recipe may use."""
    rows = np.arange(table.rows)
    more = {"_row": pa.array(rows), "_id": pa.array(FIRST_KEY + 1 + rows)}
    if table.parent_row is not None:
        more["_parent"] = pa.array(table.parent_row)
    more |= {f"_u{number}": pa.array(random.random(table.rows)) for number in (1, 2, 3)}
    return table.with_columns(more).columns


@cache
def _columns_drawn() -> dict[str, dict[str, str]]:
    """By table: what its recipe learns and what is added to each row that is drawn, with types."""
    added = {"_row": "BIGINT", "_id": "BIGINT", "_parent": "BIGINT", "_u1": "DOUBLE", "_u2": "DOUBLE", "_u3": "DOUBLE"}
    found = {}
    con = duckdb.connect(":memory:")
    try:
        for spec in published().values():
            con.execute(plans.empty_view(spec.name, plans.types(spec)))
        for name in recipe.names():
            read = con.sql(recipe.recipe(name).learn)
            found[name] = dict(zip(read.columns, map(str, read.types), strict=True)) | added
    finally:
        con.close()
    return found
