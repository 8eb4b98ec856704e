"""The suites of the monitoring tables bite: each expectation fires on the fault planted for it in a made world."""

import duckdb
import pytest

import sfbench
from sfbench.content import tables as declared
from sfbench.quality.run import validate
from sfbench.quality.suites import load_suites
from tests.world.shared import SEED, TWO_BLOCKS

SUITES = ("account_flow", "register_entry", "risk_alert", "risk_incident")
NEEDED = (
    *SUITES,
    *("loan", "loan_balance", "loan_flow", "guarantee", "enterprise", "institution", "district", "month"),
)
ONE_FLOW = "rowid = (SELECT min(rowid) FROM account_flow WHERE direction = 'out' AND counterparty_id IS NOT NULL)"
BACK = "rowid = (SELECT min(rowid) FROM account_flow WHERE direction = 'in')"
REPAID = "rowid = (SELECT min(rowid) FROM account_flow WHERE use = 'repayment')"
ENTRY = "rowid = (SELECT min(rowid) FROM register_entry WHERE note_code IS NOT NULL AND borrower_uscc IS NOT NULL)"
CREDIT = "rowid = (SELECT min(rowid) FROM risk_incident WHERE kind = 'credit')"
CLOSED = "rowid = (SELECT min(rowid) FROM risk_incident WHERE closed_on IS NOT NULL)"
HANDLED = "rowid = (SELECT min(rowid) FROM risk_alert WHERE handled_on IS NOT NULL)"
PLANTS = {
    "account_flow.adds_up_to_drawdown": f"UPDATE account_flow SET amount = amount + 0.01 WHERE {ONE_FLOW}",
    "account_flow.renminbi": (
        f"UPDATE loan SET currency = 'USD' WHERE loan_id IN (SELECT loan_id FROM account_flow WHERE {ONE_FLOW})"
    ),
    "account_flow.near_drawdown": f"UPDATE account_flow SET event_on = event_on + 365 WHERE {ONE_FLOW}",
    "account_flow.no_payment_to_itself": (
        f"UPDATE account_flow SET counterparty_id = (SELECT enterprise_id FROM loan "
        f"WHERE loan.loan_id = account_flow.loan_id) WHERE {ONE_FLOW}"
    ),
    "account_flow.direction_of_use": f"UPDATE account_flow SET direction = 'in' WHERE {ONE_FLOW}",
    "account_flow.counterparty_of_use": f"UPDATE account_flow SET counterparty_kind = 'person' WHERE {ONE_FLOW}",
    "account_flow.related_is_named": f"UPDATE account_flow SET related = true, counterparty_id = NULL WHERE {ONE_FLOW}",
    "account_flow.counterparty_stands": (
        f"UPDATE enterprise SET dissolved_on = DATE '2021-12-31' "
        f"WHERE enterprise_id IN (SELECT counterparty_id FROM account_flow WHERE {ONE_FLOW})"
    ),
    "account_flow.receipt_after_payment": f"UPDATE account_flow SET amount = amount * 1000 WHERE {BACK}",
    "account_flow.repayment_meets_a_note": f"UPDATE account_flow SET event_on = event_on + 1 WHERE {REPAID}",
    "account_flow.in_order_of_days": f"UPDATE account_flow SET flow_no = flow_no + 100 WHERE {ONE_FLOW}",
    "register_entry.name_form": f"UPDATE register_entry SET borrower_name = left(borrower_name, 3) WHERE {ENTRY}",
    "register_entry.keeper": f"UPDATE register_entry SET institution_id = 1 WHERE {ENTRY}",
    "register_entry.note_exists": f"UPDATE register_entry SET note_code = 'JJ000000000000000' WHERE {ENTRY}",
    "register_entry.same_parties": f"UPDATE register_entry SET lender_id = lender_id % 50 + 1 WHERE {ENTRY}",
    "register_entry.amount_near_note": f"UPDATE register_entry SET amount = amount * 10000 WHERE {ENTRY}",
    "register_entry.date_near_grant": f"UPDATE register_entry SET granted_on = granted_on - 365 WHERE {ENTRY}",
    "register_entry.dated_in_order": f"UPDATE register_entry SET registered_on = granted_on - 1 WHERE {ENTRY}",
    "register_entry.once_a_register": (
        f"INSERT INTO register_entry SELECT * REPLACE (entry_id + 1 AS entry_id) FROM register_entry WHERE {ENTRY}"
    ),
    "register_entry.known_firm": (
        f"DELETE FROM enterprise WHERE uscc IN (SELECT borrower_uscc FROM register_entry WHERE {ENTRY})"
    ),
    "risk_alert.on_own_borrower": f"UPDATE risk_alert SET institution_id = 70 WHERE {HANDLED}",
    "risk_alert.handled_after_raised": f"UPDATE risk_alert SET handled_on = raised_on - 1 WHERE {HANDLED}",
    "risk_alert.outcome_iff_handled": f"UPDATE risk_alert SET outcome = NULL WHERE {HANDLED}",
    "risk_incident.order_of_days": f"UPDATE risk_incident SET reported_on = found_on - 1 WHERE {CLOSED}",
    "risk_incident.loss_iff_closed": f"UPDATE risk_incident SET loss = NULL WHERE {CLOSED}",
    "risk_incident.loss_within_exposure": f"UPDATE risk_incident SET loss = exposure + 1 WHERE {CLOSED}",
    "risk_incident.borrower_iff_credit": f"UPDATE risk_incident SET enterprise_id = NULL WHERE {CREDIT}",
    "risk_incident.of_a_bank": (
        "UPDATE institution SET kind = 'insurer' WHERE institution_id IN (SELECT institution_id FROM risk_incident)"
    ),
    "risk_incident.borrower_is_overdue": f"UPDATE risk_incident SET found_on = DATE '2022-01-05' WHERE {CREDIT}",
    "risk_incident.one_limit_a_level": f"UPDATE risk_incident SET report_limit_days = 9 WHERE {CREDIT}",
    "risk_incident.major_is_larger": f"UPDATE risk_incident SET exposure = 1, level = 'major' WHERE {CREDIT}",
}


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    """The needed tables of a made world in DuckDB."""
    out = tmp_path_factory.mktemp("world") / "made"
    sfbench.generate(scale=TWO_BLOCKS, seed=SEED, tables=NEEDED, out=out)
    connection = duckdb.connect()
    for name in NEEDED:
        connection.execute(f"CREATE TABLE {name} AS FROM '{out}/data/{name}/*.parquet'")
    yield connection
    connection.close()


@pytest.fixture(scope="module")
def judge(database, tmp_path_factory):
    """judge(statement, **options): plants a fault, writes and validates the tables, takes it back."""

    def run(statement="", **options):
        folder = tmp_path_factory.mktemp("dataset")
        database.execute("BEGIN")
        try:
            if statement:
                database.execute(statement)
            for name in NEEDED:
                (folder / "data" / name).mkdir(parents=True)
                database.execute(f"COPY {name} TO '{folder}/data/{name}/0.parquet'")
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
