"""The worlds behind an instance: what is reported, what is real, and what would have been without the policy."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import pyarrow as pa

from sfbench.engines.in_memory import Shown, World
from sfbench.engines.report import labels_of
from sfbench.kit import Columns
from sfbench.reporting.sheet import Sheet
from sfbench.spec import Lever, Table
from sfbench.store.arrow import batch, in_memory
from sfbench.world.plan import Plan
from sfbench.world.reach import reach
from sfbench.world.runs import runs

Tables = dict[str, pa.Table]


@dataclass(frozen=True, eq=False)
class Worlds:
    """Tables of one seed by name: `seen` as reported, `real` as they are, `twin` as they would be with the levers off.

    planted: gives `labels`.
    """

    plan: Plan
    seen: Tables
    real: Tables
    twin: Tables
    planted: Callable[[], pa.Table]

    @cached_property
    def labels(self) -> pa.Table:
        """The truth about planted faults, in the form of `truth/labels.parquet`. Few ask for it, and to write down what
        each cell was takes up to a fifth of an instance."""
        return self.planted()

    @property
    def lever(self) -> Lever | None:
        """The policy that is asked about: the first lever that does not belong to the world."""
        return next((lever for lever in self.plan.scenario.levers if not lever.stays), None)

    @property
    def beside(self) -> tuple[Lever, ...]:
        """Public policies beside it that reach the same units at dates of their own."""
        lever, every = self.lever, self.plan.scenario.levers
        return tuple(one for one in every if lever and one.drawn_as == lever.name and not one.secret)

    @cached_property
    def register(self) -> Columns | None:
        """Whom the policy is made for, as `reach` gives it; None without a policy."""
        return None if self.lever is None else self.made_for(self.lever)

    def made_for(self, lever: Lever, others: bool = False) -> Columns:
        """Whom a lever is made for and has a unit, as `reach` gives it; or the others of its units."""
        found = self._reached.get(lever.name)
        if found is None:
            found = self._reached[lever.name] = reach(self.plan, lever)
        mine = (found["eligible"] != others) & (found["unit"] >= 0)
        return {name: values[mine] for name, values in found.items()}

    @cached_property
    def _reached(self) -> dict[str, Columns]:
        """What `reach` has given, by lever: all firms are born for it."""
        return {}

    @cached_property
    def members(self) -> Tables:
        """The register's units by whom they consist of, as tables: enterprise_id or institution_id, unit; `register`,
        and `outsider`: who has a unit and for whom the policy is not made."""
        lever, register = self.lever, self.register
        if lever is None or register is None:
            return {}
        return {"register": _who(register), "outsider": _who(self.made_for(lever, others=True))}

    def null(self, plan: Plan) -> Worlds:
        """The worlds of the null twin, whose plan is given: nobody does anything for the policy, reports are sound."""
        return Worlds(plan, self.twin, self.twin, self.twin, lambda: self.labels.slice(0, 0))

    def placebo(self, plan: Plan) -> Worlds:
        """The worlds of the placebo, whose plan is given: these, and what it says of a policy changes nothing."""
        return Worlds(plan, self.seen, self.real, self.real, lambda: self.labels)


def worlds(plan: Plan) -> Worlds:
    """Make them: one world, and its twin if a lever moves any firm. Run by run, as they have much in common."""
    world, book = World(plan), _Book(plan)
    idle = all(lever.idle for lever in plan.scenario.levers if not lever.stays)
    twin, other = (world, book) if idle else (World(plan.twin), _Book(plan.twin))
    for block in runs(plan):
        made = world.make(block)
        book.add(world.shown(made))
        if not idle:
            other.add(twin.shown(twin.make(block, made.common)))
    book.add(world.settled())
    if not idle:
        other.add(twin.settled())
    return Worlds(world.plan, book.seen, book.real, other.real, book.labels)


class _Book:
    """The tables of a world as they come."""

    def __init__(self, plan: Plan) -> None:
        self._shown = dict[Table, list[pa.RecordBatch]]()
        self._sound = dict[Table, list[pa.RecordBatch]]()  # as they are, where a fault may have touched them
        self._sheets: list[tuple[int, Sheet]] = []  # with the number of the entry
        self._plan, self._entries = plan, 0

    def add(self, found: Iterable[Shown]) -> None:
        for table, columns, sheet in found:
            self._shown.setdefault(table, []).append(batch(table, columns))
            if sheet is not None:
                self._sound.setdefault(table, []).append(batch(table, sheet.clean))
                self._sheets.append((self._entries, sheet))
            self._entries += 1

    @cached_property
    def seen(self) -> Tables:
        """As reported."""
        return _tables(self._shown)

    @cached_property
    def real(self) -> Tables:
        """As they are."""
        return self.seen | _tables(self._sound) if self._sound else self.seen

    def labels(self) -> pa.Table:
        """The truth about what was planted."""
        found = labels_of(self._plan)
        for number, sheet in self._sheets:
            found.add(sheet, 0, number)
        return found.table()


def _tables(parts: Mapping[Table, list[pa.RecordBatch]]) -> Tables:
    return {table.name: in_memory(table, batches) for table, batches in parts.items()}


def _who(found: Columns) -> pa.Table:
    who = {"enterprise_id": found["firm"]} if "firm" in found else {"institution_id": found["institution"]}
    return pa.table({**who, "unit": found["unit"]})
