"""The suites of what hangs on a loan bite: each expectation fires on the fault planted for it in a made world."""

from pathlib import Path

import pytest
import yaml

from tests.quality.planted import judged, made, not_passed, written
from tests.world.shared import SEED

PLANTS = yaml.safe_load(Path(__file__).with_name("plants_loan_support.yaml").read_text(encoding="utf-8"))
OWN = {
    *("guarantee", "collateral", "relending_loan", "relending_draw"),
    *("interest_subsidy", "risk_claim", "accountability_case"),
}
PARENTS = {
    *("loan", "loan_balance", "credit_application", "enterprise", "enterprise_tag", "institution", "bank_policy"),
    *("product", "month", "list_entry", "project"),
}


@pytest.fixture(scope="module")
def city(tmp_path_factory):
    with made(tmp_path_factory.mktemp("loan_support") / "city", OWN | PARENTS, scale=0.02, seed=SEED) as city:
        yield city


def test_every_expectation_has_a_plant():
    assert written(OWN) == set(PLANTS)


def test_the_suites_are_silent_on_a_clean_city(city):
    assert not_passed(judged(city.folder, OWN)) == []


@pytest.mark.parametrize("claim", PLANTS)
def test_an_expectation_fires_on_its_plant(claim, city, tmp_path):
    (found,) = judged(city.with_faults(PLANTS[claim], tmp_path / "planted"), [claim]).findings
    assert found.outcome == "violated", found
    assert found.unexpected and found.unexpected > 0
