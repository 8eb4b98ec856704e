"""Policies whose money runs out: feedback rounds, each a world with the ends that are known so far."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

import sfbench.content as content
from sfbench.content.budgets import spending
from sfbench.engines.pool import spread
from sfbench.engines.report import WINDOW_ENDS
from sfbench.errors import SfbenchError
from sfbench.kit import Columns, Ints, Nullable, month_of
from sfbench.spec import NEVER, Budget, Lever
from sfbench.world import blocks
from sfbench.world.levers import chosen_by, reached, sources
from sfbench.world.plan import Plan

_MONTHS = int(month_of(np.array([WINDOW_ENDS]))[0]) + 1  # sums are by month number, to the end of the window


def funded(plan: Plan, jobs: int = 1) -> Plan:
    """The plan with what becomes of its budgets: from when nothing is left, and what was spent. As it is without any.

    What is booked for the firms that a lever reaches, from the month in which it does, is added up by month over the
    city; the lever ends with the month in which the sum reaches its budget. A round finds which budgets are used up
    first; with these ends set the next one finds those after them, until one finds nothing new. Columns that a budget
    may be of hang on the past only, so an end leaves all months before it as they were.

    Raises SfbenchError if the scenario grants too few rounds, or if an end that was set does not come out again.
    """
    if all(budget.spent is not None for _, budget in _funds(plan)):
        return plan
    for left in reversed(range(plan.scenario.rounds + 1)):
        booked = dict(zip((lever.name for lever, _ in _funds(plan)), _booked(plan, jobs), strict=True))
        ends = {lever.name: _end(plan, lever, budget, booked[lever.name]) for lever, budget in _funds(plan)}
        known = {lever.name: budget.stops for lever, budget in _funds(plan) if budget.stops < NEVER}
        new = {name: end for name, end in ends.items() if end != known.get(name, NEVER)}
        if not new:
            break
        first = min(new.values())
        if new.keys() & known.keys() or first <= max(known.values(), default=0):
            raise SfbenchError(
                f"the end of the budget of {min(new.keys() & known.keys() or new)!r} does not come out again",
                where=plan.scenario.where,
                why="what was spent before an end changed with it",
                fix="let the budget be of another column, or give the lever a `to`",
            )
        if not left:
            raise SfbenchError(
                f"more budgets are used up than {plan.scenario.rounds} feedback rounds can tell",
                where=plan.scenario.where,
                why=f"after them the money of {', '.join(new)} runs out",
                fix=f"write `rounds: {len(ends)}` in the scenario",
            )
        plan = _with(plan, {name: {"stops": first} for name, end in new.items() if end == first})
    spent = {lever.name: int(booked[lever.name][: lever.over].sum()) for lever, _ in _funds(plan)}
    return _with(plan, {name: {"spent": cents} for name, cents in spent.items()})


def _funds(plan: Plan) -> list[tuple[Lever, Budget]]:
    """The levers that have a budget, with it."""
    return [(lever, lever.budget) for lever in plan.scenario.levers if lever.budget is not None]


def _with(plan: Plan, told: Mapping[str, Mapping[str, Any]]) -> Plan:
    """The plan with that told of the budgets of these levers."""
    levers = (
        replace(lever, budget=replace(lever.budget, **told[lever.name]))
        if lever.budget is not None and lever.name in told
        else lever
        for lever in plan.scenario.levers
    )
    return replace(plan, scenario=replace(plan.scenario, levers=tuple(levers)))


def _end(plan: Plan, lever: Lever, budget: Budget, booked: Ints) -> int:
    """The month number from which nothing is left; NEVER if it lasts, or the lever ends no later anyway."""
    cents = max(1, round(budget.cents * plan.scale))
    full = np.flatnonzero(np.cumsum(booked) >= cents)
    return int(full[0]) + 1 if len(full) and full[0] + 1 < lever.end else NEVER


def _booked(plan: Plan, jobs: int) -> Ints:
    """Cents by lever with a budget and month number, of a world that has no more tables than that takes."""
    order = tuple(content.closure(sorted(_asked(plan)), content.tables(plan.content)))
    world = replace(plan, tables=order, order=order, beside=(), truths=())
    total = np.zeros((len(_funds(plan)), _MONTHS), np.int64)
    for _, part in spread(partial(_of_part, world), range(plan.parts), jobs):
        total += part
    return total


def _asked(plan: Plan) -> set[str]:
    """The tables by which levers choose firms, and those in which spending is booked."""
    return sources(plan.scenario.levers) | {spending()[budget.of].table for _, budget in _funds(plan)}


def _of_part(plan: Plan, part: int) -> Ints:
    small, funds = blocks.prelude(plan), _funds(plan)
    total = np.zeros((len(funds), _MONTHS), np.int64)
    for block in plan.part(part):
        made = blocks.make(plan, block, small, wanted=_asked(plan))[0]
        for sums, (lever, budget) in zip(total, funds, strict=True):
            start = reached(lever, plan.seed, block.firms, chosen_by(made)).start
            firm, month, cents = _rows(made[spending()[budget.of].table], budget.of)
            mine = month >= start[firm - block.first]
            np.add.at(sums, month[mine], cents[mine])  # whole numbers, so no order matters
    return total


def _rows(columns: Columns, of: str) -> tuple[Ints, Ints, Ints]:
    """(firm, month number, cents) of what is booked up to the end of the window."""
    found = spending()[of]
    cells = [columns[name] for name in (found.firm, found.dated, found.column)]
    firm, day, cents = (np.asarray(one.values if isinstance(one, Nullable) else one) for one in cells)
    there = day <= WINDOW_ENDS
    for one in cells:
        there = there & one.valid if isinstance(one, Nullable) else there
    return firm[there].astype(np.int64) >> found.bits, month_of(day[there]).astype(np.int64), cents[there]
