"""The suites of what hangs on a loan bite: each expectation fires on the fault planted for it in a made world."""

import duckdb
import pytest

import sfbench
from sfbench.content import tables as declared
from sfbench.quality.run import validate
from sfbench.quality.suites import load_suites
from tests.world.shared import SEED

SCALE = 0.02
SUITES = (
    *("guarantee", "collateral", "relending_loan", "relending_draw"),
    *("interest_subsidy", "risk_claim", "accountability_case"),
)
NEEDED = (
    *SUITES,
    *("loan", "loan_balance", "credit_application", "enterprise", "enterprise_tag", "institution", "bank_policy"),
    *("product", "month", "list_entry", "project"),
)


def one(table, condition="true"):
    """The first row of a table that fits."""
    return f"rowid = (SELECT min(rowid) FROM {table} WHERE {condition})"


def loan_of(table, condition="true"):
    """The note of that row."""
    return f"loan_id = (SELECT loan_id FROM {table} WHERE {one(table, condition)})"


def change(table, edit, condition="true"):
    return f"UPDATE {table} SET {edit} WHERE {one(table, condition)}"


def again(table, key, condition="true"):
    """The row once more under another key."""
    return f"INSERT INTO {table} SELECT * REPLACE ({key} + 1 AS {key}) FROM {table} WHERE {one(table, condition)}"


