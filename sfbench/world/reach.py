"""Whom the levers of a plan reach, firm by firm: the public register of a policy, and the units in the truth."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

import sfbench.content as content
from sfbench.kit import Block, Columns
from sfbench.spec import Lever
from sfbench.world import blocks
from sfbench.world.levers import banks, banks_reached, chosen_by, fields, reached, sources
from sfbench.world.plan import Plan


def births(plan: Plan, block: Block) -> Columns:
    """What the firms of a block are by birth, and the figures that a lever of the plan chooses by.

    The tables that hold them are made, whether the plan is to write others of firms or none.
    """
    order = tuple(content.closure(sorted(sources(plan.scenario.levers)), content.tables(plan.content)))
    return chosen_by(blocks.make(replace(plan, order=order), block, {})[0])


def reach(plan: Plan, lever: Lever) -> Columns:
    """Columns by firm of the plan, in order of the firms: `firm`, what it is by birth (`kind`, a position, and
    `quality`), and those of `levers.Reached`.

    Of a lever by bank, by bank: `institution` in place of these.
    """
    if lever.unit == "bank":
        return {"institution": banks()["institution_id"], **banks_reached(lever, plan.seed)._asdict()}
    parts: list[Columns] = []
    for number in range(plan.blocks):
        block = plan.block(number)
        born = births(plan, block)
        of_birth = {name: born[fields()[name][1]] for name in ("kind", "quality")}
        parts.append({"firm": block.firms, **of_birth, **reached(lever, plan.seed, block.firms, born)._asdict()})
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
