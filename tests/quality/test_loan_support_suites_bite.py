"""The suites of what hangs on a loan bite: each expectation fires on the fault planted for it in a made world."""

from pathlib import Path

import duckdb
import pytest
import yaml

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
PLANTS = yaml.safe_load(Path(__file__).with_name("plants_loan_support.yaml").read_text(encoding="utf-8"))


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
    """judge(statements, **options): plants a fault, writes and validates the tables, takes it back.

    A table that no statement changes is written once.
    """
    whole = tmp_path_factory.mktemp("whole")
    for name in NEEDED:
        database.execute(f"COPY {name} TO '{whole}/{name}.parquet'")

    def run(statements=(), **options):
        folder = tmp_path_factory.mktemp("dataset")
        changed = {s.split()[2 if s.startswith(("DELETE", "INSERT")) else 1] for s in statements}
        database.execute("BEGIN")
        try:
            for statement in statements:
                database.execute(statement)
            for name in NEEDED:
                place = folder / "data" / name
                place.mkdir(parents=True)
                if name in changed:
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
