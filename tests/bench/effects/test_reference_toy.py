"""P5: the three-unit panel of Goodman-Bacon; every figure follows by hand."""

import pytest

from sfbench.bench.effects.bacon import bacon, forbidden_weight
from sfbench.bench.effects.callaway_santanna import callaway_santanna
from sfbench.bench.effects.imputation import imputation
from sfbench.bench.effects.panel import NEVER
from sfbench.bench.effects.sun_abraham import sun_abraham
from sfbench.bench.effects.twfe import twfe

from .shared import goodman_bacon_toy


def test_two_way_fixed_effects_give_32_11ths():
    assert twfe(goodman_bacon_toy()).value == pytest.approx(32 / 11, abs=1e-12)


def test_the_decomposition_names_four_comparisons_and_their_weights():
    found = {(c.treated, c.control): (c.kind, c.estimate, c.weight) for c in bacon(goodman_bacon_toy())}
    assert found == {
        (4, NEVER): ("untreated", pytest.approx(2), pytest.approx(4 / 11)),
        (7, NEVER): ("untreated", pytest.approx(4), pytest.approx(3.5 / 11)),
        (4, 7): ("earlier against later", pytest.approx(2), pytest.approx(2 / 11)),
        (7, 4): ("later against earlier", pytest.approx(4), pytest.approx(1.5 / 11)),
    }
    assert forbidden_weight(bacon(goodman_bacon_toy())) == pytest.approx(0.13636, abs=5e-6)


@pytest.mark.parametrize("method", [callaway_santanna, imputation, sun_abraham])
def test_methods_without_forbidden_comparisons_give_the_effect_of_the_treated_cells(method):
    assert method(goodman_bacon_toy()).value == pytest.approx(8 / 3, abs=1e-12)
