"""What a scenario asks of the bench, and what a method declares."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sfbench.spec.lever import Lever


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What a certificate states: fixed in the scenario file before the seeds are run.

    naive: a method whose mean absolute bias over the seeds is at least `fails_by`; better: one whose bias is at most
    `within`; seeds: how many, from `first_seed` on.
    """

    naive: str
    fails_by: float
    better: str
    within: float
    first_seed: int = 1000
    seeds: int = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """The `bench` section of a scenario: which task its worlds pose, on which panel, and what is claimed of methods.

    first, last: month numbers of the panel's span. anticipation: months before the start that the estimand leaves out
    of the base (the task card says so). variants: name -> levers in place of the scenario's.
    """

    task: str
    panel: str
    scale: float
    first: int
    last: int
    card_zh: str
    card_en: str
    anticipation: int = 0
    claim: Claim | None = None
    variants: Mapping[str, tuple[Lever, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """What the file of a bench method declares; the file name is its name.

    naive: it is there to be beaten, and is expected to fail somewhere. source: author and year.
    """

    zh: str
    en: str
    task: str
    source: str
    naive: bool = False
    name: str = ""
    where: str = ""
