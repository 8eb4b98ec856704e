"""S6: ten districts, an effect of zero. Cluster-robust t tests over-reject; Donald-Lang and randomisation do not."""

from __future__ import annotations

import math

import duckdb
import numpy as np
import pytest

import sfbench.content as content
from sfbench.bench.card import Card
from sfbench.bench.effects.donald_lang import donald_lang
from sfbench.bench.effects.estimate import Estimate, Refusal
from sfbench.bench.effects.few_clusters import few_clusters
from sfbench.bench.effects.panel import NEVER
from sfbench.bench.effects.randomisation import assignments, randomisation
from sfbench.bench.effects.twfe import twfe, within
from sfbench.bench.effects.wild_bootstrap import wild_bootstrap

from .shared import panel, within_band

RUNS = 400
CARD = Card("policy_effect", "", "", "", "", "")


def districts(seed, treated, effect=0.0, units=1):
    """Ten districts over 12 quarters, shocks AR(1) with .7, the first ones treated from the seventh quarter on."""
    rng = np.random.default_rng([seed, treated])
    shock = rng.normal(size=(10, 12))
    for t in range(1, 12):
        shock[:, t] = 0.7 * shock[:, t - 1] + math.sqrt(1 - 0.49) * shock[:, t]
    start = np.where(np.arange(10) < treated, 6, NEVER)
    y = shock + rng.normal(size=(10, 1)) + rng.normal(size=12) + effect * (np.arange(12) >= start[:, None])
    cluster = np.repeat(np.arange(10), units)
    return panel(y[cluster] + 0.1 * rng.normal(size=(10 * units, 12)), start[cluster], cluster=cluster)


def rejections(method, treated, **more):
    return sum(method(districts(seed, treated), **more).claims for seed in range(RUNS))


@pytest.mark.parametrize(("treated", "at_least"), [(1, 0.40), (2, 0.15)])
def test_cluster_robust_errors_over_reject(treated, at_least):
    assert rejections(twfe, treated, small_sample=False) > at_least * RUNS


@pytest.mark.parametrize("treated", [1, 2, 5])
def test_donald_lang_has_its_size(treated):
    assert within_band(rejections(donald_lang, treated), RUNS, 0.05)


@pytest.mark.parametrize(("treated", "size"), [(2, 2 / 45), (5, 12 / 252)])
def test_randomisation_has_the_largest_size_that_its_assignments_allow(treated, size):
    assert within_band(rejections(randomisation, treated), RUNS, size)


def test_the_wild_bootstrap_rejects_less_often_than_the_t_test():
    wild, plain = (
        sum(method(districts(seed, 3)).p <= 0.05 for seed in range(RUNS)) for method in (wild_bootstrap, twfe)
    )
    assert wild < 0.09 * RUNS
    assert wild < plain


def test_one_treated_district_of_ten_is_refused_by_tests_that_cannot_reach_5_percent():
    one = districts(1, 1)
    assert isinstance(randomisation(one), Refusal) and "0.100" in randomisation(one).en
    assert isinstance(wild_bootstrap(one), Refusal)
    assert randomisation(one, level=0.90).p >= 0.1


def test_half_treated_has_a_mirror_image_that_is_as_extreme():
    """3 of 6: 20 assignments, but no p below 2 / 20; 3 of 7: 35, and 1 / 35 will do."""
    six = districts(1, 3).take(np.arange(6))
    assert isinstance(randomisation(six), Refusal) and "0.100" in randomisation(six).en
    assert randomisation(districts(1, 3).take(np.arange(7))).p >= 1 / 35


def test_a_wild_bootstrap_of_four_clusters_is_refused():
    assert isinstance(wild_bootstrap(districts(1, 2, effect=50.0).take(np.arange(4))), Refusal)


def test_a_large_effect_is_found():
    for method in (donald_lang, randomisation, wild_bootstrap):
        assert method(districts(3, 5, effect=4.0)).claims


def test_cluster_means_carry_all_information_when_clusters_are_equal():
    many = districts(7, 4, units=5)
    assert donald_lang(many).value == pytest.approx(twfe(many).value, abs=1e-12)
    assert randomisation(many).value == pytest.approx(twfe(many).value, abs=1e-12)


