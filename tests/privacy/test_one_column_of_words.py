"""A rare word that the copy repeats is seen although no second column of words makes a pair of it."""

import numpy as np
import pytest

from sfbench import privacy
from sfbench.privacy import Frame


def trades(own):
    """500 firms with a common trade, 40 with one of their own each."""
    words = np.array(["made", "sold"] * 250 + [f"{own}{at}" for at in range(40)], np.str_)
    return Frame({"staff": np.random.default_rng(len(own)).random(540)}, {"trade": words})


@pytest.mark.parametrize(("of_the_copy", "risk"), [("learned ", 1.0), ("nobody's ", 0.0), ("held out ", 0.0)])
def test_rare_words_of_learned_firms_are_found_in_the_copy(of_the_copy, risk):
    case = privacy.case(trades("learned "), trades("held out "), trades(of_the_copy))
    found = privacy.attacked(case, ["rare_combinations"])[0]
    assert found.tries == found.control_tries == 40
    assert found.risk == risk and (found.risk_low > 0.5) == (risk > 0)
