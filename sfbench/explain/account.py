"""The account of one cell: its rule, and the rules of what it is made of, with this row's own draws and inputs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from sfbench import content
from sfbench.content import TableContent
from sfbench.engines.budget import funded
from sfbench.errors import SfbenchError, did_you_mean
from sfbench.explain.row import firm_of, key_of, raw_of, row_of
from sfbench.explain.rule import Rule, rule_of
from sfbench.explain.trace import Drawn, Watch
from sfbench.folders import source_of
from sfbench.kit import Columns, Nullable
from sfbench.spec import Parameter
from sfbench.store import manifest
from sfbench.store.read import open_dataset
from sfbench.store.truth import NAME as TRUTH
from sfbench.store.truth import read_record
from sfbench.world import blocks
from sfbench.world.plan import BLOCK_FIRMS, Plan, plan


@dataclass(frozen=True, slots=True)
class Step:
    """One column on the way: the rule, and what this row put into it."""

    column: str  # table.column
    depth: int
    where: str  # file:line of the expression
    expression: str
    functions: Mapping[str, str]  # called on the way: name -> what it says of itself
    draws: tuple[Drawn, ...]
    unseen: tuple[str, ...]  # purposes drawn for another entity (a bank, a month), or not for this row
    parameters: tuple[tuple[Parameter, float], ...]  # with the value in force
    files: Mapping[str, str]  # dataset file -> its source
    inputs: Mapping[str, str]  # upstream column -> raw value of this row
    value: str | None  # raw value, where the column has one cell for this row


@dataclass(frozen=True, slots=True)
class Account:
    """How `table.column` of one row came about."""

    table: str
    column: str
    key: Mapping[str, Any]
    value: Any
    firm: int | None
    together: bool  # made from all firms together: such a row has no firm, and no draws of its own
    steps: tuple[Step, ...] = field(default=())


def explain(folder: Path, cell: str, key: str, *, depth: int = 2, extra: tuple[Path, ...] = ()) -> Account:
    """Explain one cell (`loan.grant_rate`) of the row with that key, following its inputs `depth` tables up.

    The block of the row is made again from the manifest with draws that remember; of a row made from all firms together
    the rule is told, and what it is made with. Raises SfbenchError for an unknown
    cell or key, and for a dataset that this version did not make.
    """
    known = {name: table for name, table in content.tables(extra).items()}
    published = {name: table.spec for name, table in known.items() if table.spec.published}
    table, _, column = cell.partition(".")
    if table not in published:
        raise SfbenchError(f"unknown table {table!r}", where="TABLE.COLUMN", fix=did_you_mean(table, published))
    names = [c.name for c in published[table].columns]
    if column not in names:
        raise SfbenchError(f"{table!r} has no column {column!r}", where="TABLE.COLUMN", fix=did_you_mean(column, names))
    if not (folder / manifest.NAME).is_file():
        why, fix = "sfbench did not make them: there is no manifest", "give a dataset that `sfbench generate` made"
        raise SfbenchError("the values of own tables have no account", where=str(folder), why=why, fix=fix)
    connection = open_dataset(folder, declared=published)
    try:
        row = row_of(connection, published[table], key_of(key, published[table]))
        firm = firm_of(connection, published[table], row, published)
    finally:
        connection.close()
    wish = funded(_plan(folder, table, extra))
    ids = {int(row[c.name]) for c in published[table].columns if c.kind == "key" and isinstance(row[c.name], int)}
    watch = Watch(ids | ({firm} if firm else set()))
    made, at = _remake(wish, firm, watch, table, row)
    steps = tuple(_steps(table, column, depth, known, wish, watch, made, ids, at))
    spec = published[table].column(column)
    if steps and steps[0].value is not None and row[column] is not None and spec.kind != "text":
        stored = raw_of(spec, row[column])
        if stored != steps[0].value:
            what = f"the dataset holds {stored} as the raw value, and the rule makes {steps[0].value}"
            why = "a fault was planted there, or another version or other content made the dataset"
            raise SfbenchError(what, where=cell, why=why, fix="generate it again, or see truth/labels.parquet")
    where = {name: row[name] for name in published[table].key}
    return Account(table, column, where, row[column], firm, published[table].stage == "settle", steps)


def _plan(folder: Path, table: str, extra: tuple[Path, ...]) -> Plan:
    """The plan that made the table; a scenario that is no longer there is taken from its changed parameters."""
    said = manifest.read(folder)
    name = str(said.scenario["name"])
    chain = [name, *said.scenario.get("chain", ()), "baseline"]
    base = content.scenario(next(n for n in chain if n in content.scenario_names(extra)), extra)
    values = {p.name: p.value for p in content.parameters().values()} | dict(said.scenario.get("changed", {}))
    world = replace(base, params=values)
    seed = said.seed if said.seed is not None else read_record(folder / TRUTH)["seed"]
    return plan(world, scale=said.scale, seed=seed, tables=(table,), extra=extra)


def _remake(
    wish: Plan, firm: int | None, watch: Watch, table: str, row: Mapping[str, Any]
) -> tuple[dict[str, Columns], int | None]:
    """(columns of every table with the watched row's block, the firm's place in it)."""
    small = blocks.prelude(wish, drawing=watch.draw)
    if table in small:
        return dict(small), None
    if firm is not None:
        block = wish.block((firm - 1) // BLOCK_FIRMS)
        made, _ = blocks.make(wish, block, small, drawing=watch.draw)
        return {**small, **made}, firm - block.first
    spec = content.tables(wish.content)[table].spec
    if spec.stage == "settle":  # no block has the row, and all of them are the whole city: its rule has to do
        return dict(small), None
    key = next(c for c in spec.columns if c.kind == "key")
    for index in range(wish.blocks):  # no firm: a fund, a bond ... look where it lives
        watch.drawn.clear()
        made, _ = blocks.make(wish, wish.block(index), small, drawing=watch.draw)
        if table in made and row[key.name] in np.asarray(made[table][key.name]):
            return {**small, **made}, None
    what, fix = f"no block makes this row of {table!r}", "generate it again, or see truth/labels.parquet"
    why = "a fault was planted there, or another version or other content made the dataset"
    raise SfbenchError(what, where="--key", why=why, fix=fix)


def _steps(
    table: str,
    column: str,
    depth: int,
    known: Mapping[str, TableContent],
    wish: Plan,
    watch: Watch,
    made: Mapping[str, Columns],
    ids: set[int],
    at: int | None,
) -> Iterator[Step]:
    """The column first, then what it is made of, breadth first, each column once."""
    waiting, done = [(table, column, 0)], {(table, column)}
    while waiting:
        name, cell, level = waiting.pop(0)
        rule = rule_of(known[name].spec.where, cell)
        if rule is None:
            continue
        above = sorted(_upstream(rule, known[name], made))
        inputs = {f"{t}.{c}": shown for t, c in above if (shown := _cell(made[t], c, ids, at)) is not None}
        drawn = tuple(d for d in watch.drawn if d.table == name and d.purpose in rule.draws)
        seen = {d.purpose for d in drawn}
        parameters = content.parameters()
        yield Step(
            column=f"{name}.{cell}",
            depth=level,
            where=f"{_short(known[name].spec.where)}:{rule.line}",
            expression=rule.expression,
            functions=rule.functions,
            draws=drawn,
            unseen=tuple(sorted(rule.draws - seen)),
            parameters=tuple((parameters[p], wish.params[p]) for p in sorted(rule.parameters) if p in parameters),
            files={f"datasets/{file}": source_of(file) for file in sorted(rule.files)},
            inputs=inputs,
            value=_cell(made[name], cell, ids, at) if name in made else None,
        )
        if level < depth:
            fresh = [pair for pair in above if pair not in done]
            done.update(fresh)
            waiting += [(t, c, level + 1) for t, c in fresh]


def _upstream(rule: Rule, table: TableContent, made: Mapping[str, Columns]) -> set[tuple[str, str]]:
    """Columns of needed tables that the rule reads; where the variable's table is not plain, every need that has it."""
    found: set[tuple[str, str]] = set()
    for name, column in rule.subscripts:
        tables = [name] if name else [need for need in table.spec.needs if column in made.get(need, ())]
        found.update((t, column) for t in tables[:1] if t in made and column in made[t])
    return found


def _cell(columns: Columns, name: str, ids: set[int], at: int | None) -> str | None:
    """The row's raw value in a column: by the note or request it belongs to, else by its firm's place; None if many."""
    cells = columns.get(name)
    valid = cells.valid if isinstance(cells, Nullable) else None
    values = cells.values if isinstance(cells, Nullable) else cells
    if values is None or getattr(values, "ndim", 1) != 1:
        return None
    place = _place(columns, len(values), ids, at)
    if place is None:
        return None
    return "null" if valid is not None and not valid[place] else str(values[place])


def _place(columns: Columns, length: int, ids: set[int], at: int | None) -> int | None:
    for key in ("attempt", "loan_id", "application_id"):
        if key in columns and len(columns[key]) == length:
            hits = np.flatnonzero(np.isin(columns[key], sorted(ids)))
            return int(hits[0]) if len(hits) == 1 else None
    firms = columns.get("firm", columns.get("enterprise_id"))
    whole = firms is not None and len(firms) == length and len(np.unique(firms)) == length
    return at if whole and at is not None and at < length else None


def _short(path: str) -> str:
    return "/".join(Path(path).parts[-2:])
