"""The order of the bench's methods on a copy: by hand, and on folders whose answer is known."""

import math

import pytest
from scipy.stats import kendalltau

from sfbench import synth
from sfbench.synth.method_ranks import losses, method_ranks, tau


def test_tau_of_one_question_is_that_of_the_textbook():
    # Losses with a tie on either side: scipy's tau-b.
    first, second = [0.1, 0.3, 0.2, 0.5, 0.5], [0.2, 0.2, 0.4, 0.9, 0.1]
    found = {"q": dict(zip("abcde", zip(first, second, strict=True), strict=True))}
    assert tau(found) == pytest.approx(kendalltau(first, second).statistic)


def test_methods_of_two_questions_are_not_compared():
    assert tau({"one": {"a": (0.1, 0.1), "b": (0.2, 0.2)}, "other": {"c": (0.3, 0.1), "d": (0.4, 0.05)}}) == 0.0


def test_nothing_to_tell_apart_gives_no_figure():
    assert math.isnan(tau({"q": {"a": (0.0, 0.1), "b": (0.0, 0.2)}}))
    assert math.isnan(tau({}))


@pytest.fixture(scope="module")
def of_itself(confidential):
    return losses(confidential, confidential)


def test_the_original_ranks_methods_as_itself(of_itself):
    assert tau(of_itself) == 1.0
    assert all(one == other for by_method in of_itself.values() for one, other in by_method.values())


def test_only_questions_whose_truth_the_tables_hold_are_posed(of_itself):
    assert {"vintage_default", "steady_tech_share"} <= set(of_itself)
    assert not {"defective_notes", "additional_lending", "default_next_year"} & set(of_itself)


def test_the_vintage_curve_comes_before_young_notes_of_today(of_itself):
    by_method = of_itself["vintage_default"]
    assert by_method["vintage_curve"][0] < by_method["young_notes_today"][0]


def test_columns_on_their_own_lose_the_order(confidential, tmp_path):
    synth.fit(confidential, "independent", ["enterprise", "loan", "loan_balance"]).write_sample(tmp_path / "copy", 1)
    assert method_ranks(confidential, tmp_path / "copy") < 1.0
