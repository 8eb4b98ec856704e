"""A metric needs what its figures hang on, and not all that its marts read for others."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

import sfbench
from metrics.views import open_views
from sfbench.errors import SfbenchError
from sfbench.metrics import Catalogue, catalogue, evaluate, records
from sfbench.metrics.required import required
from sfbench.query import metric_sql
from sfbench.spec import Need

CATALOGUE: Catalogue = catalogue()
SCALE = 0.004
Figures = dict[tuple[object, ...], float | None]


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("city") / "city"
    sfbench.generate("baseline", scale=SCALE, seed=23, out=folder)
    return folder


@pytest.fixture(scope="module")
def whole(city: Path) -> dict[str, Figures]:
    """All figures of each metric."""
    found: dict[str, Figures] = {}
    for row in records(sfbench.evaluate(city)):
        found.setdefault(row["metric"], {})[_key(row)] = row["value"]
    return found


def _key(row: dict[str, object]) -> tuple[object, ...]:
    return tuple(row[name] for name in ("component", "period", "cut", "cut_value", "computable", "reason"))


def only(city: Path, needs: list[Need]) -> duckdb.DuckDBPyConnection:
    """The tables of a dataset with these columns, and nothing else."""
    connection = duckdb.connect()
    for need in needs:
        columns = ", ".join(f'"{column}"' for column in need.columns)
        connection.execute(f"CREATE VIEW \"{need.name}\" AS SELECT {columns} FROM '{city}/data/{need.name}/*.parquet'")
    return connection


@pytest.mark.parametrize("name", sorted(CATALOGUE.metrics))
def test_a_metric_has_the_same_figures_from_what_it_requires_alone(
    name: str, city: Path, whole: dict[str, Figures]
) -> None:
    rows = records(evaluate(only(city, required(CATALOGUE, name)), scale=SCALE, metrics=[name], known=CATALOGUE))
    found = {_key(row): row["value"] for row in rows}
    assert found.keys() == whole[name].keys()
    for key, value in whole[name].items():
        mine = found[key]
        if value is None or mine is None:
            assert value is mine, key
        else:
            assert math.isclose(value, mine, rel_tol=1e-9, abs_tol=1e-9), key


@pytest.mark.parametrize(
    ("lost", "stopped", "goes_on"),
    [
        ("loan.green", {"green_loan_balance", "green_tech_loan_balance"}, {"tech_loan_balance", "tech_loan_overlap"}),
        ("loan_balance.rate", {"equity_linked_growth_pricing"}, {"chain_loan_balance", "exposure_concentration"}),
        ("guarantee", {"guarantee_balance", "guarantee_leverage"}, {"merger_loan_balance", "chain_loan_balance"}),
        ("enterprise_tag", {"tech_enterprise_borrowers", "access_rate"}, {"inclusive_tech_overlap"}),
        ("collateral", {"data_asset_pledge_loans", "innovation_product_loans"}, {"tengfei_loans"}),
    ],
)
def test_what_is_lost_stops_what_is_about_it_and_nothing_beside_it(
    lost: str, stopped: set[str], goes_on: set[str]
) -> None:
    table, _, column = lost.partition(".")
    stops = {
        name
        for name in CATALOGUE.metrics
        for need in required(CATALOGUE, name)
        if need.name == table and (not column or column in need.columns)
    }
    assert stopped <= stops
    assert not goes_on & stops
    assert goes_on <= {name for name in CATALOGUE.metrics for need in CATALOGUE.tables_of(name) if need.name == table}


def test_a_metric_says_of_a_missing_column_that_it_needs_it_and_the_mart_is_built(city: Path) -> None:
    names = ["tech_loan_balance", "green_tech_loan_balance"]
    needs = {need.name: need for name in names for need in CATALOGUE.tables_of(name)}
    needs["loan"] = Need("loan", tuple(column for column in needs["loan"].columns if column != "green"))
    rows = records(evaluate(only(city, [*needs.values()]), scale=SCALE, metrics=names))
    assert {row["reason"] for row in rows if row["metric"] == "green_tech_loan_balance"} == {"needs loan.green"}
    assert sum(row["value"] or 0 for row in rows if row["metric"] == "tech_loan_balance") > 0


def test_every_column_that_a_mart_makes_of_what_it_can_spare_is_there(city: Path) -> None:
    connection = open_views(city)
    for mart in {mart.id: mart for name in CATALOGUE.metrics for mart in CATALOGUE.marts_of(name)}.values():
        connection.execute(f"CREATE TABLE {mart.id} AS {mart.sql}")
        made = {row[0] for row in connection.execute(f"DESCRIBE {mart.id}").fetchall()}
        assert {spare.output for spare in mart.optional} - {""} <= made, mart.id


def written(folder: Path, optional: str, needs: str = "loan(loan_id, green), loan_month") -> Path:
    (folder / "marts").mkdir()
    head = f"-- id: mine\n-- grain: note\n-- caption: Mine.\n-- needs: {needs}\n-- optional: {optional}\n"
    (folder / "marts" / "mine.sql").write_text(head + "SELECT loan_id, green FROM loan, loan_month\n", encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("optional", "message"),
    [
        ("green from loan green", "`optional` cannot be read"),
        ("deal", "'deal' is optional, but `needs` lacks it"),
        ("green from loan(gren)", "'loan.gren' is optional, but `needs` lacks it"),
        ("green from loan_month(gren)", "'loan_month.gren' is optional, but its mart cannot be built without it"),
    ],
)
def test_what_a_mart_can_spare_is_something_that_it_needs(tmp_path: Path, optional: str, message: str) -> None:
    with pytest.raises(SfbenchError) as caught:
        catalogue([written(tmp_path, optional)])
    assert message in str(caught.value)


def test_several_columns_may_hang_on_one_thing(tmp_path: Path) -> None:
    mart = catalogue([written(tmp_path, "green and other from loan(green), loan_month")]).marts["mine"]
    assert [tuple(spare) for spare in mart.optional] == [
        ("green", Need("loan", ("green",))),
        ("other", Need("loan", ("green",))),
        ("", Need("loan_month")),
    ]


def test_the_printed_query_runs_on_tables_that_lack_what_it_can_do_without(city: Path, tmp_path: Path) -> None:
    needs = [need for need in CATALOGUE.tables_of("chain_loan_balance") if need.name != "guarantee"]
    connection = only(city, [replace(need, columns=tuple({*need.columns} - {"grade", "green"})) for need in needs])
    for need in needs:
        connection.execute(f"COPY \"{need.name}\" TO '{tmp_path}/{need.name}.parquet'")
    query = duckdb.connect().execute(metric_sql(tmp_path, "chain_loan_balance"))
    names = [column[0] for column in query.description]
    rows = [dict(zip(names, row, strict=True)) for row in query.fetchall()]
    found = {(row["component"], str(row["period"]), row["cut"], row["cut_value"]): row["value"] for row in rows}
    evaluated = records(sfbench.evaluate(tmp_path, metrics=["chain_loan_balance"]))
    assert len(found) > 100
    assert found == {_key(row)[:4]: row["value"] for row in evaluated}
    with pytest.raises(SfbenchError, match=r"'green_loan_balance' needs loan.green"):
        metric_sql(tmp_path, "green_loan_balance")
