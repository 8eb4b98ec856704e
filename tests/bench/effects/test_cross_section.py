"""Selection on observables and thresholds of eligibility, with and without manipulation (S9)."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest

from sfbench.bench.effects.aipw import aipw, logistic
from sfbench.bench.effects.cross_section import CrossSection, Cutoff
from sfbench.bench.effects.density_test import density_test
from sfbench.bench.effects.estimate import Refusal
from sfbench.bench.effects.regression_discontinuity import regression_discontinuity, rule_of_thumb
from sfbench.errors import SfbenchError

from .shared import within_band


def selected(seed, n=500, bent=False, steep=0.8, effect=0.5):
    """Better units are treated more often and would do better anyway; `bent`: the outcome is not linear."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, 2))
    treated = rng.random(n) < 1 / (1 + np.exp(-steep * (x[:, 0] - 0.5 * x[:, 1])))
    y = x[:, 0] + x[:, 1] + (x[:, 0] ** 2 if bent else 0) + effect * treated + rng.normal(size=n)
    return CrossSection(y=y, treated=treated, x=x, cluster=np.arange(n))


@pytest.mark.parametrize("target", ["att", "ate"])
@pytest.mark.parametrize("bent", [False, True], ids=["both models right", "outcome model wrong"])
def test_aipw_is_unbiased_and_its_interval_covers(target, bent):
    runs = 200
    found = [aipw(selected(seed, bent=bent), target=target) for seed in range(runs)]
    values = np.array([e.value for e in found])
    naive = np.mean([s.y[s.treated].mean() - s.y[~s.treated].mean() for s in map(selected, range(20))])
    assert values.mean() == pytest.approx(0.5, abs=3 * values.std() / np.sqrt(runs))
    assert within_band(sum(e.covers(0.5) for e in found), runs, 0.95)
    assert naive > 0.7


def test_the_propensity_is_the_maximum_of_its_likelihood():
    sample = selected(3)
    x = np.column_stack([np.ones(500), sample.x])
    d = sample.treated.astype(float)
    p = 1 / (1 + np.exp(-x @ logistic(x, d, ridge=0.0)))
    assert x.T @ (d - p) == pytest.approx(np.zeros(3), abs=1e-8)


def test_without_overlap_there_is_no_answer():
    refused = aipw(selected(1, steep=15))
    assert isinstance(refused, Refusal) and "no overlap" in refused.en
    assert isinstance(aipw(selected(1, n=8)), Refusal)


def test_the_order_of_units_does_not_matter():
    sample, order = selected(2), np.random.default_rng(1).permutation(500)
    mixed = CrossSection(
        y=sample.y[order], treated=sample.treated[order], x=sample.x[order], cluster=sample.cluster[order]
    )
    assert aipw(mixed).value == pytest.approx(aipw(sample).value, abs=1e-10)


@pytest.mark.parametrize("target", ["att", "ate"])
def test_a_larger_effect_has_the_same_error(target):
    small, large = (aipw(selected(4, effect=effect), target=target) for effect in (0.5, 50.5))
    assert large.value - small.value == pytest.approx(50, abs=0.1)  # ridge shrinks the outcome model alone
    assert large.se == pytest.approx(small.se, rel=0.02)


def test_covariates_of_the_wrong_length_are_named():
    with pytest.raises(SfbenchError, match=r"CrossSection\.x"):
        CrossSection(y=np.zeros(3), treated=np.zeros(3, bool), x=np.zeros((2, 1)), cluster=np.arange(3))


def threshold(seed, n=3000, effect=0.5, heaped=0.0, comply=1.0, bend=1.0):
    """R&D intensity around 3 %; `heaped`: share of the best firms just below that move themselves just above."""
    rng = np.random.default_rng(seed)
    r = rng.gamma(4, 0.9, n)
    ability = rng.normal(size=n)
    near = (r >= 2.5) & (r < 3) & (ability > np.quantile(ability, 1 - heaped) if heaped else False)
    r = np.where(near, 3 + 0.15 * rng.random(n), r)
    taken = (r >= 3) & (rng.random(n) < comply)
    y = 0.3 * r + bend * 0.05 * (r - 3) ** 2 + ability + effect * taken
    return Cutoff(y=y, running=r, cutoff=3.0, cluster=np.arange(n), taken=taken.astype(float))


def sharp(sample):
    return Cutoff(y=sample.y, running=sample.running, cutoff=sample.cutoff, cluster=sample.cluster)


@pytest.mark.parametrize("comply", [1.0, 0.6], ids=["sharp", "fuzzy"])
def test_the_jump_is_found_and_covered(comply):
    runs = 200
    found = [regression_discontinuity(threshold(s, comply=comply), bandwidth=1.0) for s in range(runs)]
    values = np.array([e.value for e in found])
    assert values.mean() == pytest.approx(0.5, abs=3 * values.std() / np.sqrt(runs))
    assert within_band(sum(e.covers(0.5) for e in found), runs, 0.95)


