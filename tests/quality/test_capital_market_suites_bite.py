"""Suites on boards, mergers, warrants, agreements and bonds: silent on a small city, loud on planted faults."""

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
PLANTS = yaml.safe_load((HERE / "plants_capital_market.yaml").read_text(encoding="utf-8"))
OWN = {claim.split(".")[0] for claim in PLANTS}
PARENTS = {"institution", "district", "month", "curve", "industry", "product", "enterprise", "enterprise_tag"}
PARENTS |= {"fund_manager", "fund", "deal", "loan", "credit_application", "cluster"}
SPECS = {name: table.spec for name, table in tables().items() if table.spec.published}


@pytest.fixture(scope="module")
def city(tmp_path_factory):
    """A small city's tables in DuckDB, and the folder from which they came."""
    folder = tmp_path_factory.mktemp("capital_market") / "city"
    sfbench.generate(scale=0.04, seed=7, tables=sorted(OWN | PARENTS), out=folder)
    connection = duckdb.connect()
    for name in OWN | PARENTS:
        connection.execute(f"CREATE TABLE {name} AS SELECT * FROM '{folder}/data/{name}/*.parquet'")
    yield connection, folder
    connection.close()


def judged(connection, folder, claim):
    for name in OWN | PARENTS:
        target = folder / "data" / name
        target.mkdir(parents=True)
        connection.execute(f"COPY {name} TO '{target}/part-00000.parquet' (FORMAT parquet)")
    (found,) = validate_declared(folder, SPECS, suites=[claim]).findings
    return found


def test_every_expectation_has_a_plant():
    suites = load_suites(tables=SPECS)
    assert {e.id for suite in suites if suite.table in OWN for e in suite.expectations} == set(PLANTS)


@pytest.mark.parametrize("as_of", [None, "2022-08-31", "2024-08-31", "2025-12-31"])
def test_the_suites_are_silent_on_a_clean_city_of_any_day(city, as_of):
    day = datetime.date.fromisoformat(as_of) if as_of else None
    report = validate_declared(city[1], SPECS, suites=sorted(OWN), as_of=day)
    assert len(report.findings) > len(PLANTS)
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