def test_assignments_of_several_dates_are_all_there_once_and_the_real_one_first():
    start = np.array([NEVER, 3, 3, 5, NEVER, NEVER])
    deals, how = assignments(start, max_exact=100, draws=1, seed=0)
    assert deals.shape == (60, 6) == np.unique(deals, axis=0).shape  # 6! / (3! 2! 1!)
    assert deals[0].tolist() == start.tolist()
    assert how == "all 60 assignments"


@pytest.mark.parametrize("treated", [2, 3, 5])
def test_the_randomisation_interval_is_the_set_of_effects_that_are_not_rejected(treated):
    """By brute force: take a constant effect away, test for none."""
    city = districts(11, treated, effect=0.5)
    found = randomisation(city)
    for x in np.linspace(found.low - 0.5, found.high + 0.5, 23):
        p = randomisation(panel(city.y - x * city.treated, city.start)).p
        assert (p > 0.05) == (found.low < x < found.high)


def test_the_wild_bootstrap_is_the_one_that_refits_every_draw():
    """Oracle: build each bootstrap outcome, run the regression again."""
    city = districts(5, 3, effect=0.4, units=2)
    d = within(city.treated.astype(float), city.w)
    restricted = within(city.y, city.w)  # null of 0 imposed
    real = twfe(city)
    extreme = []
    for bits in range(2**10):
        v = np.array([1.0 if bits >> g & 1 else -1.0 for g in range(10)])[city.cluster]
        draw = twfe(panel(v[:, None] * restricted, city.start, cluster=city.cluster))
        extreme.append(abs(draw.value / draw.se) >= abs(real.value / real.se) * (1 - 1e-9))
    assert d.size and wild_bootstrap(city).p == pytest.approx(np.mean(extreme), abs=1e-12)
    assert wild_bootstrap(city, points="webb", draws=999).p == pytest.approx(np.mean(extreme), abs=0.05)


def test_the_limits_of_the_wild_bootstrap_are_where_its_p_value_crosses_5_percent():
    city = districts(5, 3, effect=0.4)
    found = wild_bootstrap(city)

    def p(x):
        return wild_bootstrap(panel(city.y - x * city.treated, city.start)).p

    assert p(found.low - 1e-3) <= 0.05 < p(found.low + 1e-2)
    assert p(found.high + 1e-3) <= 0.05 < p(found.high - 1e-2)


@pytest.mark.parametrize(("treated", "untreated", "enough"), [(4, 0, False), (5, 0, True), (5, 5, True), (5, 6, False)])
def test_fewer_clusters_than_asked_for_on_either_side_are_a_refusal(treated, untreated, enough):
    found = few_clusters(districts(0, treated, units=3), untreated=untreated)  # three units are one cluster
    assert found is None if enough else isinstance(found, Refusal)


@pytest.mark.parametrize(
    ("name", "treated", "far", "enough"),
    [
        *((name, treated, 12, treated == 5) for name in ("imputation", "base_before_dip") for treated in (4, 5)),
        *(("factorial_did", treated, 12, treated == 5) for treated in (4, 5)),
        *(("far_controls", treated, far, treated == 5 and far == 10) for treated in (4, 5) for far in (9, 10)),
    ],
)
def test_methods_whose_tests_would_claim_too_often_say_that_the_effect_is_not_identified(name, treated, far, enough):
    """Of 20 untreated units `far` have no treated neighbour."""
    con = duckdb.connect()
    con.execute(f"""CREATE TABLE register AS SELECT unit, CASE WHEN unit < {treated} THEN 6 END AS start,
        CASE WHEN unit >= {treated + far} THEN 6 END AS near FROM range({treated + 20}) AS r (unit)""")
    con.execute("""CREATE TABLE panel AS SELECT unit, period, sin(unit * 7 + period * unit) AS y
        FROM register, range(12) AS p (period)""")
    found = content.method(name).answer(con, CARD)
    assert isinstance(found, Estimate if enough else Refusal), found
