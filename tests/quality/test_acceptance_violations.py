"""The planted violations of the acceptance set, written from the definitions without sight of the suites."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import pytest
import yaml

from sfbench.quality.run import all_suites, validate_declared
from sfbench.quality.suites import load_suites

ACCEPTANCE = Path(__file__).resolve().parents[1] / "acceptance"
SET = yaml.safe_load((ACCEPTANCE / "violations.yaml").read_text(encoding="utf-8"))


# Rules that a declaration alone implies: the base suite, or what covers it, must see them, the hand-written suites all
# others.
DECLARED = {"key", "null", "retype", "reference", "set", "range", "check_digit"}


@pytest.fixture(scope="module")
def ids(tables: Any) -> dict[bool, list[str]]:
    """Ids of what sees a breach of a declaration (True), and of hand-written expectations (False)."""
    written = [e for suite in load_suites(tables=tables) for e in suite.expectations]
    by_hand = {e.id for e in written}
    base = [e.id for suite in all_suites(tables) for e in suite.expectations if e.id not in by_hand or e.covers]
    return {True: base, False: [e.id for e in written]}


@pytest.mark.parametrize("violation", SET["violations"], ids=lambda v: v["id"])
def test_a_planted_violation_is_seen_by_the_suite_of_its_table(
    violation: dict[str, Any], ids: dict[bool, list[str]], tables: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(ACCEPTANCE.parent))
    importlib.import_module("acceptance.loader").write_dataset(tmp_path, SET["clean"] + violation["edits"])
    own = [i for i in ids[violation["breaks"] in DECLARED] if i.startswith(violation["suite"] + ".")]
    report = validate_declared(tmp_path, tables, suites=own)
    assert report.verdict == "violated", violation["rule"]
