"""Suites on tech insurance and cross-border finance: silent on a small city, loud on planted faults."""

import datetime
from pathlib import Path

import pytest
import yaml

from tests.quality.planted import judged, made, not_passed, written

PLANTS = yaml.safe_load(Path(__file__).with_name("plants_insurance_border.yaml").read_text(encoding="utf-8"))
OWN = {claim.split(".")[0] for claim in PLANTS}
# Days by which a small city has a first row of the schemes that begin, or may begin, within the window.
BEGINS = {
    **dict.fromkeys(("cross_border_facility", "cross_border_debt", "qflp", "qflp_inflow"), "2024-06-30"),
    **{"cross_border_report": "2025-09-30", "research_transfer": "2025-09-30"},
}
PARENTS = {
    *("institution", "district", "month", "industry", "product", "cluster", "enterprise", "enterprise_tag"),
    *("credit_application", "loan", "loan_balance", "institute", "fund_manager", "fund", "fund_commitment"),
    *("capital_call", "enterprise_year"),
}


@pytest.fixture(scope="module")
def city(tmp_path_factory):
    # 0.04 has a single quota of a fund
    with made(tmp_path_factory.mktemp("insurance_border") / "city", OWN | PARENTS, scale=0.04, seed=7) as city:
        yield city


def test_every_expectation_has_a_plant():
    assert written(OWN) == set(PLANTS)


@pytest.mark.parametrize("as_of", [None, "2022-08-31", "2024-08-31", "2025-12-31"])
def test_the_suites_are_silent_on_a_clean_city_of_any_day(city, as_of):
    day = datetime.date.fromisoformat(as_of) if as_of else None
    begun = {name for name in OWN if BEGINS.get(name, "") <= (as_of or "9999")}
    report = judged(city.folder, begun, as_of=day)
    assert len(report.findings) > 5 * len(begun)
    assert not_passed(report) == []


@pytest.mark.parametrize("claim", PLANTS)
def test_an_expectation_fires_on_its_plant(claim, city, tmp_path):
    (found,) = judged(city.with_faults(PLANTS[claim], tmp_path / "planted"), [claim]).findings
    assert found.outcome == "violated", found
    assert found.sample or found.reason
