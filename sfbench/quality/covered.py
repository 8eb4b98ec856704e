"""Leaves out of the base suites what a hand-written expectation finds as well.

An expectation earns its place by a fault that no other of its table finds (`benchmarks/declared.py` looks for one). One
that a declaration makes and that has none is named under `covers` by the hand-written one that finds its faults.
"""

from __future__ import annotations

from collections.abc import Iterable

from sfbench.errors import SfbenchError, did_you_mean, raise_all
from sfbench.quality.expectation import Suite
from sfbench.quality.views import narrowed


def uncovered(bases: Iterable[Suite], written: Iterable[Suite]) -> tuple[Suite, ...]:
    """The base suites without what the written ones cover, and without the views that only that would read.

    Raises SfbenchError with file:line for what no declaration makes.
    """
    made = {suite.table: suite for suite in bases}
    errors: list[SfbenchError] = []
    covered: set[str] = set()
    for suite in written:
        known = [e.id.removeprefix(f"{suite.table}.") for e in made[suite.table].expectations]
        for expectation in suite.expectations:
            for claim in expectation.covers:
                if claim not in known:
                    what = f"{expectation.id} covers {claim!r}, which the declaration does not make"
                    errors.append(SfbenchError(what, where=expectation.where, fix=did_you_mean(claim, known)))
                covered.add(f"{suite.table}.{claim}")
    raise_all(errors)
    return tuple(narrowed(suite, (e for e in suite.expectations if e.id not in covered)) for suite in made.values())
