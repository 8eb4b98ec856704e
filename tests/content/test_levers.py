"""Levers in scenario files: whatever is wrong with one is named with its line."""

import pytest

from sfbench.content import scenario
from sfbench.errors import SfbenchError
from sfbench.spec import Budget

GOOD = """title_zh: 甲
title_en: A
caption: A test.
extends: baseline
levers:
  - name: pilot
    title_zh: 试点
    title_en: Pilot
    source: a test
    parameter: credit.demand
    multiply: 0.1
    cohorts: [{from: 2024-01, share: 0.5}]
"""


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("multiply: 0.1", "multiply: a", "'multiply' must be a number"),
        ("multiply: 0.1", "multiply: .nan", "'multiply' must be a number"),
        ("    multiply: 0.1\n", "", "either multiplies or adds"),
        ("multiply: 0.1", "multiply: 0.1\n    add: 0.1", "either multiplies or adds"),
        ("credit.demand", "credit.demands", "credit.demand"),
        ("name: pilot", "nam: pilot", "unknown key 'nam'"),
        ("    source: a test\n", "", "key 'source' is missing"),
        ("2024-01", "2024-13", "no month"),
        ("share: 0.5", "share: 1.5", "no parts of 1"),
        ("share: 0.5", "share: 0.5, units: [3]", "a share, or names its units"),
        ("share: 0.5", "units: [3]", "single firms are not named"),
        ("share: 0.5", "part: 0.5", "unknown key 'part'"),
        ("multiply: 0.1", "multiply: 0.1\n    unit: areas", "did you mean 'area'"),
        ("multiply: 0.1", "multiply: 0.1\n    unit: area", "'areas' must be a whole number from 2"),
        ("multiply: 0.1", "multiply: 0.1\n    areas: 4", "only a lever by area has areas"),
        ("multiply: 0.1", "multiply: 0.1\n    who: {district: [Nanshen]}", "Nanshan"),
        ("multiply: 0.1", "multiply: 0.1\n    who: {kind: []}", "names nobody"),
        ("multiply: 0.1", "multiply: 0.1\n    who: {quality: [1]}", "is a number"),
        ("multiply: 0.1", "multiply: 0.1\n    grows: {by: 0.1, evry: 3}", "every"),
        ("multiply: 0.1", "multiply: 0.1\n    before: {months: -3, size: 0.1}", "whole number from 0"),
        ("  - name", "  - 7\n  - name", "a lever is a mapping"),
        ("multiply: 0.1", "multiply: 0.1\n    budget: 300000000", "a budget is a mapping"),
        ("multiply: 0.1", "multiply: 0.1\n    budget: {of: loan.amount_rmb}", "a budget is a mapping"),
        ("multiply: 0.1", "multiply: 0.1\n    budget: {yuan: 3, fen: 1}", "a budget is a mapping"),
        ("multiply: 0.1", "multiply: 0.1\n    budget: {yuan: -3}", "an amount of yuan above 0, not -3"),
        ("multiply: 0.1", "multiply: 0.1\n    budget: {yuan: 0}", "an amount of yuan above 0, not 0"),
        ("multiply: 0.1", "multiply: 0.1\n    budget: {yuan: .nan}", "an amount of yuan above 0, not nan"),
        ("multiply: 0.1", "multiply: 0.1\n    budget: {yuan: true}", "an amount of yuan above 0, not True"),
        (
            "multiply: 0.1",
            "multiply: 0.1\n    budget: {yuan: 3, of: loan.amount_rmbs}",
            "did you mean 'loan.amount_rmb'",
        ),
        ("multiply: 0.1", "multiply: 0.1\n    budget: {yuan: 3, of: [loan]}", "unknown column"),
        ("multiply: 0.1", "multiply: 0.1\n    budget: {yuan: 3, of: loan.granted_on}", "holds no money"),
        ("multiply: 0.1", "multiply: 0.1\n    budget: {yuan: 3, of: loan_balance.balance_rmb}", "does not add up"),
        ("multiply: 0.1", "multiply: 0.1\n    budget: {yuan: 3, of: bank_month.tech_loans}", "does not add up"),
        ("credit.demand", "risk.distress_level\n    budget: {yuan: 3, of: risk_claim.paid}", "foresee distress"),
        ("credit.demand", "credit.rate_lift\n    budget: {yuan: 3}", "no money column adds up"),
        ("credit.demand", "reporting.chance\n    unit: bank\n    budget: {yuan: 3}", "by bank spends no money"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(tmp_path, old, new, says):
    path = tmp_path / "one.yaml"
    path.write_text(GOOD.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(SfbenchError) as caught:
        scenario(str(path))
    assert says in str(caught.value) and f"{path}:" in str(caught.value)


@pytest.mark.parametrize("rounds", ["0", "true", "1.5", "two"])
def test_rounds_are_a_number_from_one(tmp_path, rounds):
    path = tmp_path / "one.yaml"
    path.write_text(f"{GOOD}rounds: {rounds}\n", encoding="utf-8")
    with pytest.raises(SfbenchError, match=r"one\.yaml:13: 'rounds' must be a whole number from 1"):
        scenario(str(path))


def test_rounds_and_a_budget_are_read_and_handed_on(tmp_path):
    first, second = tmp_path / "first.yaml", tmp_path / "second.yaml"
    first.write_text(f"{GOOD}    budget: {{yuan: 300000000.5}}\nrounds: 3\n", encoding="utf-8")
    second.write_text(f"title_zh: 乙\ntitle_en: B\ncaption: B.\nextends: {first}\n", encoding="utf-8")
    found = scenario(str(second))
    assert found.rounds == 3
    assert found.levers[0].budget == Budget(cents=30000000050, of="loan.amount_rmb")


def test_a_name_that_stands_twice_is_refused(tmp_path):
    path = tmp_path / "one.yaml"
    path.write_text(GOOD + GOOD[GOOD.index("  - name") :], encoding="utf-8")
    with pytest.raises(SfbenchError, match="given twice"):
        scenario(str(path))


def test_a_good_one_is_read(tmp_path):
    path = tmp_path / "one.yaml"
    path.write_text(GOOD, encoding="utf-8")
    (found,) = scenario(str(path)).levers
    assert (found.parameter, found.way, found.first) == ("credit.demand", "multiply", 0.1)
    assert found.cohorts[0].start == 2024 * 12
