"""An instance: one world of a scenario's variant, as a method sees it, and the truth about it from its twin."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sfbench.bench.effects.panel import NEVER as NOT_IN_PANEL
from sfbench.bench.effects.panel import Floats, Panel
from sfbench.bench.panels import MONTHS, amounts, panel_file
from sfbench.engines.local import tables_of
from sfbench.errors import SfbenchError
from sfbench.kit import Columns
from sfbench.spec import NEVER, Scenario, Trial
from sfbench.store.arrow import batch, in_memory
from sfbench.world.plan import Plan, plan
from sfbench.world.reach import reach
from sfbench.world.variants import variant


@dataclass(frozen=True, eq=False)
class Instance:
    """A panel of log amounts and what it would have been without the policy.

    observed: the panel; unit: (units,) numbers of the units in it; untreated: (units, periods) the same outcomes with
    the lever off; dropped: units left out because some period has no amount.
    """

    observed: Panel
    unit: np.ndarray
    untreated: Floats
    dropped: int

    @property
    def effects(self) -> Floats:
        """(units, periods): what the policy changed, in log points; 0 before it and where it never came."""
        return np.asarray(self.observed.y - self.untreated)

    @property
    def att(self) -> float:
        """The estimand: the mean effect over treated unit-quarters, each alike."""
        return float(self.effects[self.observed.treated].mean())


def instance(scenario: Scenario, name: str, seed: int, extra: tuple[Path, ...] = ()) -> Instance:
    """Make the instance of a variant and seed. Raises SfbenchError if the scenario poses no task."""
    trial = posed(scenario)
    wish = wished(scenario, name, seed, extra)
    lever = wish.scenario.levers[0]
    register = reach(wish, lever)
    register = {column: values[register["eligible"] & (register["unit"] >= 0)] for column, values in register.items()}
    if not len(register["unit"]):
        raise SfbenchError(
            f"lever {lever.name!r} is made for nobody in this world", where=scenario.where, fix="widen its `who`"
        )
    with_policy, without = (_amounts(one, trial, register, extra) for one in (wish, wish.twin))
    start = np.full(len(with_policy), NEVER)
    start[register["unit"]] = register["start"]
    whole = np.isfinite(with_policy).all(1) & np.isfinite(without).all(1)
    if whole.sum() < 2:
        raise SfbenchError(
            "fewer than two units have an amount in every quarter", where=scenario.where, fix="raise bench.scale"
        )
    position = np.where(start == NEVER, NOT_IN_PANEL, (start - trial.first) // MONTHS)
    return Instance(
        Panel(
            y=np.log(with_policy[whole]),
            start=position[whole],
            cluster=np.arange(int(whole.sum())),
            anticipation=trial.anticipation,
        ),
        np.flatnonzero(whole),
        np.log(without[whole]),
        int((~whole).sum()),
    )


def posed(scenario: Scenario) -> Trial:
    """The scenario's trial. Raises SfbenchError if it has none, or no lever."""
    if scenario.trial is None or not scenario.levers:
        raise SfbenchError(
            f"scenario {scenario.name!r} poses no task",
            where=scenario.where,
            fix="give it a `bench` section and a lever",
        )
    return scenario.trial


def wished(scenario: Scenario, name: str, seed: int, extra: tuple[Path, ...] = ()) -> Plan:
    """The plan of an instance: only the tables that its panel reads, at the bench's scale."""
    trial = posed(scenario)
    tables = panel_file(trial.panel, extra).tables
    return plan(variant(scenario, name), scale=trial.scale, seed=seed, tables=tables, extra=extra)


def _amounts(wish: Plan, trial: Trial, register: Columns, extra: tuple[Path, ...]) -> Floats:
    batches: dict[str, list[object]] = {name: [] for name in wish.tables}
    specs = {}
    for table, columns in tables_of(wish):
        batches[table.name].append(batch(table, columns))
        specs[table.name] = table
    tables = {name: in_memory(specs[name], parts) for name, parts in batches.items()}
    return amounts(panel_file(trial.panel, extra), tables, register, trial.first, trial.last)
