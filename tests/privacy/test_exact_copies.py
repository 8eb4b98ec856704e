"""A copied firm is met wherever it stands: among all that were learned, not only as many as were held out."""

import numpy as np
import pytest

from sfbench import privacy
from tests.privacy.conftest import coded, mixed

HELD_OUT = 500


@pytest.fixture(scope="module")
def uneven(original):
    """Five learned firms for each that was held out, as `--keep-out 0.17` leaves them."""
    return original[0], original[1].take(np.arange(HELD_OUT))


def exact(train, holdout, copy, **wish):
    return privacy.attacked(privacy.case(train, holdout, copy, seed=3, **wish), ["exact_copies"])[0]


@pytest.mark.parametrize("copied", [1, 20, 100])
def test_each_copied_firm_is_counted(uneven, independent, copied):
    train, holdout = uneven
    found = exact(train, holdout, mixed(independent, train, copied))
    assert round(found.value * found.tries) == copied and found.control == 0
    assert (found.risk_low > 0) == (copied == 100)
    assert found.en.endswith(f": {copied}") and found.zh.endswith(f"：{copied}家")


def test_of_a_large_copy_no_firm_is_left_out(original, independent):
    found = exact(*original, mixed(independent, original[0], 3), most=1000)
    assert round(found.value * found.tries) == 3 and found.tries == independent.rows


def test_a_firm_that_was_held_out_is_no_copy(uneven, independent):
    train, holdout = uneven
    found = exact(train, holdout, mixed(independent, holdout, 100))
    assert found.value == found.risk == 0


def test_many_learned_firms_alone_accuse_no_safe_copy():
    """Firms of three to six codes: a copy meets five times as many learned as held-out ones by chance."""
    accused, risks = 0, []
    for seed in range(40):
        random = np.random.default_rng(seed)
        train, holdout, copy = (coded(random, rows, 3 + seed % 4) for rows in (2500, HELD_OUT, 2500))
        found = exact(train, holdout, copy)
        accused += found.risk_low > 0
        risks.append(found.risk)
    assert accused <= 1 and np.mean(risks) < 0.05


def test_the_order_of_columns_and_of_a_firms_notes_hides_no_copy(uneven, independent):
    train, holdout = uneven
    copy = mixed(independent, train, 50)
    turned = privacy.Frame(
        {name: copy.numbers[name] * (1 + 1e-15) for name in reversed(copy.numbers)},
        {name: copy.words[name] for name in reversed(copy.words)},
    )
    assert exact(train, holdout, turned).value == exact(train, holdout, copy).value > 0
