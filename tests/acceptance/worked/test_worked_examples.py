"""The worked examples: figures agree with the hand, clean rows pass their suites, planted violations are seen."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path

import pytest

from sfbench.content import tables as content_tables
from sfbench.quality.report import Finding
from sfbench.quality.run import validate_declared
from sfbench.quality.suites import load_suites
from sfbench.spec import Table
from tests.acceptance.worked.cells import num
from tests.acceptance.worked.dataset import HERE, KEYS, plants, read_tables, write_dataset
from tests.acceptance.worked.figures import agrees, compute

DIMENSIONS = {"curve", "cluster"}  # excerpts: what the references and benchmarks need, not whole lists


def declared() -> dict[str, Table]:
    return {name: table.spec for name, table in content_tables(()).items() if table.spec.published}


TABLES = declared()
OWN = sorted({path.stem for path in (HERE / "tables").glob("*.csv")} - KEYS.keys() - DIMENSIONS)
WRITTEN = {table: [] for table in TABLES}
for suite in load_suites(tables=TABLES):
    WRITTEN[suite.table] += [expectation.id for expectation in suite.expectations]
EXPECTED = list(csv.DictReader((HERE / "expected.csv").open(encoding="utf-8", newline="")))
FIGURES = compute(read_tables())


def judged(folder: Path, edits: list[Mapping[str, object]], ids: list[str]) -> dict[str, Finding]:
    """The findings of these expectations on the joined set with the edits."""
    write_dataset(folder, read_tables(edits), TABLES)
    return {finding.id: finding for finding in validate_declared(folder, TABLES, suites=ids).findings}


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Finding]:
    return judged(tmp_path_factory.mktemp("worked"), [], OWN)


@pytest.mark.parametrize("row", EXPECTED, ids=lambda row: f"{row['example']}-{row['figure']}")
def test_a_figure_is_the_one_worked_out_by_hand(row: dict[str, str]) -> None:
    found = FIGURES[row["example"], row["figure"]]
    assert agrees(found, row["value"]), float(found) if not isinstance(found, str) else found


@pytest.mark.parametrize("row", EXPECTED, ids=lambda row: f"{row['example']}-{row['figure']}")
def test_a_working_comes_to_its_value(row: dict[str, str]) -> None:
    if not re.fullmatch(r"[-+*/(). \d]+", row["working"]):
        pytest.skip("told in words")
    worked = eval(re.sub(r"\d+(\.\d+)?", r'Fraction("\g<0>")', row["working"]))
    assert agrees(worked, row["value"]), float(worked)
    assert isinstance(worked, Fraction)


def test_every_figure_is_written_down_once() -> None:
    assert [(row["example"], row["figure"]) for row in EXPECTED] == list(
        dict.fromkeys((r["example"], r["figure"]) for r in EXPECTED)
    )
    assert FIGURES.keys() == {(row["example"], row["figure"]) for row in EXPECTED}


def test_cells_hold_what_the_rules_give() -> None:
    tables = read_tables()
    cells = {
        ("guarantee", "fee_contract_4"): ("guarantee", {"guarantee_id": "4"}, "fee"),
        ("risk_pool", "paid_note_54"): ("risk_claim", {"loan_id": "54"}, "paid"),
        ("risk_pool", "paid_note_65"): ("risk_claim", {"loan_id": "65"}, "paid"),
        ("risk_pool", "paid_note_57"): ("risk_claim", {"loan_id": "57"}, "paid"),
        ("subsidy", "interest_note_13_2024"): (
            "interest_subsidy",
            {"loan_id": "13", "period_to": "2024-12-31"},
            "interest",
        ),
        ("subsidy", "granted_firm_5_2025"): (
            "interest_subsidy",
            {"loan_id": "13", "period_to": "2025-12-31"},
            "entitled",
        ),
        ("relending", "amount_draw_1"): ("relending_draw", {"draw_id": "1"}, "amount"),
        ("relending", "rate_draw_6"): ("relending_draw", {"draw_id": "6"}, "rate"),
        ("warrant", "gain_1"): ("warrant", {"warrant_id": "1"}, "gain"),
        ("merger", "loan_share_1"): ("merger", {"merger_id": "1"}, "loan_share"),
        ("insurance", "premium_4"): ("insurance_policy", {"policy_id": "4"}, "premium"),
        ("insurance", "premium_7"): ("insurance_policy", {"policy_id": "7"}, "premium"),
        ("insurance", "subsidy_policy_4"): ("insurance_subsidy", {"policy_id": "4"}, "amount"),
        ("cross_border", "kehuitong_1_cny"): ("research_transfer", {"transfer_id": "1"}, "amount_cny"),
        ("cross_border", "qflp_inflow_2024-06-30"): ("qflp_inflow", {"quarter": "2024-06-30"}, "inflow_usd"),
        ("cross_border", "qflp_inflow_2025-06-30"): ("qflp_inflow", {"quarter": "2025-06-30"}, "inflow_usd"),
        ("cross_border", "pool_gross_to_date"): ("cash_pool_flow", {"quarter": "2025-12-31"}, "gross_to_date_usd"),
        ("fund", "round_5_post_money"): ("deal", {"deal_id": "6"}, "post_money"),
        ("fund", "firm_10_stake_sold"): ("fund_exit", {"exit_id": "1"}, "stake_sold"),
        ("fund", "proceeds_exit_2"): ("fund_exit", {"exit_id": "2"}, "proceeds"),
        ("fund", "transfer_2_nav"): ("fund_transfer", {"transfer_id": "2"}, "net_asset_value"),
    }
    for figure, (table, key, column) in cells.items():
        (row,) = [r for r in tables[table] if all(r[k] == v for k, v in key.items())]
        assert abs(num(row, column) - FIGURES[figure]) < Fraction(1, 100), figure


def test_the_tables_have_the_declared_columns() -> None:
    for table in OWN:
        header = (HERE / "tables" / f"{table}.csv").read_text(encoding="utf-8").partition("\n")[0].split(",")
        assert header == [column.name for column in TABLES[table].columns], table


def test_clean_rows_fit_their_declarations(clean: Mapping[str, Finding]) -> None:
    written = {i for ids in WRITTEN.values() for i in ids}
    assert not [i for i, f in clean.items() if i not in written and not i.endswith(".floor") and f.outcome != "passed"]


@pytest.mark.parametrize("name", [i for table in OWN for i in WRITTEN[table]])
def test_clean_rows_pass(name: str, clean: Mapping[str, Finding]) -> None:
    found = clean[name]
    assert found.outcome == "passed", (found.sample, found.reason)


@pytest.mark.parametrize("plant", plants(), ids=lambda plant: plant["id"])
def test_a_planted_violation_is_seen(plant: dict, tmp_path: Path) -> None:
    found = judged(tmp_path, plant["edits"], WRITTEN[plant["suite"]])
    assert [i for i, finding in found.items() if finding.outcome == "violated"], plant["rule"]


def test_violations_have_names_of_their_own_and_cover_every_table_group() -> None:
    names = [plant["id"] for plant in plants()]
    assert len(set(names)) == len(names)
    assert {plant["suite"] for plant in plants()} <= set(OWN)
