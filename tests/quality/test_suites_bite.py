"""Expectations bite: each fires on the fault planted for it, and none fires on clean data."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from sfbench.quality.suites import load_suites
from tests.acceptance.edits import HERE as ACCEPTANCE

FROZEN = {path.stem for path in (ACCEPTANCE / "tables").glob("*.csv")}
HERE = Path(__file__).parent
PLANTS: dict[str, list[str]] = yaml.safe_load((HERE / "plants.yaml").read_text(encoding="utf-8"))

BASE = {
    "enterprise_tag.columns": ["ALTER TABLE enterprise_tag RENAME COLUMN batch TO year"],
    "enterprise_tag.types": ["ALTER TABLE enterprise_tag ALTER COLUMN batch TYPE VARCHAR"],
    "enterprise_tag.floor": ["DELETE FROM enterprise_tag"],
    "credit_application.key": ["INSERT INTO credit_application SELECT * FROM credit_application LIMIT 1"],
    "enterprise_tag.published_on.not_null": ["UPDATE enterprise_tag SET published_on = NULL WHERE enterprise_id = 2"],
    "credit_application.channel.codes": ["UPDATE credit_application SET channel = 'web' WHERE application_id = 101"],
    "enterprise_tag.batch.range": ["UPDATE enterprise_tag SET batch = 2011 WHERE enterprise_id = 2"],
    "enterprise_tag.valid_from.range": [
        "UPDATE enterprise_tag SET valid_from = DATE '2011-12-31' WHERE enterprise_id = 2"
    ],
    "enterprise_tag.enterprise_id.reference": ["UPDATE enterprise_tag SET enterprise_id = 999 WHERE enterprise_id = 2"],
    "enterprise_tag.published_on.window": [
        "UPDATE enterprise_tag SET published_on = DATE '2027-12-31' WHERE enterprise_id = 2"
    ],
    "enterprise.uscc.check": ["UPDATE enterprise SET uscc = substr(uscc, 1, 17) || 'Z' WHERE enterprise_id = 2"],
    "credit_application.decision_model.known": [
        "UPDATE credit_application SET decided_on = NULL WHERE application_id = 101"
    ],
}


def test_every_expectation_is_silent_on_the_clean_set(clean: Any) -> None:
    assert [(f.id, f.outcome, f.sample[:3], f.reason) for f in clean.findings if f.outcome != "passed"] == []
    assert clean.verdict == "passed"


def test_every_hand_written_expectation_has_a_plant(tables: Any) -> None:
    suites = [suite for suite in load_suites(tables=tables) if suite.table in FROZEN]
    elsewhere = yaml.safe_load((HERE / "plants_enterprise.yaml").read_text(encoding="utf-8"))
    assert {e.id for suite in suites for e in suite.expectations} == set(PLANTS) | {
        claim for claim in elsewhere if claim.startswith("enterprise.")
    }


@pytest.mark.parametrize("claim", [*PLANTS, *BASE])
def test_an_expectation_fires_on_its_plant(claim: str, judge: Any) -> None:
    report = judge({**PLANTS, **BASE}[claim], suites=[claim])
    (found,) = [f for f in report.findings if f.id == claim]
    assert found.outcome == "violated", found
    assert found.unexpected and found.unexpected > 0
    assert found.sample or found.reason, "a finding shows keys or what was observed"