def test_manipulation_biases_all_points_and_a_donut_takes_it_out():
    runs = 60
    samples = [sharp(threshold(s, heaped=0.4)) for s in range(runs)]
    plain = np.mean([regression_discontinuity(s, bandwidth=1.5).value for s in samples])
    donut = np.array([regression_discontinuity(s, bandwidth=1.5, donut=0.5).value for s in samples])
    assert plain > 0.8
    assert donut.mean() == pytest.approx(0.5, abs=3 * donut.std() / np.sqrt(runs) + 0.02)  # 0.02: curvature


def test_the_density_test_sees_manipulation_and_has_its_size_without():
    runs = 200
    assert within_band(sum(density_test(threshold(s).running, cutoff=3.0).claims for s in range(runs)), runs, 0.05)
    assert sum(density_test(threshold(s, heaped=0.4).running, cutoff=3.0).claims for s in range(20)) >= 18


def test_a_local_line_at_the_cutoff_is_the_weighted_regression():
    sample = sharp(threshold(2))
    at = sample.running - 3
    use = np.abs(at) <= 0.8
    root = np.sqrt(1 - np.abs(at[use]) / 0.8)
    x = np.column_stack([np.ones(use.sum()), at[use] >= 0, at[use], at[use] * (at[use] >= 0)])
    b = np.linalg.lstsq(x * root[:, None], sample.y[use] * root, rcond=None)[0]
    assert regression_discontinuity(sample, bandwidth=0.8).value == pytest.approx(b[1], abs=1e-9)


def test_the_error_of_a_fuzzy_jump_is_that_of_its_residual():
    """Delta method: the jump of y - effect * taken is 0, and its error over the jump of treatment is the ratio's."""
    fuzzy = threshold(6, n=400, comply=0.4, effect=5.0)
    ratio = regression_discontinuity(fuzzy, bandwidth=1.5)
    left = Cutoff(
        y=fuzzy.y - ratio.value * fuzzy.taken, running=fuzzy.running, cutoff=fuzzy.cutoff, cluster=fuzzy.cluster
    )
    first = Cutoff(y=fuzzy.taken, running=fuzzy.running, cutoff=fuzzy.cutoff, cluster=fuzzy.cluster)
    jump = regression_discontinuity(left, bandwidth=1.5)
    assert jump.value == pytest.approx(0, abs=1e-9)
    assert ratio.se == pytest.approx(jump.se / regression_discontinuity(first, bandwidth=1.5).value, rel=1e-9)


def test_the_bandwidth_of_the_density_test_is_mccrarys_rule():
    """Written out again from his section 3.2 with numpy's polyfit."""
    r = threshold(2).running - 3
    width = 2 * r.std(ddof=1) / np.sqrt(r.size)
    edges = np.arange(np.floor(r.min() / width), np.floor(r.max() / width) + 2) * width
    height = np.histogram(r, edges)[0] / (r.size * width)
    middle = (edges[:-1] + edges[1:]) / 2
    rules = []
    for side in (middle < 0, middle > 0):
        x, f = middle[side], height[side]
        curve = np.polyfit(x, f, 4)
        noise = ((f - np.polyval(curve, x)) ** 2).sum() / (x.size - 5)
        bend = (np.polyval(np.polyder(curve, 2), x) ** 2).sum()
        rules.append(3.348 * (noise * (x.max() - x.min()) / bend) ** 0.2)
    note = density_test(threshold(2).running, cutoff=3.0).notes[0]
    assert f"bandwidth {np.mean(rules):.4g}," in note


def test_it_refuses_without_units_or_without_a_jump_of_treatment():
    assert isinstance(regression_discontinuity(sharp(threshold(1)), bandwidth=0.01), Refusal)
    assert isinstance(regression_discontinuity(threshold(1, comply=0.0), bandwidth=1.0), Refusal)
    assert isinstance(density_test(np.arange(10.0), cutoff=5.0), Refusal)
    assert 0.2 < rule_of_thumb(threshold(1)) < 5


def test_regression_discontinuity_agrees_with_diff_diff():
    diff_diff = pytest.importorskip("diff_diff", reason="cross-check against diff-diff (extra `test`)")
    sample = threshold(4, comply=0.7)
    frame = pd.DataFrame({"y": sample.y, "r": sample.running, "taken": sample.taken})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        other = diff_diff.RegressionDiscontinuity(cutoff=3.0, h=0.8).fit(
            frame, outcome="y", running="r", takeup="taken"
        )
        crisp = diff_diff.RegressionDiscontinuity(cutoff=3.0, h=0.8).fit(frame, outcome="y", running="r")
    own = regression_discontinuity(sample, bandwidth=0.8)
    assert own.value == pytest.approx(other.att_conventional, abs=1e-9)
    assert own.se == pytest.approx(other.se_conventional, rel=0.06)  # theirs estimates residuals by neighbours
    corrected = regression_discontinuity(sharp(sample), bandwidth=0.8, degree=2)
    assert corrected.value == pytest.approx(crisp.att, abs=1e-9)  # equal bandwidths: the bias-corrected estimate
