"""Levers bound to a block of firms: who is treated, from when, and what a parameter is for a firm in a month."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

import numpy as np

from sfbench.content.levers import OF_BANKS, bank_numbers, labels
from sfbench.draws import Draw
from sfbench.folders import read_csv
from sfbench.kit import Block, Bools, Columns, Floats, Ints, Params
from sfbench.spec import NEVER, Lever

STATE = "firm_state"  # the table that nearly all fields of datasets/lever/field.csv are columns of
Effect = Callable[[Any, Any, Any], Any]


def bound(params: Params, levers: Sequence[Lever], seed: int, block: Block, made: Mapping[str, Columns]) -> Params:
    """Parameters that answer `at` for the firms of a block with the levers in force, as far as its tables are made."""
    effects: dict[str, Effect] = {}
    for lever in levers:
        if lever.unit == "bank" or not sources([lever]) <= made.keys():
            continue  # it moves what banks report (`strength`), or who it reaches is not known yet
        found = reached(lever, seed, block.firms, chosen_by(made))
        effects[lever.parameter] = _after(effects.get(lever.parameter), _effect(lever, block.first, found))
    return Params(params.values, params.scale, effects)


def sources(levers: Sequence[Lever]) -> set[str]:
    """The tables that hold the fields by which these levers choose firms, and `firm_state`."""
    return {STATE} | {fields()[name][0] for lever in levers if lever.unit != "bank" for name in lever.who}


def chosen_by(made: Mapping[str, Columns]) -> Columns:
    """The columns of firms that levers may choose by, from the tables that are made."""
    later = ((table, column) for table, column in fields().values() if table != STATE and table in made)
    return {**made[STATE], **{column: made[table][column] for table, column in later}}


class Reached(NamedTuple):
    """Of each firm: whether the policy is made for it; its unit (its number, area or district; -1: none); the month
    number from which it is treated, or NEVER; how strong the effect is, relative to the lever's; of one that never is,
    the month from which an area next to its own is treated, or NEVER."""

    eligible: Bools
    unit: Ints
    start: Ints
    times: Floats
    near: Ints


def reached(lever: Lever, seed: int, firms: Ints, state: Columns) -> Reached:
    """Whom a lever reaches among the firms of a block; whom `who` leaves out, or who has no unit, is never treated."""
    return _reached(lever, seed, eligible(lever, state), units(lever, seed, firms, state))


def banks_reached(lever: Lever, seed: int) -> Reached:
    """Whom a lever by bank reaches, one row a bank in order of institution_id; the unit is its position."""
    return _reached(lever, seed, eligible(lever, banks()), np.arange(unit_count(lever)))


def strength(lever: Lever, seed: int, institution: Ints, month: Ints) -> Floats:
    """The size of a lever by bank for the institution of each row in its month; 0 where it does not reach."""
    found, known = banks_reached(lever, seed), banks()["institution_id"]
    place = np.searchsorted(known, institution).clip(max=len(known) - 1)
    start = np.where(known[place] == institution, found.start[place], NEVER)
    return np.asarray(_size(lever, month - start, month, found.times[place]))


def _reached(lever: Lever, seed: int, fits: Bools, unit: Ints) -> Reached:
    start, times = _cohorts(lever, seed, unit)
    mine = fits & (unit >= 0)
    near = np.full(len(unit), NEVER)
    if lever.unit == "area":
        near = np.where(mine & (start == NEVER), _near(lever, seed)[unit], NEVER)
    return Reached(fits, unit, np.where(mine, start, NEVER), times, near)


def _near(lever: Lever, seed: int) -> Ints:
    """Of each area the month from which the one before or after it in the ring is treated."""
    start = _cohorts(lever, seed, np.arange(lever.areas))[0]
    return np.minimum(np.roll(start, 1), np.roll(start, -1))


def eligible(lever: Lever, state: Columns) -> Bools:
    """Which firms the policy is made for: all that `who` asks of them."""
    found = np.ones(len(next(iter(state.values()))), bool)
    for name, wanted in lever.who.items():
        values = state[fields()[name][1]]
        if all(isinstance(bound, float) for bound in wanted):
            found &= (values >= wanted[0]) & (values <= wanted[1])
        else:
            found &= np.isin(values, wanted)
    return found


def units(lever: Lever, seed: int, firms: Ints, state: Columns) -> Ints:
    """The unit of each firm: its number, the area to which it is drawn, or the position of its district (-1: none)."""
    if lever.unit == "firm":
        return firms
    if lever.unit == "district":
        return np.asarray(state["district"], np.int64)
    return Draw(seed, f"lever.{lever.drawn}").below("area", firms, lever.areas)


@cache
def fields() -> Mapping[str, tuple[str, str]]:
    """Table and column by field; of banks, what `banks` says."""
    known = read_csv("lever/field.csv")
    return dict(zip(known["field"], zip(known["table"], known["column"], strict=True), strict=True))


def unit_count(lever: Lever) -> int:
    """How many areas, districts or banks there are; 0 for firms, of which nobody knows the number."""
    if lever.unit == "district":
        return len(read_csv("vocabulary/district.csv")["name_en"])
    if lever.unit == "bank":
        return len(banks()["institution_id"])
    return {"firm": 0, "area": lever.areas}[lever.unit]


@cache
def banks() -> Columns:
    """What a lever by bank may know of a bank: `institution_id`, ascending, and the position of its `bank_type`."""
    known, types = read_csv("vocabulary/institution.csv"), labels(OF_BANKS)
    return {
        "institution_id": np.array([int(number) for number in bank_numbers()]),
        OF_BANKS: np.array([types.index(name) for name in known[OF_BANKS] if name]),
    }


def _cohorts(lever: Lever, seed: int, unit: Ints) -> tuple[Ints, Floats]:
    """(start, strength) by firm. Areas, districts and banks are put in a drawn order, of which each cohort takes its
    share; a firm is drawn by itself, so that it is the same at every scale."""
    draw, count = Draw(seed, f"lever.{lever.drawn}"), unit_count(lever)
    if count:
        order = np.argsort(draw.uniform("cohort", np.arange(count)), kind="stable")
        place = np.empty(count)
        place[order] = (np.arange(count) + 0.5) / count
        position = place[np.maximum(unit, 0)]
    else:
        position = draw.uniform("cohort", unit)
    start, times, low = np.full(len(unit), NEVER), np.ones(len(unit)), 0.0
    for cohort in lever.cohorts:
        mine = np.isin(unit, cohort.units) | (position >= low) & (position < low + cohort.share)
        start[mine], times[mine] = cohort.start, cohort.times
        low += cohort.share
    return start, times


def _effect(lever: Lever, first_firm: int, found: Reached) -> Effect:
    def effect(value: Any, unit: Any, month: Any) -> Any:
        row = np.asarray(unit) - first_firm
        size = felt(lever, found.start[row], found.near[row], found.times[row], np.asarray(month))
        return value * (1.0 + size) if lever.way == "multiply" else value + size

    return effect


def felt(lever: Lever, start: Any, near: Any, times: Any, month: Any) -> Any:
    """The size of the effect in a month on units that are `Reached` so, what spills over from their neighbours too."""
    size = _size(lever, month - start, month, times)
    if lever.spill:
        size = np.where((month >= near) & (month < lever.over), lever.spill, size)
    return size


def _size(lever: Lever, since: Any, month: Any, times: Any) -> Any:
    """The size of the effect `since` months after the start, 0 where there is none."""
    grown = lever.first + lever.step * (since // lever.every) if lever.step else lever.first  # division is dear
    months, ahead = lever.before
    size = np.where(since >= 0, np.minimum(grown, lever.most), np.where(since >= -months, ahead, 0.0) if ahead else 0.0)
    return (size if lever.over == NEVER else np.where(month < lever.over, size, 0.0)) * times


def _after(earlier: Effect | None, later: Effect) -> Effect:
    return later if earlier is None else lambda value, unit, month: later(earlier(value, unit, month), unit, month)
