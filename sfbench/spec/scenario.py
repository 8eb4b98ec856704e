"""A scenario: one world, as differences from another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sfbench.spec.bench import Trial
from sfbench.spec.fault import Wish
from sfbench.spec.lever import Lever


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """A `.yaml` file of `scenarios/` after its `extends` chain has been followed."""

    name: str
    title_zh: str
    title_en: str
    caption: str
    params: Mapping[str, float]  # every parameter, resolved
    changed: Mapping[str, float]  # only those that differ from the parameter table
    chain: tuple[str, ...]  # this scenario and those it extends, nearest first
    faults: tuple[Wish, ...] = ()  # those of the scenarios that it extends come first
    levers: tuple[Lever, ...] = ()  # likewise
    rounds: int = 1  # feedback rounds that it grants to levers with a budget
    trial: Trial | None = None  # what its own file says, not those that it extends
    variant: str = "main"  # of its worlds: `sfbench.world.variants`
    where: str = ""
    caption_zh: str = ""  # the caption in Chinese; empty: not translated
