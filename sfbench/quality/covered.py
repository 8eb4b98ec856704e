"""Leaves out of the base suites what a hand-written expectation finds as well.

An expectation earns its place by a fault that no other of its table finds (`benchmarks/declared.py` looks for one). One
that a declaration makes and that has none is named under `covers` by the hand-written one that finds its faults.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from sfbench.errors import SfbenchError, did_you_mean, raise_all
from sfbench.quality.expectation import Suite


def uncovered(bases: Iterable[Suite], written: Iterable[Suite]) -> tuple[Suite, ...]:
    """The base suites without what the written ones cover, and without the views that only that would read.

    Raises SfbenchError with file:line for what no declaration makes.
    """
    made = {suite.table: suite for suite in bases}
    errors: list[SfbenchError] = []
    covered: dict[str, set[str]] = {}
    for suite in written:
        known = [e.id.removeprefix(f"{suite.table}.") for e in made[suite.table].expectations]
        for expectation in suite.expectations:
            for claim in expectation.covers:
                if claim not in known:
                    what = f"{expectation.id} covers {claim!r}, which the declaration does not make"
                    errors.append(SfbenchError(what, where=expectation.where, fix=did_you_mean(claim, known)))
                covered.setdefault(suite.table, set()).add(f"{suite.table}.{claim}")
    raise_all(errors)
    return tuple(_without(suite, covered.get(suite.table, set())) for suite in made.values())


def _without(suite: Suite, covered: set[str]) -> Suite:
    kept = tuple(e for e in suite.expectations if e.id not in covered)
    texts = [e.query for e in kept]
    views = {}
    for name, query in reversed(list(suite.views.items())):  # a view reads only views before it
        if any(name in text for text in texts):
            views[name] = query
            texts.append(query)
    return replace(suite, expectations=kept, views=dict(reversed(list(views.items()))))
