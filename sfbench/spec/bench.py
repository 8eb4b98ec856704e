"""What a scenario asks of the bench, and what tasks, questions and methods declare."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from sfbench.spec.lever import Lever

Answering = Literal["estimate", "marks", "ranking"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A kind of question with its contract.

    asks_zh, asks_en: what a method is to answer. answer: one number with its interval; a score for each key (the
    higher, the likelier the key is one of those that are looked for); or a rank score for each key (the higher, the
    better). headline: the figure by which methods are put in order.
    """

    zh: str
    en: str
    asks_zh: str
    asks_en: str
    answer: Answering
    headline: str
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question of a task: which tables a method sees, and the SQL of the truth.

    asks: what exactly is to be answered. tables: what a method sees, as reported; also: what only the truth reads.
    key: the columns that name what is marked or ranked. relative: errors of estimates are shares of the truth.
    naive: the method that stands in for one that fails. foresight: a method sees what was known on the last day of the
    span, the truth knows how it went on.
    """

    name: str
    zh: str
    en: str
    asks: str
    task: str
    tables: tuple[str, ...]
    also: tuple[str, ...] = ()
    key: tuple[str, ...] = ()
    relative: bool = False
    naive: str = ""
    foresight: bool = False
    sql: str = ""
    where: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What a certificate states: fixed in the scenario file before the seeds are run.

    figure: the score that is meant. Its loss is 0 for a perfect method: the absolute bias, the rate of (false) claims,
    1 - AUC, 1 - tau. naive: a method whose loss over the seeds is at least `fails_by`; better: one whose loss is at
    most `within`. variant: on whose worlds. seeds: how many, from `first_seed` on.
    """

    naive: str
    fails_by: float
    better: str
    within: float
    figure: str = "bias"
    variant: str = "main"
    first_seed: int = 1000
    seeds: int = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """The `bench` section of a scenario: which question its worlds pose, and what is claimed of methods.

    first, last: month numbers of the span that is asked about. anticipation: months before the start that the estimand
    leaves out of the base (the task card says so). variants: name -> levers in place of the scenario's.
    """

    question: str
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

    question: the one that it can answer; empty: any of its task. naive: it is there to be beaten, and is expected to
    fail somewhere. source: author and year; source_zh: the same in Chinese, where it is more than names and years.
    """

    zh: str
    en: str
    task: str
    source: str
    source_zh: str = ""
    question: str = ""
    naive: bool = False
    name: str = ""
    where: str = ""
