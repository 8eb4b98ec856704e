"""A feed that stops, a month that never came, a column that drifts: told on a small city, and on it alone."""

import datetime as dt
import shutil

import duckdb
import pytest

import sfbench
from sfbench.quality.run import validate

TABLES = ["loan", "month", "enterprise", "institution", "product", "credit_application", "district", "industry"]


@pytest.fixture(scope="module")
def city(tmp_path_factory):
    folder = tmp_path_factory.mktemp("timely") / "city"
    sfbench.generate(scale=0.02, seed=7, tables=TABLES, out=folder)
    return folder


@pytest.fixture
def own(city, tmp_path):
    """own(query): a user's folder of `<table>.parquet` with another `loan`."""

    def made(query):
        for name in TABLES:
            shutil.copy(next((city / "data" / name).glob("*.parquet")), tmp_path / f"{name}.parquet")
        loans = query.format(loan=f"'{city}/data/loan/*.parquet'")
        duckdb.execute(f"COPY (SELECT * {loans}) TO '{tmp_path}/loan.parquet'")
        return tmp_path

    return made


def outcome(folder, claim, **options):
    (found,) = validate(folder, suites=[claim], **options).findings
    return found


@pytest.mark.parametrize("day", [None, dt.date(2024, 8, 31), dt.date(2026, 3, 31)])
def test_a_clean_city_is_fresh_and_whole_on_any_day(city, day):
    claims = [f"{name}.{what}" for name in ("loan", "enterprise", "credit_application") for what in ("fresh", "months")]
    report = validate(city, suites=claims, as_of=day)
    assert {f.outcome for f in report.findings} == {"passed"}


def test_a_feed_that_stopped_is_told_with_its_last_month(own):
    found = outcome(own("FROM {loan} WHERE granted_on <= DATE '2027-08-31'"), "loan.fresh")
    assert (found.outcome, found.severity) == ("violated", "warning")
    assert found.sample[0]["month"] == dt.date(2027, 8, 31)
    assert found.sample[0]["quiet_months"] == 4


def test_a_month_that_never_came_is_told(own):
    found = outcome(own("FROM {loan} WHERE last_day(granted_on) <> DATE '2026-05-31'"), "loan.months")
    assert found.outcome == "violated"
    assert [row["month"] for row in found.sample] == [dt.date(2026, 5, 31)]


def test_a_column_that_moved_is_told_with_its_index_and_shares(city, own):
    folder = own(
        "REPLACE (CASE WHEN loan_id % 2 = 0 THEN grant_rate + 3 ELSE grant_rate END AS grant_rate) FROM {loan}"
    )
    found = outcome(folder, "loan.drift", reference=city)
    assert (found.outcome, found.severity) == ("violated", "warning")
    (row,) = found.sample
    # by hand: half the rows leave their deciles for the highest, whose share becomes about 0.55 of 0.1
    assert row["column"] == "grant_rate" and row["class"] == "9"
    assert float(row["share_in_reference"]) == pytest.approx(0.1, abs=0.03)
    assert float(row["share"]) == pytest.approx(0.55, abs=0.05)
    assert float(row["psi"]) > 0.5


def test_nothing_drifts_from_another_seed_of_the_same_world(city, tmp_path):
    sfbench.generate(scale=0.02, seed=8, tables=TABLES, out=tmp_path / "other")
    claims = [f"{name}.drift" for name in ("loan", "enterprise", "credit_application")]
    report = validate(tmp_path / "other", suites=claims, reference=city)
    assert {f.outcome for f in report.findings} == {"passed"}
