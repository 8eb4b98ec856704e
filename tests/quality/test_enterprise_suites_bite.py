"""Suites of the tables about firms: silent on a small city of any day, loud on planted faults."""

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
PLANTS = yaml.safe_load((HERE / "plants_enterprise.yaml").read_text(encoding="utf-8"))
TABLES = {claim.split(".")[0] for claim in PLANTS}
OWN = TABLES - {"enterprise"}  # whose other expectations have their plants in plants.yaml
PARENTS = {"institution", "district", "month", "industry", "cluster", "product"}
PARENTS |= {"enterprise_tag", "credit_application", "listing", "loan"}
SPECS = {name: table.spec for name, table in tables().items() if table.spec.published}


@pytest.fixture(scope="module")
def city(tmp_path_factory):
    """A small city's tables in DuckDB, and the folder from which they came."""
    folder = tmp_path_factory.mktemp("enterprise") / "city"
    sfbench.generate(scale=0.02, seed=7, tables=sorted(TABLES | PARENTS), out=folder)
    connection = duckdb.connect()
    for name in TABLES | PARENTS:
        connection.execute(f"CREATE TABLE {name} AS SELECT * FROM '{folder}/data/{name}/*.parquet'")
    yield connection, folder
    connection.close()


def judged(connection, folder, claim):
    for name in TABLES | PARENTS:
        target = folder / "data" / name
        target.mkdir(parents=True)
        connection.execute(f"COPY {name} TO '{target}/part-00000.parquet' (FORMAT parquet)")
    (found,) = validate_declared(folder, SPECS, suites=[claim]).findings
    return found


def test_every_expectation_has_a_plant():
    suites = load_suites(tables=SPECS)
    written = {e.id for suite in suites if suite.table in OWN for e in suite.expectations}
    assert written == {claim for claim in PLANTS if not claim.startswith("enterprise.")}


# Carbon accounts begin in 2022-07 and firms' years are reported from 2023 on: on earlier days these tables are empty.
@pytest.mark.parametrize("as_of", [None, "2023-03-31", "2024-10-31", "2026-02-28"])
def test_the_suites_are_silent_on_a_clean_city_of_any_day(city, as_of):
    day = datetime.date.fromisoformat(as_of) if as_of else None
    report = validate_declared(city[1], SPECS, suites=sorted(OWN), as_of=day)
    assert len(report.findings) > len(OWN)
    assert [(f.id, f.outcome, f.sample[:3]) for f in report.findings if f.outcome != "passed"] == []


@pytest.mark.parametrize("claim", PLANTS)
def test_an_expectation_fires_on_its_plant(claim, city, tmp_path):
    connection, _ = city
    connection.execute("BEGIN")
    try:
        for statement in PLANTS[claim]:
            connection.execute(statement)
        found = judged(connection, tmp_path / "planted", claim)
    finally:
        connection.execute("ROLLBACK")
    assert found.outcome == "violated", found
    assert found.sample or found.reason
