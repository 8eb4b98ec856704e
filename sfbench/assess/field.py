"""One field of units: imputed, treated and normalised together, and who falls out on the way and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from sfbench.assess.context import Context, named
from sfbench.assess.exclude import Exclusion
from sfbench.assess.panel import Bools, Floats, Ints
from sfbench.assess.spec import Method, Step
from sfbench.assess.steps import DIRECTED, KINDS
from sfbench.errors import SfbenchError


@dataclass(frozen=True, slots=True)
class Field:
    """`places` [unit] in the panel; `figures` [unit, period, indicator] of the scored indicators, and their context."""

    places: Ints
    figures: Floats
    context: Context

    def units(self, mask: Bools) -> Field:
        """The field of some of its units."""
        return Field(self.places[mask], self.figures[mask], self.context.units(mask))


@dataclass(frozen=True, slots=True)
class Normalised:
    """A field whose units are all complete. `context.sign` is 1 for what the normalisation has turned already."""

    places: Ints
    values: Floats
    context: Context


def call(step: str, choice: Step, *arguments: Any) -> Any:
    """The result of the step's function with the choice's options; its errors say where the choice stands."""
    try:
        return KINDS[step][choice.kind](*arguments, **choice.options)
    except SfbenchError as error:  # of its own kind again: that the data do not bear the step is no error of the method
        raise type(error)(error.what, where=choice.where, why=error.why, fix=error.fix) from error


def by_step(choices: Sequence[Step]) -> list[tuple[Step, Bools]]:
    """Each different choice, and the mask of the indicators that made it."""
    different: list[Step] = []
    for choice in choices:
        if choice not in different:
            different.append(choice)
    return [(one, np.array([choice == one for choice in choices])) for one in different]


def normalised(method: Method, field: Field, units: Sequence[str]) -> tuple[Normalised, list[Exclusion]]:
    """The field after imputation, outlier treatment and normalisation; units with a gap left are out, and it is redone.

    Peers' means are of assessed units only: that is why a unit that falls out at the end moves everything before it.
    """
    exclusions: list[Exclusion] = []
    choices = [method.indicators[name].normalise or method.normalise for name in field.context.names]
    facing = np.where([choice.kind in DIRECTED for choice in choices], field.context.sign, 1.0)
    while len(field.places):
        values, context, reason = _attempt(method, field, choices)
        gaps = np.isnan(values)
        out: Bools = np.asarray(gaps.any(axis=1))
        if not out.any():
            return Normalised(field.places, values, replace(context, sign=facing)), exclusions
        exclusions += _excluded(field, out, gaps, units, reason)
        field = field.units(~out)
    empty = np.empty((0, len(choices)))
    return Normalised(field.places, empty, replace(field.context, sign=facing, treated=empty)), exclusions


def _attempt(method: Method, field: Field, choices: Sequence[Step]) -> tuple[Floats, Context, tuple[str, str]]:
    """(figures as far as they could be made, their context, what a NaN among them means)."""
    filled = call("missing", method.missing, field.figures[:, -1], field.context)
    if np.isnan(filled).any():
        return filled, field.context, _MISSING
    block = np.concatenate([field.context.history, filled[:, None]], axis=1)
    block = call("outliers", method.outliers, block, field.context.names)
    context = replace(field.context, history=block[:, :-1], treated=block[:, -1])
    values = np.empty_like(filled)
    for choice, mask in by_step(choices):
        values[:, mask] = call("normalise", choice, context.treated[:, mask], context.columns(mask))
    return values, context, _UNDEFINED


def joined(parts: Sequence[Normalised]) -> Normalised:
    """The parts as one, in the order of the panel."""
    if len(parts) == 1:
        return parts[0]
    places = np.concatenate([part.places for part in parts])
    order = np.argsort(places)
    contexts = [part.context for part in parts]
    context = replace(
        contexts[0],
        history=np.concatenate([c.history for c in contexts])[order],
        groups=np.concatenate([c.groups for c in contexts])[order],
        treated=np.concatenate([c.treated for c in contexts])[order],
        aside={name: np.concatenate([c.aside[name] for c in contexts])[order] for name in contexts[0].aside},
    )
    return Normalised(places[order], np.concatenate([part.values for part in parts])[order], context)


_MISSING = ("missing: ", "数据缺失：")
_UNDEFINED = ("no baseline or reference to normalise by: ", "缺少标准化所需的基准：")


def _excluded(field: Field, out: Bools, gaps: Bools, units: Sequence[str], reason: tuple[str, str]) -> list[Exclusion]:
    found = []
    for row in np.nonzero(out)[0]:
        which = named(field.context.names, gaps[row])
        found.append(Exclusion(units[field.places[row]], reason[0] + which, reason[1] + which))
    return found
