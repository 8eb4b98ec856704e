"""Suites of the tables about firms: silent on a small city of any day, loud on planted faults."""

import datetime
from pathlib import Path

import pytest
import yaml

from tests.quality.planted import judged, made, not_passed, written

PLANTS = yaml.safe_load(Path(__file__).with_name("plants_enterprise.yaml").read_text(encoding="utf-8"))
TABLES = {claim.split(".")[0] for claim in PLANTS}
OWN = TABLES - {"enterprise"}  # whose other expectations have their plants in plants.yaml
PARENTS = {"institution", "district", "month", "industry", "cluster", "product"}
PARENTS |= {"enterprise_tag", "credit_application", "listing", "loan"}


@pytest.fixture(scope="module")
def city(tmp_path_factory):
    with made(tmp_path_factory.mktemp("enterprise") / "city", TABLES | PARENTS, scale=0.02, seed=7) as city:
        yield city


def test_every_expectation_has_a_plant():
    assert written(OWN) == {claim for claim in PLANTS if not claim.startswith("enterprise.")}


# Carbon accounts begin in 2022-07 and firms' years are reported from 2023 on: on earlier days these tables are empty.
@pytest.mark.parametrize("as_of", [None, "2023-03-31", "2024-10-31", "2026-02-28"])
def test_the_suites_are_silent_on_a_clean_city_of_any_day(city, as_of):
    day = datetime.date.fromisoformat(as_of) if as_of else None
    report = judged(city.folder, OWN, as_of=day)
    assert len(report.findings) > len(OWN)
    assert not_passed(report) == []


@pytest.mark.parametrize("claim", PLANTS)
def test_an_expectation_fires_on_its_plant(claim, city, tmp_path):
    (found,) = judged(city.with_faults(PLANTS[claim], tmp_path / "planted"), [claim]).findings
    assert found.outcome == "violated", found
    assert found.sample or found.reason
