"""Size, age and books of the firms: inside the legal classes, credible, and without a value that heaps."""

from functools import cache

import numpy as np

from sfbench.kit import calibration, calibration_numbers
from sfbench.world import blocks
from sfbench.world.plan import plan
from tests.world.shared import SEED

SMALL, TECH_OR_OUT = 2, 1  # positions of a size and of the last kind that may win a tag
REFERENCE = 2025 - 2015  # column of the yearly arrays in which the size classes hold
MATURE = 2019 * 12  # founded before: five years old at the reference date, so at its full size
YOUNG = 7  # years (firm.young_until)


@cache
def made(index):
    wish = plan("baseline", scale=0.1, seed=SEED, tables=("enterprise_year",))
    return blocks.make(wish, wish.block(index), blocks.prelude(wish))[0]


def mature_tech():
    state, paths = made(0)["firm_state"], made(0)["firm_month"]
    at = np.flatnonzero((state["kind"] <= TECH_OR_OUT) & (state["founded_month"] < MATURE))
    return at, state["size"][at], paths["revenue"][at, REFERENCE], paths["staff"][at, REFERENCE]


def test_a_mature_tech_firm_is_of_its_class_by_the_legal_rule():
    at, size, _, _ = mature_tech()
    assert len(at) > 300
    assert np.array_equal(made(0)["firm_month"]["size"][at, REFERENCE], size)


def test_a_small_or_micro_tech_firm_sells_what_its_staff_can_make():
    """Half a million yuan a head is usual (firm.revenue_per_head); a firm of some thousand yuan wins no tag."""
    _, size, revenue, staff = mature_tech()
    some = size >= SMALL
    assert np.mean(staff >= 5) > 0.99 and revenue.min() > 100_000
    assert 300_000 < np.median(revenue[some] / staff[some]) < 800_000
    assert 8e6 < np.median(revenue) < 40e6


def test_a_young_firm_leaves_oftener_and_a_class_as_often_as_before():
    """By class: exits a firm-year while young and later stand as 1.4 to 0.8, and their mean is that of the class."""
    named = dict(zip(calibration("firm_class", "class"), calibration_numbers("firm_class", "exit_rate"), strict=True))
    place = list(named).index("other_micro")
    years, exits = np.zeros(2), np.zeros(2)
    for index in range(8):
        state = {name: column[made(index)["firm_state"]["class"] == place] for name, column in _born(index).items()}
        age_end = np.minimum(state["exit_month"], 2028 * 12) - state["founded_month"]
        age_start = np.maximum(state["founded_month"], 2016 * 12) + 6 - state["founded_month"]
        gone = (state["exit_month"] < 2028 * 12) & (age_end > age_start)
        border = YOUNG * 12
        years[0] += np.maximum(np.minimum(age_end, border) - age_start, 0).sum() / 12
        years[1] += np.maximum(age_end - np.maximum(age_start, border), 0).sum() / 12
        exits += (gone & (age_end < border)).sum(), (gone & (age_end >= border)).sum()
    young, old = exits / years
    assert exits.min() > 500
    assert 1.45 < young / old < 2.05
    assert abs(exits.sum() / years.sum() / 0.0455 - 1) < 0.06


def _born(index):
    return {name: made(index)["firm_state"][name] for name in ("exit_month", "founded_month")}


def test_no_amount_of_assets_is_that_of_many_firms():
    assets = made(0)["firm_accounts"]["assets"]
    _, counts = np.unique(assets, return_counts=True)
    assert counts.max() < 0.001 * assets.size
