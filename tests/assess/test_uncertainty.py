"""Monte Carlo over declared choices: what is drawn is logged, what does nothing is refused, what fails is counted."""

from __future__ import annotations

import numpy as np
import pytest

from sfbench.assess import Step, run
from sfbench.assess.pipelines import Pipelines, factors_of
from sfbench.assess.uncertainty import monte_carlo
from sfbench.errors import SfbenchError

from .shared import indicator, method, oecd, panel

POSTS = {"PAT": (0, 994), "ROY": (0, 272.6), "INT": (0, 232.4), "EXP": (0, 80.8), "TEL": (0, 2.955)}
POSTS |= {"ELE": (1.342, 3.843), "SCH": (0.8, 12), "UNI": (0.1, 27.4)}


def tai(**other):
    """The technology achievement index with the choices that the handbook varies."""
    indicators = {name: indicator(goalposts=posts) for name, posts in POSTS.items()}
    own = {"normalise": Step("goalposts", {"cap": True})}
    own["alternatives"] = {
        "normalise": (Step("min_max"), Step("percentile")),
        "aggregate": (Step("geometric", {"floor": 0.01}), Step("borda")),
    }
    return method(indicators, **own | other)


def test_the_same_seed_gives_the_same_draws_and_another_seed_others():
    first, again, other = (monte_carlo(tai(), oecd(), replicates=50, seed=s) for s in (3, 3, 4))
    assert (first.drawn == again.drawn).all()
    assert (first.low == again.low).all()
    assert (first.drawn != other.drawn).any()


def test_every_replicate_is_what_the_chain_gives_for_the_pipeline_that_it_logs():
    """Each logged pipeline is put together anew and run; ranks and shifts must be those that were reported."""
    found = monte_carlo(tai(), oecd(), replicates=40, seed=1)
    own = run(tai(), oecd())
    ranks = []
    for replicate in range(40):
        other = tai()
        for factor, number in zip(found.factors, found.drawn[replicate].tolist(), strict=True):
            choice = ((getattr(tai(), factor.step)), *tai().alternatives[factor.step])[number]
            assert f"{factor.step} {choice}" in found.realised(replicate)
            other = other.with_step(factor.step, choice)
        ranks.append(run(other, oecd()).rank)
        assert found.shift[replicate] == pytest.approx(np.abs(ranks[-1] - own.rank).mean())
    assert (found.best == np.min(ranks, axis=0)).all()
    assert (found.worst == np.max(ranks, axis=0)).all()
    assert (found.median == np.sort(ranks, axis=0)[19]).all()
    assert (found.best <= found.low).all() and (found.low <= found.median).all() and (found.median <= found.high).all()


def test_an_alternative_that_ranks_as_one_before_it_is_refused():
    """z by the other standard deviation ranks as before: drawn, it would count the method's own choice twice."""
    own = tai(normalise=Step("z", {"ddof": 1}), weight_spread=0.2)
    others = (Step("z", {"ddof": 0}), Step("percentile"), Step("rank"))
    found = monte_carlo(own.with_step("alternatives", {"normalise": others}), oecd(), replicates=20, seed=1)
    refused = [(r.step, r.choice, r.like) for r in found.refused]
    assert refused == [("normalise", "z(ddof=0)", "z(ddof=1)"), ("normalise", "rank", "percentile")]
    assert [len(factor.choices) for factor in found.factors] == [2]


def test_an_alternative_that_can_nowhere_be_realised_fails_and_is_not_called_idle():
    others = {"normalise": (Step("percentile"),), "weights": (Step("entropy", {"of": "treated"}),)}
    own = tai(normalise=Step("rank"), alternatives=others | {"aggregate": (Step("borda"),)})
    data = oecd()
    lower = panel(data.values - data.values.max(), data.indicators, data.units)
    found = monte_carlo(own, lower, replicates=40, seed=1)
    assert "entropy" not in {r.choice.partition("(")[0] for r in found.refused}
    assert found.failed and all("weights entropy" in " ".join(f.realised) for f in found.failed)


def test_every_choice_is_drawn_about_alike_often():
    found = monte_carlo(tai(), oecd(), replicates=3000, seed=1)
    counts = np.bincount(found.drawn[:, 0])
    assert np.abs(counts - 1000).max() < 120  # some four and a half standard deviations
    assert found.pipelines == 9


def test_an_alternative_that_changes_no_score_is_refused_and_never_drawn():
    """Nothing is missing, so no imputation has an effect; hierarchical weights are equal ones in a single pillar."""
    others = {"missing": (Step("median"),), "weights": (Step("hierarchical_equal"),), "normalise": (Step("min_max"),)}
    found = monte_carlo(tai(alternatives=others), oecd(), replicates=20, seed=1)
    assert {(r.step, r.choice) for r in found.refused} == {("missing", "median"), ("weights", "hierarchical_equal")}
    assert [factor.step for factor in found.factors] == ["normalise"]


