"""Worlds in memory, block by block; a world and its twin share what no lever moves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

import sfbench.content as content
from sfbench.engines.budget import funded
from sfbench.engines.report import Made, make, merge, publish, publish_settled
from sfbench.kit import Block, Columns
from sfbench.reporting.sheet import Sheet
from sfbench.spec import Table
from sfbench.world import blocks
from sfbench.world.plan import Plan

Shown = tuple[Table, Columns, Sheet | None]  # raw columns, and the sheet if a fault may have touched them


class World:
    """A plan's tables as they are made. Every block is `make`d in turn and then `shown`; `settled` comes last."""

    def __init__(self, plan: Plan) -> None:
        self.plan = funded(plan)
        self._small = blocks.prelude(self.plan)
        self._known = content.tables(plan.content)
        self._states: dict[str, blocks.State] = {}

    def make(self, block: Block, common: Mapping[str, Columns] = MappingProxyType({})) -> Made:
        """The tables of a block; `common` are those of its twin that no lever moves, which are not made again."""
        made = make(self.plan, block, self._small, common=common)
        merge(self.plan, self._states, made.states)
        return made

    def shown(self, made: Made) -> Iterator[Shown]:
        """What a block shows of each table of the plan."""
        for name in self.plan.tables:
            if name in made.tables:
                spec = self._known[name].spec
                yield spec, *publish(self.plan, spec, made.tables[name], made.sheets.get(name), made.tables)

    def settled(self) -> Iterator[Shown]:
        """What the tables show that are not made block by block."""
        for name in self.plan.tables:
            spec = self._known[name].spec
            if name in self._small:
                yield spec, *publish(self.plan, spec, self._small[name])
            elif name in self._states:
                yield spec, *publish_settled(self.plan, spec, self._states, self._small)


def tables_of(plan: Plan) -> Iterator[tuple[Table, Columns]]:
    """Every published table of a plan, block by block: (table, raw columns) pairs."""
    world = World(plan)
    for block in plan.every_block:
        yield from ((table, columns) for table, columns, _ in world.shown(world.make(block)))
    yield from ((table, columns) for table, columns, _ in world.settled())
