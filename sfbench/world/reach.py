"""Whom the levers of a plan reach, firm by firm: the public register of a policy, and the exposure in the truth."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa

from sfbench.kit import Block, Columns, month_start
from sfbench.spec import NEVER, Lever
from sfbench.world import blocks
from sfbench.world.levers import STATE, reached
from sfbench.world.plan import Plan


def births(plan: Plan, block: Block) -> Columns:
    """What the firms of a block are by birth; no lever and no other table has a say in it."""
    return blocks.make(replace(plan, order=(STATE,)), block, {})[0][STATE]


def reach(plan: Plan, lever: Lever) -> Columns:
    """Columns by firm of the plan, in order of the firms: `firm`, and those of `levers.Reached`."""
    parts: list[Columns] = []
    for number in range(plan.blocks):
        block = plan.block(number)
        found = reached(lever, plan.seed, block.firms, births(plan, block))
        parts.append({"firm": block.firms, **found._asdict()})
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def exposure(plan: Plan) -> pa.Table:
    """Whom each lever of a plan is made for: lever, enterprise_id, unit, starts_on (null: never reached), times."""
    parts = []
    for lever in plan.scenario.levers:
        found = reach(plan, lever)
        found = {name: values[found["eligible"]] for name, values in found.items()}
        treated = found["start"] < NEVER
        days = np.zeros(len(treated), np.int32)
        days[treated] = month_start(found["start"][treated])
        columns = {
            "lever": pa.array([lever.name] * len(treated)).dictionary_encode(),
            "enterprise_id": pa.array(found["firm"]),
            "unit": pa.array(found["unit"]),
            "starts_on": pa.array(days, pa.date32(), mask=~treated),
            "times": pa.array(found["times"]),
        }
        parts.append(pa.table(columns))
    return pa.concat_tables(parts)
