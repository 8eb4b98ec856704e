"""P9: Sobol indices of the Ishigami function; indices of rank shifts and leave-one-out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from sfbench.assess import Step, run
from sfbench.assess.sensitivity import leave_one_out, rank_shift_indices, sobol
from sfbench.errors import SfbenchError

from .shared import indicator, method, panel

ANGLES = {name: (-np.pi, np.pi) for name in ("x1", "x2", "x3")}


def ishigami(x, a=7.0, b=0.1):
    return np.sin(x[:, 0]) + a * np.sin(x[:, 1]) ** 2 + b * x[:, 2] ** 4 * np.sin(x[:, 0])


def test_the_indices_of_the_ishigami_function_are_the_analytic_ones():
    found = sobol(ishigami, ANGLES, n=4096, seed=1)
    assert found.first == pytest.approx([0.3139, 0.4424, 0], abs=0.01)
    assert found.total == pytest.approx([0.5576, 0.4424, 0.2437], abs=0.01)


def test_a_constant_function_and_one_without_values_have_no_indices():
    with pytest.raises(SfbenchError, match="constant"):
        sobol(lambda x: np.ones(len(x)), ANGLES, n=64, seed=1)
    with pytest.raises(SfbenchError, match="no value"):
        sobol(lambda x: np.full(len(x), np.nan), ANGLES, n=64, seed=1)


X = panel([[1.0, 8, 3], [2, 9, 1], [9, 1, 2], [5, 4, 9], [7, 2, 5]], ["a", "b", "c"])


def test_the_indices_of_two_binary_choices_are_those_of_the_four_shifts():
    """With two choices each, variances can be had by hand from the table of four mean shifts."""
    others = {"normalise": (Step("rank"),), "aggregate": (Step("geometric", {"floor": 0.01}),)}
    own = method(X.indicators, normalise=Step("min_max"), alternatives=others)
    base = run(own, X).rank
    steps = [[own, own.with_step("aggregate", others["aggregate"][0])]]
    steps.append([m.with_step("normalise", others["normalise"][0]) for m in steps[0]])
    y = np.array([[np.abs(run(m, X).rank - base).mean() for m in row] for row in steps])
    assert y.var() > 0
    found = rank_shift_indices(own, X, n=4096, seed=1)
    assert found.names == ("normalise", "aggregate")
    assert found.first == pytest.approx([y.mean(axis=1).var() / y.var(), y.mean(axis=0).var() / y.var()], abs=0.03)
    total = [1 - y.mean(axis=0).var() / y.var(), 1 - y.mean(axis=1).var() / y.var()]
    assert found.total == pytest.approx(total, abs=0.03)


def test_without_an_indicator_the_ranking_is_that_of_the_others():
    """Points a, b, c; without c the sums are 9, 11, 10, 9, 9."""
    first, _, last = leave_one_out(method(X.indicators), X)
    whole, others = [12, 12, 12, 18, 14], [9, 11, 10, 9, 9]
    ranks = [[1 + sum(other > own for other in sums) for own in sums] for sums in (whole, others)]
    moves = [after - before for before, after in zip(*ranks, strict=True)]
    assert last.indicator == "c"
    assert last.shift == pytest.approx(np.mean(np.abs(moves)))
    assert abs(last.largest) == max(map(abs, moves))
    assert first.indicator == "a"


def test_a_rule_still_sees_the_indicator_that_is_left_out():
    options = {"id": "x", "en": "x", "zh": "x", "indicator": "c", "relation": "above", "limit": 8.0, "periods": 1}
    own = method({name: indicator() for name in "abc"}, adjust=(Step("when", options | {"points": 100.0}),))
    assert run(own, X).rank[3] == 1
    assert leave_one_out(own, X)[2].why == ""


def test_an_indicator_without_figures_cannot_be_left_out():
    """It is not in the ranking: "ranks move by 0.0" without it says nothing of it."""
    x = np.column_stack([X.values[:, 0], np.full(len(X.units), np.nan)])
    own = method(["a", "b", "c", "d"], empty=Step("leave_out"))
    assert [left.indicator for left in leave_one_out(own, panel(x, ["a", "b", "c", "d"]))] == ["a", "b", "c"]


def test_a_method_that_is_not_defined_without_an_indicator_says_so():
    values = {"values": {"a": 0.0, "b": 0.0, "c": 1.0}}
    found = leave_one_out(method(X.indicators, weights=Step("given", values)), X)
    assert [bool(left.why) for left in found] == [False, False, True]
    assert np.isnan(found[2].shift)
