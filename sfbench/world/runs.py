"""Runs of blocks that are made as one: fewer and larger arrays, where memory for them is there and nothing changes."""

from __future__ import annotations

from collections.abc import Iterator

from sfbench.kit import Block
from sfbench.world.plan import Plan

# A column by firm and month is 28 MiB then: any wider and the C library hands its pages back after each.
TOGETHER = 4
# Tables that hang on where a block begins: partners are drawn among its firms, or the first block is not left without.
BY_BLOCK = frozenset(
    {
        *("account_flow", "cash_pool", "deal", "merger"),
        *("cross_border_report", "fund_exit", "insurance_claim", "insurance_policy", "insurance_subsidy", "warrant"),
    }
)
# Those of which only the rows do, or their order, and not what they hand on.
SHOWN_BY_BLOCK = frozenset(
    {
        *("bond_pipeline", "capital_call", "chain_link", "fund", "fund_commitment"),
        *("register_entry", "register_link"),
    }
)


def runs(plan: Plan) -> Iterator[Block]:
    """All firms of a plan in order: TOGETHER blocks at a time if that makes the same rows in the same order, else block
    by block. Faults keep to blocks, as they add rows after those of each, and so does content that is not known here.
    """
    shown = {*plan.tables, *plan.beside, *plan.truths}
    if plan.content or plan.scenario.faults or BY_BLOCK & {*plan.order} or SHOWN_BY_BLOCK & shown:
        yield from plan.every_block
        return
    for start in range(0, plan.blocks, TOGETHER):
        blocks = [plan.block(index) for index in range(start, min(start + TOGETHER, plan.blocks))]
        yield Block(blocks[0].index, blocks[0].first, sum(block.count for block in blocks))
