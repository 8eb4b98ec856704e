"""From what happened to what is published: faults at the source, what was known, faults of the report."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping
from types import MappingProxyType

import numpy as np

import sfbench.content as content
from sfbench.kit import Block, Columns, Ints
from sfbench.reporting.cells import values
from sfbench.reporting.known import cut
from sfbench.reporting.sheet import Sheet, list_decoys, plant
from sfbench.spec import Table, Wish
from sfbench.store.labels import Labels
from sfbench.world import blocks
from sfbench.world.moved import Moved
from sfbench.world.plan import Plan

WINDOW_ENDS = 21183  # 2027-12-31 in days since 1970-01-01: nothing later is known to any dataset
CLEAN = "clean:"  # before the name of a settle table: its state without the faults at the source


@dataclasses.dataclass(frozen=True, slots=True)
class Made:
    """One block: columns of its tables, the sheets of those that were changed at the source, settle states, and the
    names of the tables that a lever moves."""

    tables: dict[str, Columns]
    sheets: dict[str, Sheet]
    states: dict[str, blocks.State]
    moved: set[str]

    @property
    def common(self) -> dict[str, Columns]:
        """The tables that are the same in the twin."""
        return {name: columns for name, columns in self.tables.items() if name not in self.moved}


def labels_of(plan: Plan) -> Labels:
    """An empty book of labels for the wishes of a plan."""
    faults = content.faults(plan.content) if plan.scenario.faults else {}
    return Labels(plan.scenario.faults, {name: fault.spec for name, fault in faults.items()})


def make(
    plan: Plan,
    block: Block,
    small: Mapping[str, Columns],
    wanted: Collection[str] | None = None,
    common: Mapping[str, Columns] = MappingProxyType({}),
) -> Made:
    """The tables of a block and the states of what needs all blocks, with and without the faults at the source.
    `common` are those that are known from its twin."""
    moved = Moved()
    wishes = [(number, wish) for number, wish in enumerate(plan.scenario.faults) if wish.at == "source"]
    if not wishes:
        keep = None if wanted is None else {*wanted, *plan.beside}
        tables, states = blocks.make(plan, block, small, wanted=keep, common=common, moved=moved)
        return Made(tables, {}, states, moved.tables)
    tables, states = blocks.make(plan, block, small, common=common, moved=moved)
    levers = plan.scenario.levers
    sheets, known = {}, content.tables(plan.content)
    for name in dict.fromkeys(wish.table for _, wish in wishes if wish.table in tables):
        sheet = Sheet.of(known[name].spec, blocks.published(known[name].spec, tables[name]))
        mine = [pair for pair in wishes if pair[1].table == name]
        sheets[name] = plant(sheet, mine, plan.seed, plan.content, levers)
    changed = {name: tables[name] | sheet.columns for name, sheet in sheets.items()}
    faulty = blocks.partials(plan, block, tables | changed, small)
    return Made(tables, sheets, faulty | {CLEAN + name: state for name, state in states.items()}, moved.tables)


def merge(plan: Plan, states: dict[str, blocks.State], partial: Mapping[str, blocks.State]) -> None:
    """Add a block's or a part's settle states to those so far."""
    for name, state in partial.items():
        table = name.removeprefix(CLEAN)
        states[name] = blocks.merge(plan, table, states[name], state) if name in states else state


def publish(
    plan: Plan,
    table: Table,
    columns: Columns,
    source: Sheet | None = None,
    beside: Mapping[str, Columns] = MappingProxyType({}),
) -> tuple[Columns, Sheet | None]:
    """What a block of a table shows, and its sheet if a fault may have touched it; `beside` are the block's tables."""
    clean = blocks.published(table, columns)
    wishes = [(n, w) for n, w in enumerate(plan.scenario.faults) if w.table == table.name]
    if not wishes:
        return _known(plan, table, clean), None
    if source is None:
        sheet = Sheet.of(table, _known(plan, table, clean))
    else:
        before, kept_before = _counted(plan, table, clean)
        after, kept = _counted(plan, table, source.columns)
        sheet = source.cut(before, after, kept_before, kept)
    return _report(plan, sheet, wishes, beside)


def publish_settled(
    plan: Plan, table: Table, states: Mapping[str, blocks.State], small: Mapping[str, Columns]
) -> tuple[Columns, Sheet | None]:
    """What a settle table shows, and its sheet if a fault may have touched it or what it is made of."""
    columns = blocks.settle(plan, table.name, states[table.name], small)
    if CLEAN + table.name not in states:
        return publish(plan, table, columns)
    without = blocks.settle(plan, table.name, states[CLEAN + table.name], small)
    clean, faulty = (_known(plan, table, blocks.published(table, made)) for made in (without, columns))
    wishes = [(n, w) for n, w in enumerate(plan.scenario.faults) if w.table == table.name]
    return _report(plan, Sheet.followed(table, clean, faulty), wishes, {})


def _report(
    plan: Plan, sheet: Sheet, wishes: list[tuple[int, Wish]], beside: Mapping[str, Columns]
) -> tuple[Columns, Sheet]:
    here = [(number, wish) for number, wish in wishes if wish.at == "report"]
    sheet = plant(sheet, here, plan.seed, plan.content, plan.scenario.levers)
    sheet = list_decoys(sheet, wishes, plan.seed, plan.content, plan.scenario.levers, beside)
    return sheet.columns, sheet


def _known(plan: Plan, table: Table, columns: Columns) -> Columns:
    """What was known on the plan's as-of day (at the latest the end of the window), within --from and --to."""
    as_of = WINDOW_ENDS if plan.as_of is None else min(plan.as_of, WINDOW_ENDS)
    return cut(table, columns, as_of, plan.since, plan.until)


def _counted(plan: Plan, table: Table, columns: Columns) -> tuple[Columns, Ints]:
    """(what was known, the positions that its rows had)."""
    rows = len(values(columns[table.columns[0].name]))
    seen = _known(plan, table, columns | {"_row": np.arange(rows)})
    return seen, seen.pop("_row")