def test_an_alternative_that_works_only_beside_another_one_is_kept():
    """Pulling in one figure at each end changes no category here, but it changes min-max figures."""
    others = {"outliers": (Step("winsorise_count", {"k": 1}),), "normalise": (Step("min_max"),)}
    x = panel([[1.0, 9], [2, 1], [4, 2], [9, 3], [100, 20], [3, 5]])
    step = Step("categorical", {"of": "value", "cuts": (3.0, 6.0), "points": (0.0, 1.0, 2.0)})
    found = monte_carlo(method(x.indicators, normalise=step, alternatives=others), x, replicates=20, seed=1)
    assert not found.refused
    alone = Pipelines(method(x.indicators, normalise=step, alternatives=others), x, found.factors)
    assert (alone.scores((0, 0)) == alone.scores((1, 0))).all()


def test_only_alternatives_without_effect_are_an_error():
    with pytest.raises(SfbenchError, match="no alternative of the method has an effect"):
        monte_carlo(tai(alternatives={"missing": (Step("median"),)}), oecd(), replicates=5, seed=1)


def test_a_method_without_alternatives_and_no_replicates_are_errors():
    with pytest.raises(SfbenchError, match="declares no alternatives"):
        monte_carlo(tai(alternatives={}), oecd(), replicates=5, seed=1)
    with pytest.raises(SfbenchError, match="no replicates"):
        monte_carlo(tai(), oecd(), replicates=0, seed=1)


def test_an_alternative_that_repeats_another_choice_is_an_error():
    with pytest.raises(SfbenchError, match="is no other choice"):
        factors_of(tai(alternatives={"normalise": (Step("goalposts", {"cap": True}),)}))


def test_a_pipeline_that_cannot_be_realised_is_counted_with_its_reason():
    """A geometric mean without a floor is not defined for z scores; the other three pipelines are."""
    others = {"normalise": (Step("z", {"ddof": 1}),), "aggregate": (Step("geometric", {"floor": 0.0}),)}
    found = monte_carlo(tai(alternatives=others), oecd(), replicates=200, seed=1)
    assert found.pipelines == 3
    assert [set(f.realised) for f in found.failed] == [{"normalise z(ddof=1)", "aggregate geometric(floor=0)"}]
    assert found.failed[0].replicates == np.isnan(found.shift).sum() > 0
    assert "below 0" in found.failed[0].why
    assert (found.assessed == 1).all()


def test_a_unit_that_some_pipelines_leave_out_has_ranks_from_the_others():
    others = {"missing": (Step("median"),)}
    x = panel([[1.0, 2], [3, 4], [np.nan, 9], [5, 1]])
    found = monte_carlo(method(x.indicators, alternatives=others), x, replicates=100, seed=2)
    drawn = (found.drawn[:, 0] == 1).mean()
    assert found.assessed.tolist() == pytest.approx([1, 1, drawn, 1])
    assert found.field == (3, 4)
    assert found.best[2] == found.worst[2] == 1


def test_scattered_weights_stay_within_the_spread_and_sum_to_one():
    own = tai(alternatives={}, weight_spread=0.25)
    found = monte_carlo(own, oecd(), replicates=300, seed=1)
    assert found.weights.sum(axis=1) == pytest.approx(np.ones(300))
    ratio = found.weights * 8 / (found.weights * 8).mean(axis=1, keepdims=True)
    assert ratio.min() > 0.75 / 1.25 and ratio.max() < 1.25 / 0.75
    assert found.weights.std(axis=0).min() > 0.01
    assert found.shift.max() > 0


def test_a_replicate_with_scattered_weights_is_the_chain_with_the_weights_that_it_logs():
    own = tai(weight_spread=0.5)
    found = monte_carlo(own, oecd(), replicates=25, seed=2)
    for replicate in range(25):
        other = own
        for factor, number in zip(found.factors, found.drawn[replicate].tolist(), strict=True):
            other = other.with_step(factor.step, factor.choices[number])
        values = dict(zip(own.scored, found.weights[replicate].tolist(), strict=True))
        ranks = run(other.with_step("weights", Step("given", {"values": values})), oecd()).rank
        assert found.shift[replicate] == pytest.approx(np.abs(ranks - run(own, oecd()).rank).mean())


def test_the_spread_of_weights_does_not_move_the_draws_of_steps():
    with_it, without = (monte_carlo(tai(weight_spread=s), oecd(), replicates=50, seed=3) for s in (0.25, 0.0))
    assert (with_it.drawn == without.drawn).all()
    assert without.weights is None


def test_each_units_own_best_weights_are_not_scattered():
    own = tai(weights=Step("bod", {"low": 0.0, "high": 0.5}), alternatives={}, weight_spread=0.25)
    found = monte_carlo(own, oecd(), replicates=5, seed=1)
    assert np.isnan(found.weights).all()
    assert (found.shift == 0).all()
