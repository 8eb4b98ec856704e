"""Safe copies are not accused: of forty cards of safe data at most one in twenty has an attack that shows a leak.

Learned and held-out firms are told apart by lot, and the copies know of neither. So few are held out (400) that single
figures swing far: an estimate above the limit is then no verdict, but neither does the card say that the copy is safe.
"""

import numpy as np
import pytest

from sfbench import privacy
from sfbench.privacy import Frame
from sfbench.synth import card
from tests.privacy.conftest import coded, drawn

FEW, CARDS = 400, 10  # firms a side; cards of each kind of copy
LIMITS = card.thresholds()["privacy"]


def as_they_are(frame, random):
    return frame


def each_column_alone(frame, random):
    """As faithful as independent columns are: far from all firms."""
    return Frame(
        {name: random.permutation(column) for name, column in frame.numbers.items()},
        {name: random.permutation(column) for name, column in frame.words.items()},
    )


def each_table_alone(frame, random):
    """Firms with the notes of other firms."""
    order: dict[str, np.ndarray] = {}

    def moved(name, column):
        table = name.partition(":")[0] if ": " in name else ""
        return column[order.setdefault(table, random.permutation(len(column)))]

    return Frame(
        {name: moved(name, column) for name, column in frame.numbers.items()},
        {name: moved(name, column) for name, column in frame.words.items()},
    )


def far_off(frame, random):
    """Amounts wrong by a factor of two, up or down."""
    alone = each_column_alone(frame, random)
    numbers = {
        name: column * np.exp(0.7 * random.standard_normal(len(column))) if len(np.unique(column)) > 100 else column
        for name, column in alone.numbers.items()
    }
    return Frame(numbers, alone.words)


KINDS = (as_they_are, each_column_alone, each_table_alone, far_off)


def judged(train, holdout, copy, refit, seed):
    found = privacy.attacked(privacy.case(train, holdout, copy, seed=seed, refit=refit))
    return {o.attack: card.of_attack(o, LIMITS[o.attack]) for o in found}


def safe_card(whole, make, seed):
    """A card of a copy of other firms than those that were learned or held out."""
    random = np.random.default_rng([seed, 400])
    order = random.permutation(whole.rows)
    train, holdout, others, more = (whole.take(order[at * FEW : (at + 1) * FEW]) for at in range(4))

    def refit(rows, seed):
        return make(more.take(np.arange(len(rows))), np.random.default_rng(seed))

    return judged(train, holdout, make(others, random), refit, seed)


@pytest.fixture(scope="module")
def safe(whole):
    return [safe_card(whole, make, seed) for make in KINDS for seed in range(CARDS)]


def test_a_safe_copy_is_accused_by_any_attack_at_most_once_in_twenty_cards(safe):
    accused = [name for one in safe for name, figure in one.items() if figure.verdict == "beyond"]
    assert len(accused) <= len(safe) // 20, accused


@pytest.mark.parametrize("others", [20, 200])
def test_a_copy_that_repeats_few_firms_is_not_accused_of_those_that_happen_to_be_learned(others):
    """Six codes: some combinations are frequent, and a hundred rows of one say of one lot what came of it."""
    accused = 0
    for seed in range(30):
        random = np.random.default_rng(seed)
        train, holdout, made_of = (coded(random, rows, 6) for rows in (2000, 2000, others))
        copy = made_of.take(random.integers(0, others, 2000))
        accused += privacy.attacked(privacy.case(train, holdout, copy, seed=seed), ["exact_copies"])[0].risk_low > 0
    assert accused <= 1


def test_estimates_above_the_limit_are_common_so_they_alone_are_no_verdict(safe):
    above = [any(f.value > LIMITS[name]["most_risk"] for name, f in one.items()) for one in safe]
    assert np.mean(above) > 0.1


def test_four_hundred_firms_clear_no_copy_and_the_card_says_what_they_would_have_shown(safe):
    for one in safe:
        figure = one["closer_to_learned"]
        assert figure.verdict == "not judged"
        assert figure.seen_from > LIMITS["closer_to_learned"]["must_see"]
        assert f"{figure.outcome.tries:,} tries" in figure.en and f"{figure.seen_from:.3f}" in figure.en
        assert f"{figure.outcome.tries:,}次" in figure.zh


def test_a_leak_of_few_firms_is_shown_all_the_same(whole):
    order = np.random.default_rng(1).permutation(whole.rows)
    train, holdout = whole.take(order[:FEW]), whole.take(order[FEW : 2 * FEW])
    found = judged(train, holdout, drawn(train), lambda rows, seed: drawn(holdout.take(rows)), 1)
    assert [name for name, figure in found.items() if figure.verdict != "beyond"] == []


def test_thresholds_say_what_must_be_seen(whole):
    order = np.random.default_rng(1).permutation(whole.rows)
    sides = (whole.take(order[at * FEW : (at + 1) * FEW]) for at in range(3))
    found = privacy.attacked(privacy.case(*sides), ["membership_density"])[0]
    limits = {"most_risk_low": 0.02, "most_risk": 0.10}
    seen_from = found.seen_from(0.02)
    assert card.of_attack(found, limits | {"must_see": seen_from + 0.01}).verdict == "within"
    assert card.of_attack(found, limits | {"must_see": seen_from - 0.01}).verdict == "not judged"
    assert card.of_attack(found, {"most_risk": 0.10}).verdict == "within"  # 0 is what may be shown, 0.1 must be seen
    assert card.of_attack(found, {"most_risk": 0.05}).verdict == "not judged"
