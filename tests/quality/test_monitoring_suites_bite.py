"""The suites of the monitoring tables bite: each expectation fires on the fault planted for it in a made world."""

from pathlib import Path

import pytest
import yaml

from tests.quality.planted import judged, made, not_passed, written
from tests.world.shared import SEED, TWO_BLOCKS

PLANTS = yaml.safe_load(Path(__file__).with_name("plants_monitoring.yaml").read_text(encoding="utf-8"))
OWN = {"account_flow", "register_entry", "risk_alert", "risk_incident"}
PARENTS = {"loan", "loan_balance", "loan_flow", "guarantee", "enterprise", "institution", "district", "month"}


@pytest.fixture(scope="module")
def city(tmp_path_factory):
    with made(tmp_path_factory.mktemp("monitoring") / "city", OWN | PARENTS, scale=TWO_BLOCKS, seed=SEED) as city:
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
