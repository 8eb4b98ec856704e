"""A policy is not alone: parts of the world that stay, public policies beside it, and firms that it is not made for."""

import duckdb
import numpy as np
import pytest

from sfbench.bench.card import Card
from sfbench.bench.instance import instance, wished
from sfbench.bench.observed import beside, both_arms, panel
from sfbench.bench.worlds import worlds
from sfbench.content import scenario
from tests.bench.shared import TEXT

SHOCK = """  - name: shock
    title_zh: 冲击
    title_en: Shock
    source: a test
    parameter: credit.demand
    multiply: 1.0
    unit: area
    areas: 12
    stays: true
    drawn_as: station
    cohorts: [{from: 2028-01, share: 0.25}, {from: 2025-07, share: 0.5}]
bench:
  question: tech_and_other_quarter
"""


@pytest.fixture(scope="module")
def shocked(tmp_path_factory):
    path = tmp_path_factory.mktemp("beside") / "one.yaml"
    path.write_text(TEXT.replace("bench:\n  question: tech_sme_quarter\n", SHOCK, 1), encoding="utf-8")
    return scenario(str(path))


@pytest.fixture(scope="module")
def made(shocked):
    return instance(shocked, "main", 5)


def held(made):
    con = duckdb.connect()
    for name, table in made.seen.items():
        con.register(name, table)
    return con


def test_the_truth_leaves_out_what_stays(made):
    effect = made.truth["y1"].to_numpy() - made.truth["y0"].to_numpy()
    mine = made.truth["exposed"].to_numpy(zero_copy_only=False)
    assert (effect[~mine] == 0).all() and 0.15 < made.value < 0.27  # the station's 30 %, not the shock's 100


def test_the_null_twin_keeps_the_shock_and_has_no_effect(shocked, made):
    null = instance(shocked, "null_twin", 5)
    assert null.value == 0
    assert (null.truth["y1"].to_numpy() == made.truth["y0"].to_numpy()).all()


def test_the_register_shows_the_public_policy_beside_it(made):
    con = held(made)
    (other,) = beside(con)
    own = panel(con, Card.of(scenario("s30_two_policies").trial)).start
    reached = own < 12
    assert sorted(np.bincount(2 * reached + (other < 12), minlength=4).tolist()) == [3, 3, 3, 3]


def test_outsiders_are_the_firms_of_the_areas_that_are_not_eligible(shocked):
    found = worlds(wished(shocked, "main", 5))
    mine, others = (set(found.members[name]["enterprise_id"].to_pylist()) for name in ("register", "outsider"))
    assert not mine & others and len(mine | others) == found.plan.firms


def test_both_arms_stand_below_each_other(shocked, made):
    both, eligible = both_arms(held(made), Card.of(shocked.trial))
    assert both.units == 24 and eligible.tolist() == [True] * 12 + [False] * 12
    assert (both.start[:12] == both.start[12:]).all() and (both.y[:12] != both.y[12:]).all()


@pytest.mark.parametrize(
    ("name", "variant", "identified"),
    [
        ("s03_all_treated", "main", False),
        ("s03_all_treated", "a_third_is_left", True),
        ("s35_met_anyway", "main", False),
        ("s06_few_districts", "main", True),
        ("s06_few_districts", "one_district", False),
        ("s01_uniform_lift", "main", True),
    ],
)
def test_what_nobody_untreated_tells_is_not_identified(name, variant, identified):
    assert instance(scenario(name), variant, 1).identified == identified
