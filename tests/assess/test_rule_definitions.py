"""Rules, bands, exclusions and bounds worked out by hand, at their limits and over groups and periods."""

from __future__ import annotations

import numpy as np
import pytest

from sfbench.assess import Step, run
from sfbench.assess.bands import Band
from sfbench.assess.exclude import zero_base
from sfbench.errors import SfbenchError

from .shared import indicator, method, panel

S, NAN = Step, np.nan
WIDE = ((-1e3, -1e3), (1e3, 1e3))  # a deviation is its own points
RULE = {"id": "x", "en": "x", "zh": "x", "indicator": "i1", "limit": 2.0}


@pytest.mark.parametrize(
    ("relation", "holds"),
    [("above", [0, 0, 1]), ("at_least", [0, 1, 1]), ("at_most", [1, 1, 0]), ("below", [1, 0, 0])],
)
def test_a_condition_is_what_its_relation_says_at_the_limit_too(relation, holds):
    indicators = {"i0": indicator(), "i1": indicator(role="condition")}
    item = S("when", RULE | {"relation": relation, "periods": 1, "points": 1.0})
    found = run(method(indicators, adjust=(item,)), panel([[0.0, 1], [0, 2], [0, 3], [0, NAN]], list(indicators)))
    assert found.score.tolist() == [*holds, 0]


def test_a_condition_of_more_periods_than_the_panel_has_is_not_met():
    indicators = {"i0": indicator(), "i1": indicator(role="condition")}
    item = S("when", RULE | {"relation": "above", "periods": 3, "points": 1.0})
    found = run(method(indicators, adjust=(item,)), panel(np.full((1, 2, 2), 5.0), list(indicators)))
    assert found.score.tolist() == [5]
    assert [note.step for note in found.notes] == ["adjust"]


def test_how_many_units_a_rule_could_not_judge_is_said_of_each_rule():
    """Two lack the latest figure, one the one before: the first rule looks at both, the second at the latest."""
    indicators = {"i0": indicator(), "i1": indicator(role="condition")}
    items = (
        S("when", RULE | {"id": "twice", "relation": "above", "periods": 2, "points": 1.0}),
        S("add", {"id": "own", "en": "its own", "zh": "x", "indicator": "i1", "factor": 0.5, "at_most": 1.0}),
        S("add", {"id": "known", "en": "x", "zh": "x", "indicator": "i0", "factor": 1.0, "at_most": 1.0}),
    )
    x = np.zeros((5, 2, 2))
    x[:, :, 1] = [[3, 3], [NAN, 3], [3, NAN], [-9, -9], [NAN, NAN]]
    found = run(method(indicators, adjust=items), panel(x, list(indicators)))
    assert found.score.tolist() == [1 + 1, 1, 0, -1, 0]
    assert [note.en.partition(" ")[0] for note in found.notes if note.step == "adjust"] == ["3", "2"]
    assert [(item.id, item.en) for item in found.adjustments[:2]] == [("twice", "x"), ("own", "its own")]


def bands(*limits):
    return tuple(Band(str(n), str(n), str(n), float(limit)) for n, limit in enumerate(limits))


@pytest.mark.parametrize(
    "step",
    [
        S("cutoffs", {"bands": bands(60, 80), "end": None}),
        S("cutoffs", {"bands": bands(80, 80), "end": None}),
        S("cutoffs", {"bands": bands(80, 40, 60), "end": None}),
        S("quantiles", {"bands": bands(0.5, 0.6)}),
        S("quantiles", {"bands": bands(0.5, 0.4)}),
        S("quantiles", {"bands": bands(0.5, 0, 0.5)}),
        S("quantiles", {"bands": bands(1.5, -0.5)}),
    ],
    ids=str,
)
def test_bands_that_are_none_are_refused(step):
    with pytest.raises(SfbenchError, match="bands"):
        run(method(["i0"], bands=step), panel([[1.0], [2]]))


@pytest.mark.parametrize(
    ("units", "shares", "sizes"),
    [
        (4, (0.5, 0.5), [2, 2]),
        (10, (0.1, 0.2, 0.7), [1, 2, 7]),
        (3, (0.5, 0.5), [2, 1]),
        (10, (0.7, 0.2, 0.1), [7, 2, 1]),
    ],
)
def test_a_band_by_share_holds_whoever_stands_before_its_end(units, shares, sizes):
    """0.1 + 0.2 is a little above 0.3, 0.7 + 0.2 + 0.1 a little below 1: no bank moves by that."""
    found = run(method(["i0"], bands=S("quantiles", {"bands": bands(*shares)})), panel(np.arange(units)[:, None]))
    assert np.bincount(found.band).tolist() == sizes


def test_bands_of_scores_below_one_may_be_close():
    found = run(
        method(["i0"], bands=S("cutoffs", {"bands": bands(0.8, 0.6), "end": None})), panel([[0.7], [0.9], [0.5]])
    )
    assert found.band.tolist() == [1, 0, -1]


def test_growth_needs_a_base_above_nought_of_every_indicator_that_is_named_as_it_was_reported():
    """The figure `lag` periods ago, not the period's own and not after the period rule."""
    first = [[0.5, 0.5], [-1, 5], [5, 0], [5, NAN]]
    below, nil, plenty = (np.full((4, 2), figure) for figure in (-1.0, 0.0, 9.0))
    x = np.stack([below, nil, np.array(first), plenty, plenty], axis=1)
    ruling = zero_base(panel(x), np.full(x.shape, NAN), indicators=("i0", "i1"), lag=2)[0]
    assert ruling.tolist() == [False, True, True, True]
    assert zero_base(panel(x), x, indicators=("i0",), lag=2)[0].tolist() == [False, True, False, False]
    assert zero_base(panel(x), x, indicators=("i0",), lag=3)[0].all()
    assert zero_base(panel(x), x, indicators=("i0",), lag=4)[0].all()
    assert zero_base(panel(x), x, indicators=("i0",), lag=5)[0].all()  # before the panel begins nothing is known


def test_bounds_of_groups_that_are_assessed_apart_are_ranks_within_the_group():
    x = panel([[3.0], [1], [NAN], [5], [9]], groups=["a", "a", "a", "b", "b"])
    apart, together = (run(method(["i0"], missing=S("bounds"), peers=S(kind)), x) for kind in ("apart", "together"))
    assert (apart.interval.best_rank.tolist(), apart.interval.worst_rank.tolist()) == ([1, 2, 1, 2, 1], [1, 3, 2, 2, 1])
    assert together.interval.best_rank.tolist() == [3, 4, 1, 2, 1]
    assert together.interval.worst_rank.tolist() == [4, 5, 4, 3, 1]


def test_the_lowest_score_is_never_above_the_highest():
    """What helps the bank that withholds a figure lowers the z scores of the others."""
    x = panel([[1.0], [2], [6], [NAN]])
    found = run(method(["i0"], missing=S("bounds"), normalise=S("z", {"ddof": 1})), x).interval
    assert (found.low < found.high).all()


def test_bounds_whose_two_ends_assess_other_units_are_refused():
    """Against a mean of nought nothing is relative: with the worst figure only the bank at the mean has points."""
    step = S("horizontal", {"deviation": "relative", "points": WIDE})
    with pytest.raises(SfbenchError, match="do not assess the same units"):
        run(method(["i0"], missing=S("bounds"), normalise=step), panel([[0.0], [-1], [2], [NAN]]))
