"""Reads the tables to learn from: a dataset, or a user's own Parquet files. Writes nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sfbench.errors import SfbenchError, did_you_mean, raise_all
from sfbench.spec import Table
from sfbench.store import manifest
from sfbench.store.read import open_dataset, present_files, published
from sfbench.synth import parents, plans, recipe, split
from sfbench.synth.columns import plain
from sfbench.synth.learned import Ints, Learned, with_units
from sfbench.synth.write import COPY, stored

ALIKE = "alike"  # stands for the columns of a table that has none but its key


@dataclass(frozen=True, slots=True)
class Source:
    """Tables as a method learns them, parents first; the registers that go into the copy as they stand."""

    learned: dict[str, Learned]
    registers: dict[str, pa.Table]
    specs: dict[str, Table]


def read(
    folder: Path,
    names: Sequence[str] | None = None,
    own: Mapping[str, Table] | None = None,
    *,
    keep_out: float = 0.0,
    kept: bool = False,
) -> Source:
    """The tables `names` of a folder (None: firms, notes and balances, or all of `own`), ready to be learned.

    `own` declares a user's own tables; the declarations that it gives back say which reference is the parent (see
    `parents`). `keep_out` is the share of firms (with all that hangs on them) that is left out,
    always the same ones for the same keys; with `kept` those alone are read. Raises SfbenchError for an unknown table,
    a missing parent, a circle of references, an empty table, and columns of types that cannot be learned.
    """
    declared = published() if own is None else dict(own)
    present = present_files(folder)
    named = _wanted(folder, present, declared, names, own is not None)
    given = [name for name in named if own is not None and declared[name].stage == "prelude"]
    wanted = [name for name in named if name not in given]
    if not wanted:
        raise SfbenchError("no table here can be learned", where=str(folder), why="all of them are registers")
    if own is not None:
        declared = parents.settled(declared, wanted, partial(_is_whole, folder, declared))
    order = ordered({name: declared[name] for name in wanted}, own is not None)
    registers = list(dict.fromkeys([*given, *_registers(order, declared, own is not None)]))
    missing = [name for name in registers if name not in present]
    raise_all([_no_register(folder, name, order) for name in missing])
    con = open_dataset(folder, tables=[*order, *registers], declared=_as_written(folder, declared))
    try:
        for name in declared.keys() - set(order) - set(registers):
            con.execute(plans.empty_view(name, plans.types(declared[name])))
        held = {name: con.sql(f"FROM {plans.quoted(name)}").to_arrow_table() for name in registers}
        learned = dict[str, Learned]()
        keys = dict[str, pa.Array]()
        for name in order:
            learned[name], keys[name] = _learn(con, declared, name, order, keys, own is not None)
            if not recipe.recipe_of(name, own is not None):
                raise_all(_strange_codes(declared[name], learned[name].columns))
            learned[name] = replace(learned[name], words=_words(declared[name], learned[name], held))
    except duckdb.Error as error:
        why = str(error).splitlines()[0]
        raise SfbenchError("the tables cannot be read for learning", where=str(folder), why=why) from error
    finally:
        con.close()
    learned = with_units(learned.values())
    if keep_out:
        learned = split.part(learned, {name: keys[name] for name in learned}, keep_out, kept=kept)
    return Source(learned, held, {name: declared[name] for name in [*order, *registers]})


def _is_whole(folder: Path, declared: Mapping[str, Table], name: str, column: str) -> bool:
    con = open_dataset(folder, tables=[name], declared=_as_written(folder, declared))
    try:
        found = con.sql(f"SELECT count(*) = count({plans.quoted(column)}) FROM {plans.quoted(name)}").fetchall()
    except duckdb.Error:  # a file without the column: told when the table is read
        return False
    finally:
        con.close()
    return bool(found[0][0])


def _as_written(folder: Path, declared: Mapping[str, Table]) -> Mapping[str, Table]:
    """The declarations that the files of a folder fit: in a copy, codes whose values nobody declared are texts."""
    if not (folder / manifest.NAME).exists() or manifest.read(folder).scenario.get("name") != COPY:
        return declared
    return {name: stored(table) for name, table in declared.items()}


def parent_of(table: Table, among: Sequence[str], own: bool) -> tuple[str, str]:
    """(parent, column that names its row), ("", "") at the top."""
    said = recipe.recipe_of(table.name, own)
    return (said.parent, said.parent_key) if said else plans.parent_of(table, among)


def ordered(tables: Mapping[str, Table], own: bool) -> list[str]:
    """Names, parents first. Raises SfbenchError for a parent that is not among them, and for a circle."""
    parents = {name: parent_of(table, list(tables), own)[0] for name, table in tables.items()}
    errors = [
        SfbenchError(f"{name} needs its parent {parent}", fix=f"add {parent} to --tables")
        for name, parent in parents.items()
        if parent and parent not in tables
    ]
    raise_all(errors)
    needed = {name: {parent, *(set(_after(name, own)) & set(tables))} for name, parent in parents.items()}
    # A reference that is no parent's is drawn from rows that are there: before its table stands the one it leads to.
    wished = {name: needed[name] | _led_to(table, list(tables), own) for name, table in tables.items()}
    done: list[str] = []
    waiting = list(tables)
    while waiting:
        ready = [name for name in waiting if wished[name] <= {"", *done}]
        ready = ready or [name for name in waiting if needed[name] <= {"", *done}][:1]
        if not ready:
            circle = " -> ".join([*waiting, waiting[0]])
            fix = "in the metadata, take the reference away that is not the parent's"
            raise SfbenchError("tables refer to each other in a circle", why=circle, fix=fix)
        done += ready
        waiting = [name for name in waiting if name not in done]
    return done


def _after(table: str, own: bool) -> tuple[str, ...]:
    said = recipe.recipe_of(table, own)
    return said.after if said else ()


def _led_to(table: Table, among: Sequence[str], own: bool) -> set[str]:
    """Other tables that one without a recipe refers to."""
    if recipe.recipe_of(table.name, own):
        return set()
    return {column.references.partition(".")[0] for column in table.columns} & ({*among} - {table.name})


def _wanted(
    folder: Path, present: Mapping[str, object], declared: Mapping[str, Table], names: Sequence[str] | None, own: bool
) -> list[str]:
    if names is None:
        said = {name: recipe.recipe(name) for name in recipe.names() if name in present and not own}
        chosen = [name for name, one in said.items() if not one.only_if_named and one.parent in ("", *said)]
        chosen = chosen or [name for name in present if name in declared]
    else:
        chosen = list(dict.fromkeys(names))
    if not chosen:
        fix = "name them with --tables, or declare your own with --metadata (`sfbench synth detect` drafts it)"
        raise SfbenchError("no table here can be learned", where=str(folder), fix=fix)
    errors = [
        SfbenchError(f"no table {name!r} in the folder", where=str(folder), fix=did_you_mean(name, present))
        for name in chosen
        if name not in present
    ]
    errors += [
        SfbenchError(
            f"nothing declares table {name!r}", fix="declare it with --metadata; `sfbench synth detect` drafts it"
        )
        for name in chosen
        if name in present and name not in declared
    ]
    raise_all(errors)
    return chosen


def _registers(order: Sequence[str], declared: Mapping[str, Table], own: bool) -> list[str]:
    """Public tables that the chosen ones refer to; they are no rows of firms and go into the copy as they stand."""
    found = [r for name in order if (said := recipe.recipe_of(name, own)) for r in said.registers]
    found += [
        parent
        for name in order
        for parent in (c.references.partition(".")[0] for c in declared[name].columns if c.references)
        if parent not in order and parent in declared and declared[parent].stage == "prelude"
    ]
    return list(dict.fromkeys(found))


def _learn(
    con: duckdb.DuckDBPyConnection,
    declared: Mapping[str, Table],
    name: str,
    order: Sequence[str],
    keys: Mapping[str, pa.Array],
    own_tables: bool,
) -> tuple[Learned, pa.Array]:
    """A table as it is learned, in the order of its parents, and its keys in that order."""
    table = declared[name]
    parent, _ = parent_of(table, order, own_tables)
    said = recipe.recipe_of(table.name, own_tables)
    sql = said.learn if said else plans.learn_sql(table, order)
    rows = con.sql(sql).to_arrow_table().sort_by("_key")  # DuckDB's threads give joined rows in any order
    if not rows.num_rows:
        fix = "leave the table out with --tables"
        raise SfbenchError("the table has no rows to learn from", where=table.name, fix=fix)
    own = rows["_key"].combine_chunks()
    if own_tables and table.key and (doubled := len(own) - pc.count_distinct(own, mode="only_valid").as_py()):
        why = f"in {doubled} rows it is empty, or another row's"
        fix = "name as key what each row has to itself, or give the table no key"
        raise SfbenchError("the key does not tell rows apart", where=table.name, why=why, fix=fix)
    parent_row = None
    if parent:
        place = _positions(rows["_parent"].combine_chunks(), keys[parent], f"{table.name} -> {parent}")
        by_parent = np.argsort(place, kind="stable")
        rows, own, parent_row = rows.take(pa.array(by_parent)), own.take(pa.array(by_parent)), place[by_parent]
    names = [name for name in rows.column_names if not name.startswith("_")]
    if said:
        names = recipe.learned_columns(said, names, order)
    columns = pa.table({name: plain(rows[name], f"{table.name}.{name}") for name in names})
    if not names and any(parent_of(declared[other], order, own_tables)[0] == name for other in order):
        columns = pa.table({ALIKE: pa.array(np.ones(rows.num_rows, np.bool_))})
    elif not names:
        fix = 'call a column "code" in the metadata, or leave the table out with --tables'
        raise SfbenchError("no column is left to learn", where=table.name, fix=fix)
    if not said:
        return Learned(table.name, columns, parent, parent_row), own
    found = Learned(table.name, columns, parent, parent_row, None, said.derived, said.given, said.one)
    found = replace(found, no_more=said.no_more, apart=said.apart, first=said.first)
    return replace(found, withheld=recipe.withheld(said)), own


def _strange_codes(table: Table, columns: pa.Table) -> list[SfbenchError]:
    """An error for each column with codes that its declaration does not have: a copy could not show them."""
    errors = []
    for column in table.columns:
        if not column.values or column.name not in columns.column_names:
            continue
        found = columns[column.name].cast(pa.string()).drop_null()
        strange = found.filter(pc.invert(pc.is_in(found, pa.array([value.code for value in column.values]))))
        if len(strange):
            why = f"in {len(strange)} rows: {', '.join(sorted(strange.unique().to_pylist())[:3])}"
            fix = "declare them under values, or correct the rows"
            errors.append(
                SfbenchError("codes that are not declared", where=f"{table.name}.{column.name}", why=why, fix=fix)
            )
    return errors


def _words(table: Table, learned: Learned, registers: Mapping[str, pa.Table]) -> dict[str, tuple[str, ...]]:
    """All words that a column may hold: the codes declared for it, or the keys of the register that it refers to."""
    out = dict[str, tuple[str, ...]]()
    for column in table.columns:
        register, _, key = column.references.partition(".")
        if column.name not in learned.columns.column_names:
            continue
        if column.values:
            out[column.name] = tuple(value.code for value in column.values)
        elif register in registers:
            out[column.name] = tuple(registers[register][key].cast(pa.string()).to_pylist())
    return out


def _positions(wanted: pa.Array, keys: pa.Array, where: str) -> Ints:
    """The row of each parent key. Raises SfbenchError for rows without a parent."""
    found = pc.index_in(wanted, value_set=keys)
    if found.null_count:
        lost = found.null_count - wanted.null_count
        why = f"{lost} rows name a parent that is not there, {wanted.null_count} name none"
        fix = 'mend the reference or drop those rows; where they have none, say "nullable": true'
        raise SfbenchError("a parent is missing", where=where, why=why, fix=fix)
    return np.asarray(found).astype(np.int64)


def _no_register(folder: Path, name: str, order: Sequence[str]) -> SfbenchError:
    return SfbenchError(f"{', '.join(order)} refer to {name}", where=str(folder), why="it is not in the folder")
