"""What every estimator must do: not look at labels, ignore what it claims to remove, hit the truth, cover it."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np
import pytest

from sfbench.bench.effects.before_after import before_after
from sfbench.bench.effects.callaway_santanna import callaway_santanna
from sfbench.bench.effects.donald_lang import donald_lang
from sfbench.bench.effects.growth_threshold import growth_threshold
from sfbench.bench.effects.honest_did import honest_did
from sfbench.bench.effects.imputation import imputation
from sfbench.bench.effects.panel import NEVER
from sfbench.bench.effects.post_gap import post_gap
from sfbench.bench.effects.randomisation import randomisation
from sfbench.bench.effects.sun_abraham import sun_abraham
from sfbench.bench.effects.synthetic_control import synthetic_control
from sfbench.bench.effects.synthetic_did import synthetic_did
from sfbench.bench.effects.twfe import twfe
from sfbench.bench.effects.wild_bootstrap import wild_bootstrap

from .shared import toy, truth_by_cell, within_band

STAGGERED = {
    "CS never": partial(callaway_santanna, control="never"),
    "CS not yet": callaway_santanna,
    "CS group": partial(callaway_santanna, kind="group"),
    "CS calendar": partial(callaway_santanna, kind="calendar"),
    "CS dynamic": partial(callaway_santanna, kind="dynamic"),
    "imputation": imputation,
    "imputation, around cohorts": partial(imputation, around="cohort"),
    "imputation, around all": partial(imputation, around="all"),
    "Sun-Abraham": sun_abraham,
    "TWFE": twfe,
}
ONE_DATE = {
    "Donald-Lang": donald_lang,
    "randomisation": randomisation,
    "wild bootstrap": wild_bootstrap,
    "synthetic DiD": synthetic_did,
    "synthetic control": partial(synthetic_control, intercept=True),
    "honest DiD": partial(honest_did, m=0.5),
}
NAIVE = {"before/after": before_after, "post gap": post_gap, "growth": partial(growth_threshold, threshold=0.1, lag=6)}


def example(name, seed=1, **more):
    """One date with eleven units for the methods of few clusters, three dates and more units for the others."""
    treated = 2 if name.startswith("synthetic") else 3  # placebos of 2 leave more donors than periods before
    few = {"starts": (6,) * treated + (NEVER,) * (11 - treated), "each": 1}
    return toy(seed, **{**(few if name in ONE_DATE else {}), **more})


def close(found, other, scale=1.0):
    for field in ("value", "se", "low", "high"):
        assert getattr(other, field) == pytest.approx(scale * getattr(found, field), rel=1e-7, abs=1e-8, nan_ok=True)


EVERY = {**STAGGERED, **ONE_DATE, **NAIVE}


@pytest.mark.parametrize("name", EVERY)
def test_the_order_and_the_names_of_units_do_not_matter(name):
    panel = example(name)
    order = np.random.default_rng(7).permutation(panel.units)
    close(EVERY[name](panel), EVERY[name](panel.take(order)))
    renamed = replace(panel, cluster=np.random.default_rng(8).permutation(1000)[: panel.units])
    close(EVERY[name](panel), EVERY[name](renamed))


@pytest.mark.parametrize("name", [*STAGGERED, *ONE_DATE])
def test_unit_and_period_effects_do_not_matter(name):
    panel = example(name)
    rng = np.random.default_rng(9)
    unit = replace(panel, y=panel.y + 5 * rng.normal(size=(panel.units, 1)))
    close(EVERY[name](panel), EVERY[name](unit))
    if name != "synthetic DiD":  # the penalty of its paper depends on the size of period shocks
        close(EVERY[name](panel), EVERY[name](replace(unit, y=unit.y + 5 * rng.normal(size=panel.periods))))


def test_the_naive_methods_ignore_one_of_both_only():
    panel = toy(1)
    unit = replace(panel, y=panel.y + np.arange(panel.units)[:, None])
    period = replace(panel, y=panel.y + np.arange(panel.periods))
    close(before_after(panel), before_after(unit))
    close(NAIVE["growth"](panel), NAIVE["growth"](unit))
    close(post_gap(panel), post_gap(period))
    assert abs(before_after(period).value - before_after(panel).value) > 1
    assert abs(post_gap(unit).value - post_gap(panel).value) > 1
    assert NAIVE["growth"](period).value == pytest.approx(NAIVE["growth"](panel).value + 6)


@pytest.mark.parametrize("name", [*STAGGERED, *ONE_DATE])
def test_the_unit_of_the_outcome_carries_over(name):
    panel = example(name)
    close(EVERY[name](panel), EVERY[name](replace(panel, y=3 * panel.y)), scale=3)


@pytest.mark.parametrize("name", EVERY)
def test_a_constant_effect_moves_the_estimate_by_itself_and_not_its_error(name):
    panel = example(name)
    more = replace(panel, y=panel.y + 5 * panel.treated)
    found, moved = EVERY[name](panel), EVERY[name](more)
    assert moved.value - found.value == pytest.approx(5, abs=1e-8)
    assert moved.se == pytest.approx(found.se, rel=1e-7, nan_ok=True)


@pytest.mark.parametrize("name", [n for n in STAGGERED if n != "TWFE"])
def test_a_weight_of_two_is_two_units(name):
    """Of one cluster: the error agrees too, without the small-sample factor that counts clusters alone."""
    panel = toy(3, each=6)
    weight = np.where(np.arange(panel.units) % 3 == 0, 2.0, 1.0)
    twice = panel.take(np.repeat(np.arange(panel.units), weight.astype(int)))
    weighted, doubled = (STAGGERED[name](p) for p in (replace(panel, weight=weight), twice))
    assert weighted.value == pytest.approx(doubled.value, abs=1e-9)
    assert weighted.se == pytest.approx(doubled.se, rel=1e-9)


def test_weights_in_fixed_effects_are_repeated_units():
    panel = toy(3, each=6)
    weight = np.where(np.arange(panel.units) % 3 == 0, 2.0, 1.0)
    twice = panel.take(np.repeat(np.arange(panel.units), weight.astype(int)))
    weighted, doubled = (twfe(p, small_sample=False) for p in (replace(panel, weight=weight), twice))
    close(weighted, doubled)


@pytest.mark.parametrize("name", [n for n in STAGGERED if n != "TWFE"])
def test_the_small_sample_factor_is_g_over_g_less_one(name):
    panel = toy(3, each=2)  # six clusters
    plain, corrected = (STAGGERED[name](panel, small_sample=small).se for small in (False, True))
    assert corrected == pytest.approx(plain * np.sqrt(6 / 5), rel=1e-12)


RUNS = 200


@pytest.mark.parametrize("name", STAGGERED)
def test_on_parallel_trends_it_is_unbiased_and_covers(name):
    found = [STAGGERED[name](toy(seed, ar=0.5)) for seed in range(RUNS)]
    values = np.array([e.value for e in found])
    assert values.mean() == pytest.approx(0.5, abs=3 * values.std() / np.sqrt(RUNS))
    assert within_band(sum(e.covers(0.5) for e in found), RUNS, 0.95)


@pytest.mark.parametrize("name", ["Donald-Lang", "wild bootstrap", "synthetic DiD", "synthetic control"])
def test_with_one_date_and_eleven_units_it_is_unbiased_and_covers(name):
    found = [ONE_DATE[name](example(name, seed)) for seed in range(RUNS)]
    values = np.array([e.value for e in found])
    assert values.mean() == pytest.approx(0.5, abs=3 * values.std() / np.sqrt(RUNS))
    assert within_band(sum(e.covers(0.5) for e in found), RUNS, 0.95)


def test_randomisation_covers_as_often_as_its_assignments_allow():
    """3 of 11: 165 assignments, of which 8 may be more extreme."""
    found = [randomisation(example("randomisation", seed)) for seed in range(RUNS)]
    assert within_band(sum(e.covers(0.5) for e in found), RUNS, 1 - 8 / 165)


def test_bounds_that_allow_for_a_violation_cover_at_least_as_often():
    assert sum(honest_did(toy(seed), m=0.5).covers(0.5) for seed in range(RUNS)) >= 181  # 99 % band of 95 %


def test_a_naive_covers_where_its_assumption_holds():
    """Before/after without common shocks; the gap after treatment with units drawn alike."""
    rng = np.random.default_rng(0)
    plan = toy(0, starts=(4, 7), each=30)
    still = [replace(plan, y=0.5 * plan.treated + rng.normal(size=plan.y.shape)) for _ in range(RUNS)]
    assert within_band(sum(before_after(p).covers(0.5) for p in still), RUNS, 0.95)
    assert within_band(sum(post_gap(toy(s, starts=(5, NEVER), each=30)).covers(0.5) for s in range(RUNS)), RUNS, 0.95)


@pytest.mark.parametrize("name", ["CS never", "CS not yet", "imputation", "Sun-Abraham"])
def test_growing_effects_of_staggered_cohorts_are_found(name):
    """S2: and two-way fixed effects miss them."""
    runs, options = 100, {"starts": (3, 5, 7, NEVER), "effect": 0.2, "growth": 0.3, "noise": 0.5}
    truth = truth_by_cell(toy(0, **options).start, 10, 0.2, 0.3)
    found = [STAGGERED[name](toy(seed, **options)) for seed in range(runs)]
    values = np.array([e.value for e in found])
    assert values.mean() == pytest.approx(truth, abs=3 * values.std() / np.sqrt(runs))
    assert within_band(sum(e.covers(truth) for e in found), runs, 0.95)
    assert np.mean([twfe(toy(seed, **options)).value for seed in range(20)]) < 0.75 * truth


@pytest.mark.parametrize("name", ["CS never", "CS not yet", "imputation", "Sun-Abraham"])
def test_anticipation_that_is_named_does_not_bias(name):
    """S4: a dip of .6 in the period before."""
    runs, options = 100, {"lead": -0.6, "noise": 0.5}
    panels = [toy(seed, **options) for seed in range(runs)]
    named = np.array([STAGGERED[name](replace(p, anticipation=1)).value for p in panels])
    assert named.mean() == pytest.approx(0.5, abs=3 * named.std() / np.sqrt(runs))
    assert np.mean([STAGGERED[name](p).value for p in panels]) > named.mean() + 0.1
