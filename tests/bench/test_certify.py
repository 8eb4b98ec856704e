"""A certificate says of two methods what the scenario's file claims, no more."""

import json
import re

import pytest

from sfbench.bench.certify import FOLDER, agrees, certify, stored
from sfbench.content import scenario, scenario_names
from sfbench.errors import SfbenchError
from tests.bench.shared import TEXT

CLAIM = """  claim: {naive: before_after, fails_by: %.12f, better: two_way_fixed_effects, within: %.12f,
          first_seed: 7, seeds: 3}
"""


@pytest.fixture(scope="module")
def claimed(tmp_path_factory):
    """`claimed(fails_by, within)`: the certificate of the small scenario with that claim."""
    folder = tmp_path_factory.mktemp("certify")

    def make(fails_by, within, **more):
        path = folder / "one.yaml"
        path.write_text(TEXT + CLAIM % (fails_by, within), encoding="utf-8")
        return certify(scenario(str(path)), folder / "bench", **more)

    return make


def test_a_claim_holds_if_both_halves_do(claimed):
    made = claimed(0.001, 5.0)
    assert made.naive_fails and made.better_holds and made.holds


@pytest.mark.parametrize(("fails_by", "within"), [(5.0, 5.0), (0.001, 1e-9)])
def test_it_does_not_if_one_half_does_not(claimed, fails_by, within):
    assert not claimed(fails_by, within).holds


def test_a_claim_that_to_refuse_is_right_is_met_by_refusals(tmp_path):
    made = certify(scenario("s35_met_anyway"), tmp_path, seeds=1)
    assert made.holds and (made.naive, made.better) == (1.0, 0.0)
    assert made.sample[0]["group_time_strict"] is None and made.sample[0]["before_after"] is not None


def test_its_figures_are_the_means_of_the_answers(claimed):
    made = claimed(0.001, 5.0)
    assert [one["seed"] for one in made.sample] == [7, 8, 9]
    errors = [one["two_way_fixed_effects"] - one["truth"] for one in made.sample]
    assert made.better == pytest.approx(sum(errors) / 3)
    assert made.claim["seeds"] == 3


def test_samples_agree_to_nine_digits_and_no_less():
    one = [{"seed": 1, "truth": 0.5, "m": 0.25}]
    assert agrees(one, [{"seed": 1, "truth": 0.5 * (1 + 1e-12), "m": 0.25}])
    assert not agrees(one, [{"seed": 1, "truth": 0.5 * (1 + 1e-6), "m": 0.25}])
    assert not agrees(one, [{"seed": 2, "truth": 0.5, "m": 0.25}])
    assert not agrees(one, [{"seed": 1, "truth": 0.5, "m": None}])


def test_fewer_seeds_are_a_look(claimed):
    assert len(claimed(0.001, 5.0, seeds=2).sample) == 2


def test_a_scenario_without_a_claim_has_no_certificate(posed, tmp_path):
    with pytest.raises(SfbenchError, match="claims nothing"):
        certify(posed, tmp_path)
    assert stored(posed.name) is None


def test_a_claim_of_a_figure_that_answers_do_not_have_is_refused(tmp_path):
    path = tmp_path / "one.yaml"
    text = TEXT + CLAIM % (0.1, 0.1)
    path.write_text(text.replace("claim: {", "claim: {figure: tau, "), encoding="utf-8")
    with pytest.raises(SfbenchError, match="no figure 'tau'"):
        certify(scenario(str(path)), tmp_path / "bench", seeds=2)


def test_a_claim_of_a_figure_that_the_better_method_does_not_have_is_refused(tmp_path):
    path = tmp_path / "one.yaml"
    text = (TEXT + CLAIM % (0.1, 0.1)).replace("claim: {", "claim: {figure: coverage, ")
    path.write_text(re.sub("better: [a-z_]+", "better: far_controls", text), encoding="utf-8")
    with pytest.raises(SfbenchError, match="answers of 'far_controls' have no figure 'coverage'"):
        certify(scenario(str(path)), tmp_path / "bench", seeds=2)


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.json")), ids=lambda path: path.stem)
def test_a_stored_certificate_holds_and_its_first_seeds_are_recomputed(path, tmp_path):
    found = stored(path.stem)
    assert path.stem in scenario_names() and found.holds
    assert json.loads(json.dumps(found.claim)) == found.claim
    again = certify(scenario(path.stem), tmp_path, seeds=len(found.sample))
    assert agrees(again.sample, found.sample) and again.claim == found.claim
