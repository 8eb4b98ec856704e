"""The acceptance set is sound: rows obey the rules, the oracle repeats its values, plants are what they claim."""

import re
from decimal import Decimal
from fractions import Fraction

import pyarrow.parquet as pq
import pytest
import yaml

from .build import build
from .compare import KEY, differences, expected
from .edits import HERE, cell, read_csv, read_schema, read_tables
from .loader import TYPES, write_dataset
from .oracle import as_rows, changes, compute, moved, targets
from .rules import findings

CLEAN = compute(read_tables())
PLANTS = yaml.safe_load((HERE / "violations.yaml").read_text(encoding="utf-8"))
CHANGES = {c["id"]: c for c in changes()}
METRICS = {key[0] for key in CLEAN}


def exact(expression):
    """Arithmetic on decimals, as a fraction."""
    assert re.fullmatch(r"[-+*/().\d]+", expression)
    return Fraction(eval(re.sub(r"\d+(\.\d+)?", r'Fraction("\g<0>")', expression)))


def key_of(row):
    return tuple(cell(row[k]) for k in KEY)


def test_the_tables_follow_from_the_rows_decided_by_hand():
    tables = read_tables()
    assert {name: [{k: row.get(k, "") for k in tables[name][0]} for row in rows] for name, rows in build().items()} == {
        name: tables[name] for name in build()
    }


def test_the_clean_set_obeys_every_rule_but_for_the_one_planted_gap():
    found = findings(read_tables())
    assert {rule for rule, _, _ in found} == {"notes_plus_other:enterprise", "notes_plus_other:tech"}
    assert len({row for _, _, row in found}) == 1
    assert not findings(read_tables(PLANTS["clean"]))


def test_a_balance_is_the_previous_balance_plus_the_flows():
    tables = read_tables()
    months = [r["month"] for r in tables["month"]]
    balance = {(r["month"], r["loan_id"]): r for r in tables["loan_balance"]}
    for loan in tables["loan"]:
        flows = [f for f in tables["loan_flow"] if f["loan_id"] == loan["loan_id"]]
        for column in ("balance", "balance_rmb"):
            last, since = Decimal(0), ""
            for month in months:
                step = sum(
                    Decimal(f[column.replace("balance", "amount")]) for f in flows if since < f["event_on"] <= month
                )
                now = Decimal(balance.get((month, loan["loan_id"]), {column: "0"})[column])
                assert now == last + step, (loan["loan_id"], month)
                last, since = now, month


def test_the_oracle_repeats_the_frozen_values():
    assert as_rows(CLEAN) == read_csv(HERE / "expected_metrics.csv")
    assert targets(CLEAN) == read_csv(HERE / "expected_targets.csv")


def test_every_component_has_values_that_differ():
    for metric, component, cut in {(k[0], k[1], k[3]) for k in CLEAN}:
        values = {
            v.value for k, v in CLEAN.items() if (k[0], k[1], k[3]) == (metric, component, cut) and v.value is not None
        }
        assert len(values) > 1, (metric, component, cut)


def test_all_metrics_and_cuts_of_the_definitions_are_there():
    cuts = {metric: {k[3] for k in CLEAN if k[0] == metric} - {"total", "bank"} for metric in METRICS}
    assert cuts == {
        "tech_enterprise_loan_growth_gap": set(),
        "tech_industry_loan_balance": {"industry_flag"},
        "tech_loan_balance": {"district"},
        "tech_loan_overlap": set(),
        "new_loan_rate": {"borrower_kind"},
        "all_loan_balance": set(),
        "tech_enterprise_loan_balance": {"tag", "district", "stage"},
        "tech_enterprise_borrowers": {"tag"},
        "green_loan_balance": set(),
        "inclusive_loan_balance": {"borrower_kind"},
        "report_reconciliation_gap": set(),
    }
    assert {k[4] for k in CLEAN if k[3] == "tag"} == {
        "HNTE",
        "TECH_SME",
        "SRDI",
        "LITTLE_GIANT",
        "CHAMPION",
        "DEMONSTRATION",
    }
    assert {k[4] for k in CLEAN if k[3] == "stage"} == {"startup", "growth", "mature"}
    assert "out_of_city" in {k[4] for k in CLEAN if k[3] == "district"}


def test_cuts_of_one_note_in_one_class_add_up_to_the_total():
    for key, total in CLEAN.items():
        if key[3] == "total" and key[:2] in {
            ("tech_loan_balance", "balance"),
            ("tech_enterprise_loan_balance", "balance"),
            ("all_loan_balance", "all"),
        }:
            for cut in {k[3] for k in CLEAN if k[:2] == key[:2]} - {"total", "tag"}:
                assert sum(v.value for k, v in CLEAN.items() if k[:4] == (*key[:3], cut)) == total.value, (key, cut)


