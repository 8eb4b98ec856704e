"""Suites on tech insurance and cross-border finance: silent on a small city, loud on planted faults."""

import datetime
from pathlib import Path

import duckdb
import pytest
import yaml

import sfbench
from sfbench.content import tables
from sfbench.quality.run import validate_declared
from sfbench.quality.suites import load_suites

HERE = Path(__file__).parent
PLANTS = yaml.safe_load((HERE / "plants_insurance_border.yaml").read_text(encoding="utf-8"))
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
SPECS = {name: table.spec for name, table in tables().items() if table.spec.published}


@pytest.fixture(scope="module")
def city(tmp_path_factory):
    """A small city's tables in DuckDB, and the folder from which they came."""
    folder = tmp_path_factory.mktemp("insurance_border") / "city"
    sfbench.generate(scale=0.04, seed=7, tables=sorted(OWN | PARENTS), out=folder)  # has a single quota of a fund
    connection = duckdb.connect()
    for name in OWN | PARENTS:
        connection.execute(f"CREATE TABLE {name} AS SELECT * FROM '{folder}/data/{name}/*.parquet'")
    yield connection, folder
    connection.close()


def judged(connection, clean, folder, claim):
    """The finding on the clean city but for the tables that the plant writes to."""
    touched = {statement.split()[1 if statement.startswith("UPDATE") else 2] for statement in PLANTS[claim]}
    (folder / "data").mkdir(parents=True)
    for name in OWN | PARENTS:
        target = folder / "data" / name
        if name in touched:
            target.mkdir()
            connection.execute(f"COPY {name} TO '{target}/part-00000.parquet' (FORMAT parquet)")
        else:
            target.symlink_to(clean / "data" / name)
    (found,) = validate_declared(folder, SPECS, suites=[claim]).findings
    return found


def test_every_expectation_has_a_plant():
    suites = load_suites(tables=SPECS)
    assert {e.id for suite in suites if suite.table in OWN for e in suite.expectations} == set(PLANTS)


@pytest.mark.parametrize("as_of", [None, "2022-08-31", "2024-08-31", "2025-12-31"])
def test_the_suites_are_silent_on_a_clean_city_of_any_day(city, as_of):
    day = datetime.date.fromisoformat(as_of) if as_of else None
    begun = {name for name in OWN if BEGINS.get(name, "") <= (as_of or "9999")}
    report = validate_declared(city[1], SPECS, suites=sorted(begun), as_of=day)
    assert len(report.findings) > 5 * len(begun)
    assert [(f.id, f.outcome, f.sample[:3]) for f in report.findings if f.outcome != "passed"] == []


@pytest.mark.parametrize("claim", PLANTS)
def test_an_expectation_fires_on_its_plant(claim, city, tmp_path):
    connection, clean = city
    connection.execute("BEGIN")
    try:
        for statement in PLANTS[claim]:
            connection.execute(statement)
        found = judged(connection, clean, tmp_path / "planted", claim)
    finally:
        connection.execute("ROLLBACK")
    assert found.outcome == "violated", found
    assert found.sample or found.reason
