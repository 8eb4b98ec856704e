"""The pipelines that a method's own alternatives make possible, each assessed once and remembered."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from sfbench.assess.assessment import Assessment
from sfbench.assess.chain import run
from sfbench.assess.panel import Floats, Panel
from sfbench.assess.spec import Method, Step
from sfbench.errors import SfbenchError

Choice = tuple[int, ...]  # which choice of each step, 0 for the method's own


@dataclass(frozen=True, slots=True, kw_only=True)
class Factor:
    """A step with its choices: the method's own first, then its alternatives."""

    step: str
    choices: tuple[Step, ...]


@dataclass(slots=True)
class Pipelines:
    """`run` of each choice of steps. A chain is a pure function, so that the same choice is assessed only once."""

    method: Method
    panel: Panel
    factors: tuple[Factor, ...]
    made: dict[Choice, Assessment | SfbenchError] = field(default_factory=dict)

    def at(self, choice: Choice) -> Assessment | SfbenchError:
        """The assessment, or the error of a choice of steps that do not go together."""
        if choice not in self.made:
            try:
                self.made[choice] = run(self.chosen(choice), self.panel)
            except SfbenchError as error:  # kept, counted and shown: a choice that cannot be realised is a finding
                self.made[choice] = error
        return self.made[choice]

    def chosen(self, choice: Choice) -> Method:
        """The method with these steps."""
        method = self.method
        for factor, number in zip(self.factors, choice, strict=True):
            method = method.with_step(factor.step, factor.choices[number])
        return method

    def ranks(self, choice: Choice) -> Floats:
        """Rank [unit of the panel]; NaN for a unit that is not assessed, and for all if the choice cannot be made."""
        return self._placed(choice, "rank")

    def scores(self, choice: Choice) -> Floats:
        """Score [unit of the panel], as `ranks`."""
        return self._placed(choice, "score")

    def _placed(self, choice: Choice, what: str) -> Floats:
        made = self.at(choice)
        if isinstance(made, Assessment):
            return placed(self.panel, made, getattr(made, what))
        return np.full(len(self.panel.units), np.nan)

    def shift(self, choice: Choice) -> float:
        """`rank_shift` from the method's own ranks; NaN if the choice cannot be made."""
        return rank_shift(self.ranks((0,) * len(self.factors)), self.ranks(choice))


def placed(panel: Panel, made: Assessment, values: Any) -> Floats:
    """Values of the assessed units as [unit of the panel], NaN for the others."""
    every = np.full(len(panel.units), np.nan)
    place = {unit: number for number, unit in enumerate(panel.units)}
    every[[place[unit] for unit in made.units]] = values
    return every


def rank_shift(own: Floats, other: Floats) -> float:
    """Mean absolute difference of two rankings over the units that both assess; NaN if there is none."""
    both = np.isfinite(own) & np.isfinite(other)
    return float(np.abs(own - other)[both].mean()) if both.any() else float("nan")


def factors_of(method: Method) -> tuple[Factor, ...]:
    """The steps of which the method declares alternatives. An alternative that is the method's own step is an error."""
    found = []
    for step, others in method.alternatives.items():
        choices = (getattr(method, step), *others)
        for number, choice in enumerate(choices):
            if choice in choices[:number]:
                what = f"alternative {choice} of step {step!r} is no other choice"
                raise SfbenchError(what, where=choice.where, fix="leave it out")
        found.append(Factor(step=step, choices=choices))
    return tuple(found)