def test_the_values_worked_out_by_hand_agree():
    rows = re.findall(
        r"^\| H\d+ \| (\w+) \| (\w+) \| ([\d-]+) \| (\S+) \| (\S+) \| .* \| `([^`]+)` \|$",
        (HERE / "README.md").read_text(encoding="utf-8"),
        re.M,
    )
    assert len(rows) >= 25
    for *key, expression in rows:
        assert CLEAN[tuple(key)].value == exact(expression), key


@pytest.mark.parametrize("name", CHANGES)
def test_a_planted_change_moves_what_it_says(name):
    change = CHANGES[name]
    after = compute(read_tables(change["edits"]))
    rows = {key_of(r): r for r in moved(CLEAN, after)}
    for claim in change["must_move"]:
        key = key_of(claim)
        if "delta" in claim:
            assert after[key].value - CLEAN[key].value == exact(claim["delta"]), key
        elif claim["state"] == "no_value":
            assert CLEAN[key].value is not None and after[key] == (None, claim["reason"])
        else:
            assert rows[key]["state"] == claim["state"], key
    for claim in change.get("unmoved_rows", ()):
        assert after[key_of(claim)] == CLEAN[key_of(claim)]
    assert {key[0] for key in rows} == METRICS - set(change["must_not_move"])
    assert set(change["must_not_move"]) <= METRICS
    assert [{"change": name, **r} for r in rows.values()] == [
        r for r in read_csv(HERE / "expected_changes.csv") if r["change"] == name
    ]
    assert expected(name) == {key_of(r): r for r in as_rows(after)}


@pytest.mark.parametrize("name", CHANGES)
def test_a_planted_change_breaks_no_rule_but_the_sums_of_the_reports(name):
    rules = {rule for rule, _, _ in findings(read_tables([*PLANTS["clean"], *CHANGES[name]["edits"]]))}
    assert all(rule.startswith("notes_plus_other") for rule in rules), rules


def test_every_metric_is_moved_by_some_change():
    assert {metric for c in CHANGES.values() for metric in METRICS - set(c["must_not_move"])} == METRICS


@pytest.mark.parametrize("plant", PLANTS["violations"], ids=lambda p: p["id"])
def test_a_planted_violation_breaks_its_rule(plant):
    if plant["breaks"] == "retype":
        assert {e["op"] for e in plant["edits"]} == {"retype"}
    else:
        assert plant["breaks"] in {rule for rule, _, _ in findings(read_tables([*PLANTS["clean"], *plant["edits"]]))}


def test_violations_cover_the_seven_tables_under_unique_ids():
    plants = PLANTS["violations"]
    assert len({p["id"] for p in plants}) == len(plants) >= 40
    assert {p["suite"] for p in plants} == {
        "loan",
        "loan_balance",
        "enterprise_tag",
        "bank_month",
        "loan_flow",
        "enterprise",
        "credit_application",
    }


def test_the_loader_writes_the_declared_types(tmp_path):
    write_dataset(tmp_path)
    tables = read_tables()
    for line in read_schema():
        file = pq.read_table(tmp_path / "data" / line["table"] / "part-00000.parquet")
        assert file.schema.field(line["column"]).type == TYPES[line["kind"]]
        assert file.num_rows == len(tables[line["table"]])
        assert file[line["column"]].null_count == sum(row[line["column"]] == "" for row in tables[line["table"]])


@pytest.mark.parametrize("plant", [*PLANTS["violations"], *CHANGES.values()], ids=lambda p: p["id"])
def test_every_plant_can_be_written(plant, tmp_path):
    assert write_dataset(tmp_path, [*PLANTS["clean"], *plant["edits"]]) == tmp_path


def test_a_difference_is_seen_and_a_missing_zero_is_none():
    rows = [
        {
            **r,
            "value": float(r["value"]) if r["value"] else None,
            "computable": r["computable"] == "true",
            "reason": r["reason"] or None,
        }
        for r in read_csv(HERE / "expected_metrics.csv")
    ]
    assert not differences(rows)
    assert not differences([r for r in rows if r["value"] != 0 or r["component"].endswith("_share")])
    assert len(differences([{**rows[0], "value": 1.0}, *rows[1:]])) == 1
    assert len(differences(r for r in rows if r["metric"] != "new_loan_rate")) == sum(
        r["metric"] == "new_loan_rate" for r in rows
    )
