"""Whom the levers of a plan reach, firm by firm: the public register of a policy, and the exposure in the truth."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa

from sfbench.kit import Block, Columns, month_start
from sfbench.spec import NEVER, Lever
from sfbench.world import blocks
from sfbench.world.levers import STATE, banks, banks_reached, chosen_by, reached, sources
from sfbench.world.plan import Plan


def births(plan: Plan, block: Block) -> Columns:
    """What the firms of a block are by birth, and the figures that a lever of the plan chooses by."""
    asked = sources(plan.scenario.levers)
    order = (STATE, *(name for name in plan.order if name in asked - {STATE}))
    return chosen_by(blocks.make(replace(plan, order=order), block, {})[0])


def reach(plan: Plan, lever: Lever) -> Columns:
    """Columns by firm of the plan, in order of the firms: `firm`, and those of `levers.Reached`.

    Of a lever by bank, by bank: `institution` in place of `firm`.
    """
    if lever.unit == "bank":
        return {"institution": banks()["institution_id"], **banks_reached(lever, plan.seed)._asdict()}
    parts: list[Columns] = []
    for number in range(plan.blocks):
        block = plan.block(number)
        found = reached(lever, plan.seed, block.firms, births(plan, block))
        parts.append({"firm": block.firms, **found._asdict()})
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def exposure(plan: Plan) -> pa.Table:
    """Whom each lever of a plan is made for: lever, enterprise_id or institution_id (the other is null), unit,
    starts_on (null: never reached), times."""
    return pa.concat_tables([_exposure(plan, lever) for lever in plan.scenario.levers])


def _exposure(plan: Plan, lever: Lever) -> pa.Table:
    found = reach(plan, lever)
    found = {name: values[found["eligible"]] for name, values in found.items()}
    treated, rows = found["start"] < NEVER, len(found["unit"])
    days = np.zeros(rows, np.int32)
    days[treated] = month_start(found["start"][treated])
    who = {"enterprise_id": found.get("firm"), "institution_id": found.get("institution")}
    columns = {
        "lever": pa.array([lever.name] * rows).dictionary_encode(),
        **{name: pa.nulls(rows, pa.int64()) if ids is None else pa.array(ids) for name, ids in who.items()},
        "unit": pa.array(found["unit"]),
        "starts_on": pa.array(days, pa.date32(), mask=~treated),
        "times": pa.array(found["times"]),
    }
    return pa.table(columns)
