"""A city of few firms has every table: what few firms do is done there, too."""

import numpy as np
import pytest

import sfbench.content as content
from sfbench.world import blocks
from sfbench.world.plan import LEAST_FIRMS, plan


def empty(scenario: str, firms: int, seed: int) -> list[str]:
    """Published tables without a row."""
    city = plan(scenario, scale=firms / plan(scenario, scale=1).firms, seed=seed)
    assert (city.firms, city.blocks) == (firms, 1)
    small = blocks.prelude(city)
    made, states = blocks.make(city, city.block(0), small)
    settled = {name: blocks.settle(city, name, state, small) for name, state in states.items()}
    known, whole = content.tables(()), {**small, **made, **settled}
    rows = {name: whole[name][known[name].spec.columns[0].name] for name in city.tables}
    return [name for name, cells in rows.items() if not np.size(getattr(cells, "values", cells))]


# Each of these lacked a table: premium subsidies (for two reasons), carbon accounts, interest subsidies, warrants,
# loans under relending, draws of it, listings.
@pytest.mark.parametrize("seed", [68, 171, 83, 110, 116, 127, 300, 214])
def test_the_smallest_city_has_every_table_whatever_its_seed(seed):
    assert not empty("baseline", LEAST_FIRMS, seed)


@pytest.mark.parametrize(("firms", "seed"), [(714, 214), (714, 243), (714, 283), (714, 300), (1429, 243)])
def test_a_small_city_has_every_table(firms, seed):
    assert not empty("baseline", firms, seed)


@pytest.mark.parametrize("first", [100_000, 100_010, 100_020])
def test_ten_seeds_that_nobody_looked_at_have_every_table(first):
    assert not {seed: lacks for seed in range(first, first + 10) if (lacks := empty("baseline", LEAST_FIRMS, seed))}


@pytest.mark.parametrize("scenario", [s for s in content.scenario_names() if not content.scenario(s).faults])
def test_the_smallest_city_of_every_scenario_has_every_table(scenario):
    assert not empty(scenario, LEAST_FIRMS, 97)
