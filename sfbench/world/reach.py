"""Whom the levers of a plan reach, firm by firm: the public register of a policy, and the exposure in the truth."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa

from sfbench.kit import Block, Columns, month_start
from sfbench.spec import NEVER, Lever
from sfbench.world import blocks
from sfbench.world.levers import STATE, eligible, starts, units
from sfbench.world.plan import Plan


def births(plan: Plan, block: Block) -> Columns:
    """What the firms of a block are by birth; no lever and no other table has a say in it."""
    return blocks.make(replace(plan, order=(STATE,)), block, {})[0][STATE]


def reach(plan: Plan, lever: Lever) -> Columns:
    """Columns by firm of the plan, in order of the firms.

    firm; eligible: the policy is made for it; unit: its number, area or district (-1 outside the city); start: the
    month number from which it is treated, or NEVER; times: how strong the effect is, relative to the lever's.
    """
    parts: list[Columns] = []
    for number in range(plan.blocks):
        block = plan.block(number)
        state = births(plan, block)
        start, times = starts(lever, plan.seed, block.firms, state)
        fits, unit = eligible(lever, state), units(lever, plan.seed, block.firms, state)
        parts.append({"firm": block.firms, "eligible": fits, "unit": unit, "start": start, "times": times})
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def exposure(plan: Plan) -> pa.Table:
    """Whom each lever of a plan is made for: lever, enterprise_id, unit, starts_on (null: never reached), times."""
    parts = []
    for lever in plan.scenario.levers:
        found = reach(plan, lever)
        found = {name: values[found["eligible"]] for name, values in found.items()}
        reached = found["start"] < NEVER
        days = month_start(np.where(reached, found["start"], 2016 * 12)).astype(np.int32)
        columns = {
            "lever": pa.array([lever.name] * len(reached)).dictionary_encode(),
            "enterprise_id": pa.array(found["firm"]),
            "unit": pa.array(found["unit"]),
            "starts_on": pa.array(days, pa.date32(), mask=~reached),
            "times": pa.array(found["times"]),
        }
        parts.append(pa.table(columns))
    return pa.concat_tables(parts)
