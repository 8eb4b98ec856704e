"""Intervals and risks by hand, and cases that cannot be judged."""

from statistics import NormalDist

import numpy as np
import pytest

from sfbench import privacy
from sfbench.errors import SfbenchError
from sfbench.privacy import Frame, wilson
from sfbench.privacy.outcome import SHOWN, against_chance, outcome
from sfbench.privacy.scale import nearest


def test_wilson_intervals_are_those_of_the_textbook():
    # Wilson 95 % of 10 of 100: Newcombe (1998), method 3.
    assert wilson(10, 100) == pytest.approx((0.0552, 0.1744), abs=2e-4)
    assert wilson(0, 10) == pytest.approx((0.0, 0.2775), abs=2e-4)
    assert wilson(0, 0) == (0.0, 1.0)


def test_risk_is_what_the_attack_gains_over_the_control():
    found = outcome("x", 60, 100, 20, 100, "", "")
    assert found.risk == pytest.approx((0.6 - 0.2) / 0.8)
    assert found.risk_low < found.risk


def test_nearest_agrees_with_all_distances():
    random = np.random.default_rng(4)
    of, among = (random.random((rows, 5)).astype(np.float32) for rows in (40, 60))
    apart = np.sqrt(((of[:, None, :] - among[None]) ** 2).sum(axis=2))
    distances, rows = nearest(of, among, 3)
    assert np.allclose(distances, np.sort(apart, axis=1)[:, :3], atol=1e-3)
    assert (rows[:, 0] == apart.argmin(axis=1)).all()


@pytest.mark.parametrize("rows", [1, 5])
def test_too_few_firms_are_refused(rows):
    frame = Frame({"a": np.arange(rows, dtype=float)}, {})
    with pytest.raises(SfbenchError, match="fewer than"):
        privacy.case(frame, frame, frame)


def test_frames_without_a_common_column_are_refused():
    one, other = (Frame({name: np.arange(50.0)}, {}) for name in "ab")
    with pytest.raises(SfbenchError, match="no column in common"):
        privacy.case(one, one, other)


@pytest.mark.parametrize(
    "column",
    [np.full(60, np.nan), np.full(60, 7.0), np.r_[np.arange(59.0), 1e18]],
    ids=["all null", "a constant", "an outlier"],
)
def test_odd_columns_do_not_crash_an_attack(column):
    words = np.array(["x"] * 60)
    frame = Frame({"a": column, "b": np.arange(60.0)}, {"w": words})
    found = privacy.attacked(privacy.case(frame, frame, frame))
    assert len(found) == len(privacy.attack_names()) - 1  # no rows below the firms
    assert all(np.isfinite([o.value, o.risk, o.low, o.high]).all() for o in found)


@pytest.mark.parametrize(
    "frame",
    [
        Frame({"a": np.arange(60.0)}, {}),
        Frame({}, {"w": np.array(["x", "y", "z"] * 20)}),
        Frame({"loan: amount, mean": np.arange(60.0), "loan: amount, largest": np.arange(60.0)}, {}),
    ],
    ids=["a number", "a word", "two of one column"],
)
def test_one_column_does_not_crash_an_attack(frame):
    found = {o.attack: o for o in privacy.attacked(privacy.case(frame, frame, frame))}
    assert found["attribute_inference"].tries == 0  # nothing is known beside the secret
    assert (found["linkability"].tries == 0) == (len(frame.columns) == 1)


def test_what_is_shown_is_shown_at_one_level_over_all_attacks():
    assert pytest.approx(NormalDist().inv_cdf(1 - 0.05 / (len(privacy.attack_names()) + 1))) == SHOWN


@pytest.mark.parametrize(("control", "tries", "most"), [(0.1, 400, 0.0), (0.1, 2000, 0.02), (0.4, 250, 0.05)])
def test_a_risk_of_the_size_that_is_seen_is_shown_four_times_of_five(control, tries, most):
    seen_from = outcome("x", control * tries, tries, control * tries, tries, "", "").seen_from(most)
    true = control + seen_from * (1 - control)
    hits = np.random.default_rng(3).binomial(tries, true, 2000)
    shown = [outcome("x", one, tries, control * tries, tries, "", "").risk_low > most for one in hits]
    assert np.mean(shown) == pytest.approx(0.8, abs=0.04)


def test_nothing_is_seen_without_tries():
    assert outcome("x", 0, 0, 0, 0, "", "").seen_from() == 1.0
    assert against_chance("x", 1, 1, 0.5, "", "").seen_from() == 1.0


@pytest.mark.parametrize("control", [0.01, 0.1, 0.4])
def test_a_gain_that_is_none_is_shown_less_than_once_in_two_hundred(control):
    random = np.random.default_rng(5)
    hits, alarms = random.binomial(500, control, (2, 4000))
    shown = [outcome("x", a, 500, b, 500, "", "").risk_low > 0 for a, b in zip(hits, alarms, strict=True)]
    assert np.mean(shown) < 0.005
