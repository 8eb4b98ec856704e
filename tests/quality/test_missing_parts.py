"""On data that lack a table or a column every rule is evaluated that reads neither, and the others are named."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from typing import Any

import duckdb
import pytest

import sfbench
from sfbench.content import tables
from sfbench.quality.ahead import Ahead, Rows
from sfbench.quality.expectation import ROWS, Suite
from sfbench.quality.partial import partial
from sfbench.quality.suites import load_suites
from sfbench.schema.suite_needs import suite_needs
from tests.world.shared import SEED, TINY

SPECS = {name: table.spec for name, table in tables().items() if table.spec.published}
VIEWED = [suite for suite in load_suites(tables=SPECS) if suite.views]
OF_PRODUCT = {
    "loan.product_id.reference",
    "loan.product_amount",
    "loan.product_tenor",
    "loan.product_on_offer",
    "loan.product_class",
    "loan.product_guarantee",
    "loan.product_rate",
    "loan.product_for_tech_firms",
    "loan.product_tag",
    "loan.product_firm_age",
    "loan_balance.fixed_rate_constant",
    "loan_balance.growth_rate_within_bounds",
}


@pytest.fixture(scope="module")
def dirty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """The tables of a tiny city with faults of many kinds."""
    folder = tmp_path_factory.mktemp("dirty") / "city"
    sfbench.generate("dirty_feeds_kept", scale=TINY, seed=SEED, out=folder)
    with duckdb.connect(config={"threads": 1}) as connection:
        for name in SPECS:
            connection.execute(f"CREATE TABLE {name} AS FROM '{folder}/data/{name}/*.parquet'")
        yield connection


@contextmanager
def without(connection: duckdb.DuckDBPyConnection, table: str) -> Iterator[None]:
    """While open, the table is not there; in no transaction, which the first error would end."""
    connection.execute(f"ALTER TABLE {table} RENAME TO taken_away")
    try:
        yield
    finally:
        connection.execute(f"ALTER TABLE taken_away RENAME TO {table}")


def asked(connection: duckdb.DuckDBPyConnection, suite: Suite) -> dict[str, Rows]:
    """What each row query of the suite was answered."""
    with closing(Ahead(connection, {suite.table: [suite]})) as ahead, ahead.of(suite.table) as worked:
        return {e.id: worked.rows[e.query.strip()] for e in suite.expectations if e.type == ROWS}


def answers(connection: duckdb.DuckDBPyConnection, suite: Suite) -> dict[str, int]:
    """How many rows each row query finds that has an answer."""
    return {name: rows.number for name, rows in asked(connection, suite).items() if rows.error is None}


def open_questions(report: Any) -> dict[str, str]:
    return {f.id: f.reason for f in report.not_evaluated}


def test_without_the_products_only_rules_about_products_are_left_open(judge: Any) -> None:
    found = open_questions(judge(drop=["product"], suites=["loan", "loan_balance"]))
    assert found.keys() == OF_PRODUCT
    assert all("product" in why for why in found.values())


def test_without_a_column_only_rules_about_it_are_left_open(judge: Any) -> None:
    report = judge(["ALTER TABLE loan DROP COLUMN digital"], suites=["loan", "bank_month"])
    assert open_questions(report).keys() == {
        "loan.digital.not_null",
        "loan.digital_use",
        "bank_month.digital_equals_notes",
    }
    assert all("digital" in why for why in open_questions(report).values())


def test_balances_alone_are_judged_by_what_they_say_themselves(judge: Any) -> None:
    plant = ["UPDATE loan_balance SET status = 'LS03' WHERE loan_id = 1 AND overdue_days = 0"]
    report = judge(plant, drop=["loan", "product"], suites=["loan_balance"])
    assert "loan_balance.overdue_status" in {f.id for f in report.violated}
    assert "loan_balance.after_grant" in open_questions(report)


def test_a_fault_is_found_where_another_rule_of_its_view_is_left_open(judge: Any) -> None:
    plant = ["UPDATE loan SET tenor_months = tenor_months + 1 WHERE loan_id = 20"]
    report = judge(plant, drop=["product"], suites=["loan.tenor_is_span", "loan.product_tenor"])
    assert [(f.id, f.unexpected) for f in report.violated] == [("loan.tenor_is_span", 1)]
    assert open_questions(report).keys() == {"loan.product_tenor"}


@pytest.mark.parametrize("suite", VIEWED, ids=lambda suite: suite.name)
def test_what_is_evaluated_without_a_table_finds_what_it_finds_with_it(
    suite: Suite, dirty: duckdb.DuckDBPyConnection
) -> None:
    whole = answers(dirty, suite)
    assert whole
    for need in suite_needs(suite, SPECS, dirty)[1:]:
        with without(dirty, need.name):
            left = answers(dirty, suite)
        assert left.items() <= whole.items(), need.name


def test_a_rule_about_any_flag_of_a_view_is_left_open_where_one_is_lost(dirty: duckdb.DuckDBPyConnection) -> None:
    (loan,) = (suite for suite in VIEWED if suite.name == "loan")
    of_any = replace(loan.expectations[0], id="loan.of_any", query="SELECT loan_id FROM loan_faults /* of {batch} */")
    suite = replace(loan, expectations=(of_any, *loan.expectations))
    assert answers(dirty, suite)["loan.of_any"] > 0
    with without(dirty, "product"):
        assert answers(dirty, suite).keys() & {"loan.of_any", "loan.tenor_is_span"} == {"loan.tenor_is_span"}


def test_a_rule_that_lacks_a_table_of_its_own_does_not_blame_its_view(dirty: duckdb.DuckDBPyConnection) -> None:
    (guarantee,) = (suite for suite in VIEWED if suite.name == "guarantee")
    dirty.execute("ALTER TABLE loan RENAME COLUMN due_on TO taken_away")
    try:
        with without(dirty, "enterprise_tag"):
            found = asked(dirty, guarantee)
    finally:
        dirty.execute("ALTER TABLE loan RENAME COLUMN taken_away TO due_on")
    assert "enterprise_tag" in str(found["guarantee.special_plan_class"].error)
    assert "due_on" in str(found["guarantee.terms_of_note"].error)
    assert found["guarantee.firm_cap"].error is None


@pytest.mark.parametrize(
    ("query", "lost"),
    [
        ("SELECT a, b, c FROM t", {"c"}),
        ("SELECT t.a, u.x FROM t LEFT JOIN u USING (a)", {"x"}),
        (
            "SELECT a, b > 1 AS d, v.x > 1 AS e FROM t LEFT JOIN (SELECT a, x FROM u) AS v USING (a) WHERE d OR e",
            {"e"},
        ),
        ("SELECT a, sum(b) AS s, sum(c) AS z FROM t GROUP BY a", {"z"}),
        ("SELECT a, v.d FROM (SELECT a, b AS d, c AS e FROM t) AS v", set()),  # e is read by none
        ("WITH w AS (SELECT a, b FROM t) SELECT a, b, c FROM w", {"c"}),
    ],
)
def test_a_query_is_left_without_the_columns_that_cannot_be_computed(query: str, lost: set[str]) -> None:
    with duckdb.connect() as connection:
        connection.execute("CREATE TABLE t AS SELECT 1 AS a, 2 AS b")
        found = partial(connection, query, {})
        assert found is not None and found.lost.keys() == lost
        assert connection.execute(found.query).fetchall()


@pytest.mark.parametrize(
    "query",
    [
        "SELECT DISTINCT a, c FROM t",  # other rows
        "SELECT a, c, sum(b) FROM t GROUP BY ALL",
        "SELECT c, a FROM t GROUP BY 1, 2",
        "SELECT c, a FROM t ORDER BY 2 LIMIT 1",
        "SELECT c FROM t",  # nothing is left
        "SELECT a FROM t WHERE c > 1",
        "SELECT a, c > 1 AS d FROM t WHERE d",
        "SELECT a FROM t JOIN u USING (a)",
        "SELECT a FROM t UNION ALL SELECT c FROM t",
        "SELEC a FROM",
        "FROM (VALUES (1), (2)) AS v(x) SELECT y",
        "PIVOT t ON c USING sum(b)",
        "DROP TABLE t",
        "",
    ],
)
def test_a_query_that_means_something_else_without_them_is_not_asked(query: str) -> None:
    with duckdb.connect() as connection:
        connection.execute("CREATE TABLE t AS SELECT 1 AS a, 2 AS b")
        assert partial(connection, query, {}) is None
        assert connection.execute("FROM t").fetchall() == [(1, 2)]
