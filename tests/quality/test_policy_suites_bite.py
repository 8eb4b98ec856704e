"""Suites of the tables on institutions, policy work and outreach: silent on a tiny city, loud on planted faults."""

import datetime
from pathlib import Path

import pytest
import yaml

from tests.quality.planted import judged, made, not_passed, written

PLANTS = yaml.safe_load(Path(__file__).with_name("plants_policy.yaml").read_text(encoding="utf-8"))
OWN = {claim.split(".")[0] for claim in PLANTS}
PARENTS = {"institution", "district", "month"}


@pytest.fixture(scope="module")
def city(tmp_path_factory):
    with made(tmp_path_factory.mktemp("policy") / "city", OWN | PARENTS, scale=0.002, seed=7) as city:
        yield city


def test_every_expectation_has_a_plant():
    assert written(OWN) == set(PLANTS)


@pytest.mark.parametrize("as_of", [None, "2022-03-31", "2024-08-31", "2025-12-31"])
def test_the_suites_are_silent_on_a_clean_city_of_any_day(city, as_of):
    day = datetime.date.fromisoformat(as_of) if as_of else None
    report = judged(city.folder, OWN, as_of=day)
    assert len(report.findings) > len(PLANTS)
    assert not_passed(report) == []


@pytest.mark.parametrize("claim", PLANTS)
def test_an_expectation_fires_on_its_plant(claim, city, tmp_path):
    (found,) = judged(city.with_faults(PLANTS[claim], tmp_path / "planted"), [claim]).findings
    assert found.outcome == "violated", found
    assert found.sample or found.reason
