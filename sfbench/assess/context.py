"""What a step may look at beside its matrix, and what it may say beside its result."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sfbench.assess.panel import Bools, Floats, Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """All arrays run over the same units and scored indicators as the matrix that the step is given."""

    names: tuple[str, ...]  # [indicator]
    pillars: tuple[str, ...]  # [indicator]
    sign: Floats  # [indicator] 1 where more is better, -1 where less is
    goalposts: Floats  # [indicator, 2] worst-side and best-side figure in the order low, high; NaN where none is given
    history: Floats  # [unit, earlier period, indicator], old to new, after period rule and transform
    groups: Ints  # [unit] number of the peer group
    aside: Mapping[str, Floats]  # [unit] latest figure of every indicator, scored or not, before any imputation
    treated: Floats  # [unit, indicator] figures after missing and outlier treatment, before normalisation

    def columns(self, mask: Bools) -> Context:
        """The same for some indicators."""
        return replace(
            self,
            names=tuple(name for name, keep in zip(self.names, mask, strict=True) if keep),
            pillars=tuple(name for name, keep in zip(self.pillars, mask, strict=True) if keep),
            sign=self.sign[mask],
            goalposts=self.goalposts[mask],
            history=self.history[:, :, mask],
            treated=self.treated[:, mask],
        )

    def units(self, mask: Bools) -> Context:
        """The same for some units."""
        return replace(
            self,
            history=self.history[mask],
            groups=self.groups[mask],
            aside={name: values[mask] for name, values in self.aside.items()},
            treated=self.treated[mask],
        )


def named(names: tuple[str, ...], mask: Any) -> str:
    """The names under a mask, for people."""
    return ", ".join(name for name, own in zip(names, mask, strict=True) if own)


@dataclass(frozen=True, slots=True)
class Note:
    """Something a reader of the result should know: from which step, in both languages."""

    step: str
    en: str
    zh: str


@dataclass(frozen=True, slots=True)
class Weights:
    """`values` [indicator], or [unit, indicator] where each unit has weights of its own."""

    values: Floats
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class Aggregate:
    """`score` [unit], more is better. `contributions` [unit, indicator] sum to the score where `additive`."""

    score: Floats
    contributions: Floats
    additive: bool
    notes: tuple[Note, ...] = ()
