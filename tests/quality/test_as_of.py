"""Suites on what was known on a day: silent where it is clean, and still awake where it is not."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import duckdb
import pytest

import sfbench
from sfbench.quality.export import export
from sfbench.quality.report import Report
from sfbench.quality.run import all_suites, chosen, validate_declared
from sfbench.spec import Table
from tests.quality.test_export import ALONE
from tests.world.shared import SEED, TINY

# Before the window, before its first month end, early, and within a month that has no balances yet.
DAYS = ["2021-12-15", "2022-01-10", "2023-01-20", "2026-01-15"]
IN_A_MONTH = "2026-01-15"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str | None], Path]:
    """made(day): a clean dataset as known on a day (None: the whole), which is not to be changed."""
    known: dict[str | None, Path] = {}

    def make(day: str | None) -> Path:
        if day not in known:
            known[day] = tmp_path_factory.mktemp("as_of") / "city"
            sfbench.generate(scale=TINY, seed=SEED, as_of=day, out=known[day])
        return known[day]

    return make


@pytest.fixture
def spoilt(made: Any, tables: Mapping[str, Table], tmp_path: Path) -> Callable[..., Report]:
    """spoilt(table, select): the report on the city as known within a month, where a query makes that table."""

    def run(table: str, select: str) -> Report:
        city = tmp_path / "city"
        city.mkdir()
        (city / "manifest.json").write_bytes((made(IN_A_MONTH) / "manifest.json").read_bytes())
        (city / "data").mkdir()
        for folder in (made(IN_A_MONTH) / "data").iterdir():
            (city / "data" / folder.name).symlink_to(folder)
        files = sorted((city / "data" / table).glob("*.parquet"))
        assert len(files) == 1
        (city / "data" / table).unlink()
        (city / "data" / table).mkdir()
        target = city / "data" / table / files[0].name
        source = made(IN_A_MONTH) / "data" / table / files[0].name
        rows = select.format(table=f"'{source}'")
        duckdb.connect().execute(f"COPY ({rows}) TO '{target}' (FORMAT parquet)")
        return validate_declared(city, tables)

    return run


def troubles(report: Report) -> list[tuple[str, str, str]]:
    return [(f.id, f.outcome, f.reason) for f in report.findings if f.outcome != "passed"]


@pytest.mark.parametrize("day", DAYS)
def test_a_clean_city_as_known_on_a_day_breaks_no_rule(day: str, made: Any, tables: Mapping[str, Table]) -> None:
    assert troubles(validate_declared(made(day), tables)) == []


@pytest.mark.parametrize("day", ["2023-12-31", IN_A_MONTH])
def test_nor_does_the_whole_city_looked_at_as_of_a_day(day: str, made: Any, tables: Mapping[str, Table]) -> None:
    assert troubles(validate_declared(made(None), tables, as_of=dt.date.fromisoformat(day))) == []


def test_a_table_that_may_be_empty_on_the_day_has_no_floor_and_says_so(made: Any, tables: Mapping[str, Table]) -> None:
    report = validate_declared(made("2023-01-20"), tables, suites=["research_transfer"])
    assert "research_transfer.floor" not in {f.id for f in report.findings}
    assert {f.reason for f in report.findings if f.id.endswith(".not_null")} == {
        "the table 'research_transfer' has no rows, and on 2023-01-20 a city may have none"
    }


def test_every_floor_is_judged_where_all_is_known(made: Any, tables: Mapping[str, Table]) -> None:
    ids = {e.id for suite in all_suites(tables) for e in suite.expectations}
    assert {name for name in tables if f"{name}.floor" not in ids} == {"bank_month"}  # a hand-written rule covers it


def test_an_emptied_table_is_found_in_a_city_of_a_day(spoilt: Callable[..., Report]) -> None:
    report = spoilt("loan", "FROM {table} WHERE false")
    assert {"loan.floor", "loan_balance.loan_id.reference"} <= {f.id for f in report.violated}
    assert "loan.key" in {f.id for f in report.not_evaluated}


def test_an_emptied_table_that_is_not_due_yet_is_found_by_those_that_name_its_rows(
    spoilt: Callable[..., Report],
) -> None:
    report = spoilt("relending_loan", "FROM {table} WHERE false")
    assert "relending_draw.adds_up" in {f.id for f in report.violated}


def test_a_date_after_the_day_is_a_fact_from_the_future(spoilt: Callable[..., Report]) -> None:
    late = "SELECT * REPLACE (CASE WHEN loan_id = (SELECT max(loan_id) FROM {table}) THEN DATE '2026-01-16' "
    report = spoilt("loan", late + "ELSE granted_on END AS granted_on) FROM {table}")
    (found,) = [f for f in report.violated if f.id == "loan.granted_on.window"]
    assert found.unexpected == 1


def test_suites_exported_for_a_day_say_the_same(made: Any, tables: Mapping[str, Table], tmp_path: Path) -> None:
    wanted, day = ["loan", "research_transfer"], dt.date(2022, 1, 10)
    suites = chosen(all_suites(tables, as_of=day), wanted, None)
    export(suites, tables, tmp_path / "plain", force=False, as_of=day)
    command = [sys.executable, "-c", ALONE, "run.py", str(made("2022-01-10"))]
    done = subprocess.run(command, cwd=tmp_path / "plain", capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