SPECIAL, SEED_PLAN, CITY = "kind = 'special_plan'", "kind = 'seed_plan'", "scheme = 'city_sme'"
CENTRAL = "scheme = 'central_equipment'"
ALONE = "loan_id IN (SELECT loan_id FROM loan WHERE guarantee = 'C01')"
DRAWN = "draw_id IS NOT NULL"
PLANTS = {
    "guarantee.of_a_guaranteed_note": f"UPDATE loan SET guarantee = 'D' WHERE {loan_of('guarantee')}",
    "guarantee.joint_note_has_contract": f"DELETE FROM guarantee WHERE {one('guarantee', ALONE)}",
    "guarantee.once_a_note": again("guarantee", "guarantee_id"),
    "guarantee.given_by_guarantor": change("guarantee", "guarantor_id = 1"),
    "guarantee.terms_of_note": change("guarantee", "ends_on = ends_on + 1"),
    "guarantee.principal_within_note": change("guarantee", "principal = principal * 10"),
    "guarantee.shares_sum_to_100": change("guarantee", "share_guarantor = share_guarantor - 10"),
    "guarantee.guaranteed_less_bank_share": change("guarantee", "guaranteed_amount = principal", SPECIAL),
    "guarantee.bank_share": change("guarantee", "share_bank = 10, share_guarantor = share_guarantor + 10", SPECIAL),
    "guarantee.special_plan_shares": change("guarantee", "share_national = 45", SPECIAL),
    "guarantee.special_plan_class": "DELETE FROM enterprise_tag WHERE enterprise_id IN "
    f"(SELECT enterprise_id FROM loan WHERE {loan_of('guarantee', SPECIAL)})",
    "guarantee.special_plan_dates": change("guarantee", "started_on = DATE '2024-01-05'", SPECIAL),
    "guarantee.seed_split": change("guarantee", "share_city = 20, share_guarantor = 20", SEED_PLAN),
    "guarantee.firm_cap": change("guarantee", "principal = 31000000", SPECIAL),
    "guarantee.plan_fee": change("guarantee", "fee_rate = 1.2", SPECIAL),
    "guarantee.fee_amount": change("guarantee", "fee = fee * 12", "fee > 10"),
    "guarantee.reguarantee_fee": change(
        "guarantee", "reguarantee_fee_rate = 0.5", f"{SPECIAL} AND principal < 5000000"
    ),
    "guarantee.claim_after_default": change(
        "guarantee",
        "claimed_on = started_on + 60, claimed_amount = 1",
        "claimed_on IS NULL AND started_on > DATE '2022-03-01'",
    ),
    "guarantee.claim_steps": change("guarantee", "compensated_on = claimed_on - 1", "compensated_on IS NOT NULL"),
    "guarantee.claim_amounts": change("guarantee", "claimed_amount = guaranteed_amount + 1", "claimed_on IS NOT NULL"),
    "guarantee.released_when_over": change(
        "guarantee", "released_on = DATE '2026-12-31'", "released_on IS NULL AND started_on < DATE '2026-12-31'"
    ),
    "guarantee.claim_rate_ceiling": (
        "UPDATE guarantee SET kind = 'special_plan', compensated_amount = guaranteed_amount"
    ),
    "guarantee.contract_code_form": change("guarantee", "contract_code = '１' || substr(contract_code, 2)"),
    "collateral.of_a_secured_note": f"UPDATE loan SET guarantee = 'D' WHERE {loan_of('collateral')}",
    "collateral.secured_note_has_some": f"DELETE FROM collateral WHERE {one('collateral')}",
    "collateral.kind_of_guarantee": (
        f"UPDATE loan SET guarantee = 'B99' WHERE {loan_of('collateral', 'kind <> $$equipment$$')}"
    ),
    "collateral.form_of_kind": change("collateral", "form = 'pledge'", "kind = 'property'"),
    "collateral.product_kind": change(
        "collateral",
        "kind = 'equity'",
        "loan_id IN (SELECT loan_id FROM loan JOIN product USING (product_id) WHERE code = 'ip_pledge')",
    ),
    "collateral.within_note": change("collateral", "secured_amount = secured_amount * 10"),
    "collateral.loan_to_value": change("collateral", "value = value * 10000"),
    "collateral.loan_to_value_ceiling": change("collateral", "loan_to_value = 75", "kind = 'property'"),
    "collateral.valued_before_grant": change("collateral", "valued_on = secured_on + 10"),
    "collateral.revalued_after_cycle": change("collateral", "revalued_on = secured_on + 1", "revalued_on IS NOT NULL"),
    "collateral.certificate_unique": change(
        "collateral", "certificate_no = (SELECT max(certificate_no) FROM collateral)"
    ),
    "collateral.certificate_form": change(
        "collateral", "certificate_no = substr(certificate_no, 1, 5)", "certificate_no IS NOT NULL"
    ),
    "relending_loan.eligible_lender": (f"UPDATE loan SET institution_id = 23 WHERE {loan_of('relending_loan')}"),
    "relending_loan.as_granted": change("relending_loan", "eligible_principal = eligible_principal * 2"),
    "relending_loan.lot_open_at_grant": change("relending_loan", "lot = 'PR2026'", "lot = 'TI2022'"),
    "relending_loan.listed_before_grant": "UPDATE list_entry SET removed_on = pushed_on + 1 WHERE enterprise_id IN "
    f"(SELECT enterprise_id FROM loan WHERE {loan_of('relending_loan')})",
    "relending_loan.fitting_use": "UPDATE loan SET purpose = '用于软件开发业务资金周转', product_class = 'F022' WHERE "
    f"{loan_of('relending_loan', 'lot = $$EQ2024$$')}",
    "relending_loan.tech_borrower": "DELETE FROM enterprise_tag WHERE enterprise_id IN "
    f"(SELECT enterprise_id FROM loan WHERE {loan_of('relending_loan', 'lot = $$TS2025$$')})",
    "relending_loan.sme_lots": (
        f"UPDATE loan SET borrower_size = 'CS01' WHERE {loan_of('relending_loan', 'lot = $$FL2024$$')}"
    ),
    "relending_loan.equipment_project": "UPDATE project SET completed_on = approved_on + 1 WHERE enterprise_id IN "
    f"(SELECT enterprise_id FROM loan WHERE {loan_of('relending_loan', 'lot = $$EQ2024$$')})",
    "relending_loan.entered_in_time": change("relending_loan", "entered_on = granted_on - 1"),
    "relending_loan.refinanced_share": change("relending_loan", "refinanced_amount = eligible_principal", DRAWN),
    "relending_loan.same_bank_and_lot": change(
        "relending_loan", "draw_id = (SELECT max(draw_id) FROM relending_draw)", "draw_id IS NOT NULL"
    ),
    "relending_draw.adds_up": change("relending_draw", "amount = amount - 0.01"),
    "relending_draw.funding_share": change("relending_draw", "amount = eligible_principal"),
    "relending_draw.eligible_lender": change("relending_draw", "institution_id = 23"),
    "relending_draw.rate_of_the_day": change("relending_draw", "rate = 2.25"),
    "relending_draw.claimed_after_quarter": change("relending_draw", "drawn_on = drawn_on + 95"),
    "relending_draw.term": change("relending_draw", "due_on = due_on + 30"),
    "interest_subsidy.interest_of_period": change("interest_subsidy", "interest = interest * 100", "interest > 1"),
    "interest_subsidy.scheme_terms": change("interest_subsidy", "points = 1.5", CITY),
    "interest_subsidy.central_points": change("interest_subsidy", "points = 2.5", CENTRAL),
    "interest_subsidy.central_on_ledger": f"DELETE FROM relending_loan WHERE {loan_of('interest_subsidy', CENTRAL)}",
    "interest_subsidy.central_amount": change("interest_subsidy", "computed = computed * 10000", CENTRAL),
    "interest_subsidy.city_share": change("interest_subsidy", "share = 60", CITY),
    "interest_subsidy.city_borrower": (
        f"UPDATE loan SET borrower_size = 'CS01' WHERE {loan_of('interest_subsidy', CITY)}"
    ),
    "interest_subsidy.city_cap_year": change("interest_subsidy", "entitled = 1000001", CITY),
    "interest_subsidy.city_cap_total": change("interest_subsidy", "entitled = 3000001", CITY),
    "interest_subsidy.within_computed": change("interest_subsidy", "paid = paid * 2", "paid IS NOT NULL"),
    "interest_subsidy.steps": change("interest_subsidy", "applied_on = period_to"),
    "interest_subsidy.no_period_twice": (
        "INSERT INTO interest_subsidy SELECT * REPLACE (period_to + 1 AS period_to) FROM interest_subsidy "
        f"WHERE {one('interest_subsidy')}"
    ),
    "risk_claim.loan_fits": f"UPDATE loan SET amount_rmb = 40000000 WHERE {loan_of('risk_claim')}",
    "risk_claim.pool_banks": (
        "INSERT INTO risk_claim "
        "SELECT c.* REPLACE (1000000000000 + n.institution_id AS claim_id, n.loan_id AS loan_id) "
        "FROM (SELECT institution_id, min(loan_id) AS loan_id FROM loan GROUP BY institution_id) AS n, "
        f"(FROM risk_claim WHERE {one('risk_claim')}) AS c"
    ),
    "risk_claim.once_a_loan": again("risk_claim", "claim_id"),
    "risk_claim.substandard": change(
        "risk_claim", "substandard_on = substandard_on - INTERVAL 80 DAY", "substandard_on > DATE '2023-01-01'"
    ),
    "risk_claim.npl_principal": change(
        "risk_claim", "npl_principal = npl_principal + 1", "substandard_on > DATE '2022-02-01'"
    ),
    "risk_claim.net_of_guarantee": change("risk_claim", "net_principal = npl_principal + 1"),
    "risk_claim.share_of_tier": change("risk_claim", "share = 49", "share IS NOT NULL"),
    "risk_claim.tilt": change("risk_claim", "tilted = true", "substandard_on < DATE '2024-01-01'"),
    "risk_claim.paid_is_share": change("risk_claim", "paid = paid * 10", "paid IS NOT NULL"),
    "risk_claim.decision": change("risk_claim", "decision = 'refused'", "paid IS NOT NULL"),
    "risk_claim.steps": change("risk_claim", "paid_on = filed_on", "paid IS NOT NULL"),
    "risk_claim.within_pool": change("risk_claim", "paid = paid * 100000", "paid > 60000"),
    "accountability_case.on_a_bad_loan": "UPDATE loan_balance SET grade = 'FQ01' WHERE "
    + loan_of("accountability_case", "opened_on > DATE '2023-01-01'"),
    "accountability_case.once_a_borrower": again("accountability_case", "case_id"),
    "accountability_case.decided": change("accountability_case", "decided_on = opened_on", "decided_on IS NOT NULL"),
    "accountability_case.ground_fits": change("accountability_case", "outcome = 'liable'", "outcome = 'exempted'"),
    "accountability_case.tolerance_of_bank": "UPDATE bank_policy SET npl_tolerance = 0",
}


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    """The needed tables of a made world in DuckDB."""
    out = tmp_path_factory.mktemp("world") / "made"
    sfbench.generate(scale=SCALE, seed=SEED, tables=NEEDED, out=out)
    connection = duckdb.connect()
    for name in NEEDED:
        connection.execute(f"CREATE TABLE {name} AS FROM '{out}/data/{name}/*.parquet'")
    yield connection
    connection.close()


