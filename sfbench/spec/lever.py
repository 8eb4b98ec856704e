"""A lever: a policy as a change of one parameter, for some firms, from some month on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal

Way = Literal["multiply", "add"]
UnitKind = Literal["firm", "area", "district", "bank"]
NEVER = 1 << 40  # the start of a unit that the policy never reaches, as a month number


@dataclass(frozen=True, slots=True, kw_only=True)
class Cohort:
    """Units that a policy reaches in the same month.

    share: the share of all units that are drawn for it (of firms: the chance of each); units: or these, by position.
    start: month number (year * 12 + month - 1). times: how strong the effect is, relative to the lever's.
    """

    start: int
    share: float = 0.0
    units: tuple[int, ...] = ()
    times: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """The money of a policy: when it is spent, the policy ends for all.

    cents: of a whole city (scale 1); a smaller one has as much less. of: the table.column that shows what is spent.
    stops: the month number from which nothing is left, NEVER if it lasts; spent: cents booked while the policy was in
    force. Both come from feedback rounds (`sfbench.engines.budget`); before them `spent` is None.
    """

    cents: int
    of: str
    stops: int = NEVER
    spent: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lever:
    """One entry of a scenario's `levers`; `datasets/lever/` lists the parameters and the fields that it may name.

    way: a value v becomes v * (1 + size) or v + size in a treated month.
    first, step, every, most: the size of the effect in the first `every` months, what each further `every` months add,
    and the largest size; so a constant effect has step 0.
    before: (months, size) of anticipation just before the start.
    who: field -> allowed positions, or (low, high) of a number; a firm must meet all.
    unit: what starts together. An area is one of `areas` groups to which firms are drawn, as a service station is. A
    lever by bank moves what banks report, not what firms do.
    spill: the effect on firms of untreated areas next to a treated one, from when that is treated; areas lie in a ring.
    end: the month number from which the effect is gone, as declared. budget: money that may end it earlier (`over`).
    secret: nobody publishes whom it reaches; a method of the bench does not see it.
    stays: it is no policy that is asked about but a part of the world, such as a shock: the twin has it, too.
    drawn_as: the lever by whose draw units are put in order; so two levers can meet, or miss each other, on purpose.
    """

    name: str
    zh: str
    en: str
    source: str
    parameter: str
    way: Way
    first: float
    step: float = 0.0
    every: int = 3
    most: float = float("inf")
    before: tuple[int, float] = (0, 0.0)
    who: Mapping[str, tuple[int, ...] | tuple[float, float]] = field(default_factory=dict)
    unit: UnitKind = "firm"
    areas: int = 0
    cohorts: tuple[Cohort, ...] = ()
    spill: float = 0.0
    end: int = NEVER
    budget: Budget | None = None
    secret: bool = False
    stays: bool = False
    drawn_as: str = ""

    @property
    def drawn(self) -> str:
        """The name that its draws of units and cohorts bear."""
        return self.drawn_as or self.name

    @property
    def over(self) -> int:
        """The month number from which the effect is gone, by date or because the money is."""
        return self.end if self.budget is None else min(self.end, self.budget.stops)

    @property
    def declared(self) -> Lever:
        """The lever without what rounds have found out about its budget."""
        return self if self.budget is None else replace(self, budget=replace(self.budget, stops=NEVER, spent=None))

    @property
    def facts(self) -> dict[str, Any]:
        """All of it as plain values; `budget` only where there is one."""
        every = asdict(self)
        return every if self.budget is not None else {key: every[key] for key in every if key != "budget"}

    @property
    def idle(self) -> bool:
        """No firm does anything else for it: it has no effect, or it acts on what banks report."""
        return self.unit == "bank" or (self.first, self.step, self.before[1], self.spill) == (0.0,) * 4