@pytest.fixture(scope="module")
def judge(database, tmp_path_factory):
    """judge(statement, **options): plants a fault, writes and validates the tables, takes it back.

    A table that the statement does not name is written once.
    """
    whole = tmp_path_factory.mktemp("whole")
    for name in NEEDED:
        database.execute(f"COPY {name} TO '{whole}/{name}.parquet'")

    def run(statement="", **options):
        folder = tmp_path_factory.mktemp("dataset")
        changed = statement.split()[2 if statement.startswith(("DELETE", "INSERT")) else 1] if statement else ""
        database.execute("BEGIN")
        try:
            if statement:
                database.execute(statement)
            for name in NEEDED:
                place = folder / "data" / name
                place.mkdir(parents=True)
                if name == changed:
                    database.execute(f"COPY {name} TO '{place}/0.parquet'")
                else:
                    (place / "0.parquet").symlink_to(whole / f"{name}.parquet")
        finally:
            database.execute("ROLLBACK")
        return validate(folder, **options)

    return run


def written():
    known = {name: content.spec for name, content in declared().items()}
    return {e.id for suite in load_suites(tables=known) if suite.table in SUITES for e in suite.expectations}


def test_every_expectation_of_these_suites_has_a_plant():
    assert written() == set(PLANTS)


def test_they_are_silent_on_the_made_world(judge):
    report = judge(suites=sorted(PLANTS))
    assert [(f.id, f.outcome, f.reason) for f in report.findings if f.outcome != "passed"] == []


@pytest.mark.parametrize("claim", PLANTS)
def test_an_expectation_fires_on_its_plant(claim, judge):
    (found,) = judge(PLANTS[claim], suites=[claim]).findings
    assert found.outcome == "violated", found
    assert found.unexpected and found.unexpected > 0
