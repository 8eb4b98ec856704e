"""`evaluate --cache`: the figures are those of a full evaluation, and only what was touched is computed."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import sfbench
from metrics.kept import day, same
from sfbench.errors import SfbenchError
from sfbench.metrics import catalogue, evaluate_folder
from sfbench.metrics.builder import Builder
from sfbench.metrics.cache import cache as cache_module
from sfbench.metrics.cache.look import look_at
from sfbench.metrics.cache.touched import ALWAYS, touched
from sfbench.metrics.mart import Mart
from sfbench.metrics.plan import Part
from sfbench.metrics.session import Session
from sfbench.spec import Metric
from sfbench.store.read import open_dataset, present_files, published

SOME = ["tech_loan_balance", "new_loan_rate", "tech_enterprise_borrowers", "guarantee_balance", "all_loan_balance"]


def test_month_after_month_the_figures_are_those_of_a_full_evaluation(world: Path, tmp_path: Path) -> None:
    """A month inside a quarter, the ends of a quarter and of a year, a day inside a month, and a step back."""
    for text in ("2024-10-31", "2024-11-30", "2024-12-31", "2025-01-20", "2024-11-30"):
        whole = evaluate_folder(world, as_of=day(text)).table
        same(evaluate_folder(world, as_of=day(text), cache=tmp_path / "cache").table, whole)


@settings(max_examples=3, deadline=None, database=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(days=st.lists(st.dates(day("2023-11-01"), day("2025-12-31")), min_size=2, max_size=4))
def test_on_any_walk_of_days_the_figures_are_those_of_a_full_evaluation(
    world: Path, tmp_path_factory: pytest.TempPathFactory, days: list[datetime.date]
) -> None:
    """Forwards and back, over ends of quarters and years, within months."""
    cache = tmp_path_factory.mktemp("walk") / "cache"
    for known in days:
        found = evaluate_folder(world, as_of=known, cache=cache).table
        same(found, evaluate_folder(world, as_of=known).table)


def test_tables_that_lack_columns_and_tables_have_the_same_figures(world: Path, tmp_path: Path) -> None:
    own, lost = tmp_path / "own", {"loan": ["green"], "loan_balance": ["rate"], "enterprise": ["first_credit_on"]}
    own.mkdir()
    for folder in (world / "data").iterdir():
        if folder.name not in ("guarantee", "enterprise_tag"):
            rows = pq.read_table(folder).drop_columns(lost.get(folder.name, []))
            pq.write_table(rows, own / f"{folder.name}.parquet")
    names = ["tech_loan_balance", "chain_loan_balance", "green_loan_balance", "inclusive_tech_overlap"]
    for date in ("2025-10-31", "2025-12-31"):
        kept = evaluate_folder(own, as_of=day(date), metrics=names, cache=tmp_path / "cache").table
        same(kept, evaluate_folder(own, as_of=day(date), metrics=names).table)
        computable = kept.filter(kept["computable"])["metric"]
        assert {*computable.to_pylist()} == {*names} - {"green_loan_balance"}


@pytest.mark.parametrize("months", [range(9, 16), pytest.param(range(24), marks=pytest.mark.slow)], ids=len)
def test_the_same_in_a_larger_world_over_a_year_end_and_two_years(tmp_path: Path, months: range) -> None:
    """Tens of thousands of firms' notes show what a tiny world may have no case of. months: from 2023-01."""
    sfbench.generate("baseline", scale="small", seed=9, out=tmp_path / "world")
    for number in months:
        month = datetime.date(2023 + number // 12, number % 12 + 1, 28) + datetime.timedelta(4)
        known = month - datetime.timedelta(month.day)
        found = evaluate_folder(tmp_path / "world", as_of=known, cache=tmp_path / "cache").table
        same(found, evaluate_folder(tmp_path / "world", as_of=known).table)


def test_a_new_month_computes_what_it_touches(world: Path, tmp_path: Path, computed: list[str]) -> None:
    cache = tmp_path / "cache"
    evaluate_folder(world, as_of=day("2024-10-31"), cache=cache)
    assert len(computed) == len(catalogue().metrics)
    computed.clear()
    evaluate_folder(world, as_of=day("2024-11-30"), cache=cache)
    quarterly = {metric.id for metric in catalogue().metrics.values() if metric.period != "month" and not metric.open}
    assert {"tech_loan_balance", "new_loan_rate"} <= set(computed)
    assert len(quarterly & set(computed)) < len(quarterly) / 3
    assert {metric.id for metric in catalogue().metrics.values() if metric.open} <= set(computed)
    computed.clear()
    evaluate_folder(world, as_of=day("2024-11-30"), cache=cache)
    assert computed == []


def test_of_a_new_month_a_mart_sees_only_the_notes_in_its_books(world: Path) -> None:
    """`only` in its header leaves the rows of `loan` that the month's balances name."""
    session, month = Session(open_dataset(world), catalogue()), day("2024-11-30")
    mart = catalogue().marts["loan_month"]
    session.builder.parts = {mart.id: Part(month)}

    def notes(table: str) -> int:
        found = session.workspace.connection.execute(f"SELECT COUNT(DISTINCT loan_id) FROM {table}").fetchall()
        return int(found[0][0])

    every = notes("loan")
    with session.builder.months_from(month, mart):
        seen, in_books = notes("loan"), notes("loan_balance")
    assert 100 < seen == in_books < every == notes("loan")
    session.close()


@pytest.fixture
def built(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, int]]:
    """Name of every mart that is built to the rows that are computed for it, as they are."""
    rows: dict[str, int] = {}
    fill = Builder._fill

    def noted(self: Builder, name: str, mart: Mart, first: datetime.date) -> None:
        fill(self, name, mart, first)
        rows[mart.id] = self._workspace.connection.execute(f"SELECT COUNT(*) FROM {name}").fetchall()[0][0]

    monkeypatch.setattr(Builder, "_fill", noted)
    yield rows


def test_a_new_month_builds_its_own_rows_and_no_quarter_that_is_open(
    world: Path, tmp_path: Path, built: dict[str, int]
) -> None:
    evaluate_folder(world, as_of=day("2024-10-31"), cache=tmp_path / "cache")
    whole = dict(built)
    assert set(whole) == set(catalogue().marts)
    built.clear()
    evaluate_folder(world, as_of=day("2024-11-30"), cache=tmp_path / "cache")
    assert built["loan_month"] < whole["loan_month"] / 10
    closed = {mart.id for mart in catalogue().marts.values() if mart.period != "month"}
    assert len(closed) > 10
    # a close is noticed by the new month, whatever else happened
    assert all("month" in {need.name for need in catalogue().tables_of(name)} for name in closed)
    late = {"leader_loan_quarter", "followed_note_quarter", "supply_chain_quarter"}  # chains are disclosed late
    assert closed & set(built) <= late
    assert len(built) < len(whole) / 2


def test_a_cache_adds_files_and_writes_a_mart_anew_when_they_are_many(
    world: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache_module, "_PIECES", 3)
    wanted: dict[str, Any] = {"metrics": ["tech_loan_balance", "tech_enterprise_borrowers"]}
    found = []
    for text in ("2024-06-30", "2024-07-31", "2024-08-31", "2024-09-30", "2024-10-31", "2024-08-31", "2024-09-30"):
        table = evaluate_folder(world, as_of=day(text), cache=tmp_path / "cache", **wanted).table
        same(table, evaluate_folder(world, as_of=day(text), **wanted).table)
        found.append(len(list((tmp_path / "cache").glob("loan_month-*.parquet"))))
    assert found == [1, 2, 3, 1, 2, 3, 1]


def test_a_mart_of_many_rows_is_kept_in_an_old_and_a_recent_file(
    world: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Together they hold each row once; what is added later is computed from both as from one."""
    monkeypatch.setattr(cache_module, "_MANY", 1)
    wanted: dict[str, Any] = {"metrics": ["tech_loan_balance", "chain_leader_rd_loans"]}

    def evaluated(text: str) -> None:
        table = evaluate_folder(world, as_of=day(text), cache=tmp_path / "cache", **wanted).table
        same(table, evaluate_folder(world, as_of=day(text), **wanted).table)

    evaluated("2024-08-31")
    files = (tmp_path / "cache").glob("balance_quarter-*.parquet")
    old, recent = sorted((pq.read_table(path)["month"] for path in files), key=lambda months: pc.max(months).as_py())
    assert pc.max(old).as_py() == day("2023-06-30") < pc.min(recent).as_py() == day("2023-09-30")
    assert pc.max(recent).as_py() == day("2024-06-30")
    known = open_dataset(world, day("2024-08-31"))
    rows = known.execute("SELECT COUNT(*) FROM loan_balance WHERE MONTH(month) IN (3, 6, 9, 12)").fetchall()
    assert rows == [(len(old) + len(recent),)]
    evaluated("2024-09-30")
    evaluated("2024-11-30")


def test_marts_that_hold_ends_of_quarters_hold_none_that_is_open(world: Path) -> None:
    """A cache passes over them until one closes."""
    quarterly = [mart for mart in catalogue().marts.values() if mart.period != "month"]
    connection = open_dataset(world, day("2024-11-30"))
    session = Session(connection, catalogue())
    for mart in quarterly:
        session.builder.build(mart)
        sql = f"SELECT COUNT(*) FROM {mart.id} WHERE {mart.incremental} NOT IN (SELECT month FROM month)"
        assert session.workspace.connection.execute(sql).fetchall() == [(0,)], mart.id
    session.close()


def test_a_firm_that_is_flagged_now_is_in_the_lists_of_the_new_month(world: Path, tmp_path: Path) -> None:
    """Its earlier months were not in the marts of tech borrowers; flags that a changed file takes back are noticed."""
    own, cache = own_folder(world, tmp_path / "own", "2024-10-31"), tmp_path / "cache"
    names = [
        "tech_enterprise_borrowers",
        "tech_enterprise_loan_balance",
        "tech_loan_balance",
        "tech_loan_concentration",
    ]
    evaluate_folder(own, metrics=names, cache=cache)
    for name in ("month", "loan_balance", "bank_month"):
        month_file(world, own, name, "2024-10-31", "2024-12-31")
    flag_all(own / "loan_balance" / "2024-12-31.parquet", flag=True)
    found = evaluate_folder(own, metrics=names, cache=cache).table
    same(found, evaluate_folder(own, metrics=names).table)
    flag_all(own / "loan_balance" / "2024-12-31.parquet", flag=False)
    again = evaluate_folder(own, metrics=names, cache=cache).table
    same(again, evaluate_folder(own, metrics=names).table)
    assert not again["value"].equals(found["value"])


def flag_all(path: Path, *, flag: bool) -> None:
    table = pq.read_table(path)
    place = table.schema.get_field_index("tech_enterprise")
    pq.write_table(table.set_column(place, "tech_enterprise", pa.array([flag] * table.num_rows)), path)


def own_folder(world: Path, folder: Path, until: str) -> Path:
    """Some tables as a user's own: one file a table, month-end tables with a file a year."""
    for name in ("loan", "loan_flow", "enterprise", "enterprise_tag", "institution", "guarantee", "credit_application"):
        (folder / name).mkdir(parents=True)
        pq.write_table(pq.read_table(world / "data" / name), folder / name / "all.parquet")
    for name in ("month", "loan_balance", "bank_month"):
        (folder / name).mkdir()
        month_file(world, folder, name, "2020-01-01", until)
    return folder


def month_file(world: Path, folder: Path, name: str, since: str, until: str) -> None:
    table = pq.read_table(world / "data" / name)
    inside = pc.and_(pc.greater(table["month"], day(since)), pc.less_equal(table["month"], day(until)))
    pq.write_table(table.filter(inside), folder / name / f"{until}.parquet")


def test_a_file_that_is_added_touches_its_months_and_one_that_is_changed_touches_all(
    world: Path, tmp_path: Path, computed: list[str]
) -> None:
    own, cache = own_folder(world, tmp_path / "own", "2024-10-31"), tmp_path / "cache"
    names = [*SOME, "tech_loan_concentration"]
    wanted: dict[str, Any] = {"metrics": names, "cache": cache}
    evaluate_folder(own, **wanted)
    for name in ("month", "loan_balance", "bank_month"):
        month_file(world, own, name, "2024-10-31", "2024-11-30")
    computed.clear()
    found = evaluate_folder(own, **wanted).table
    assert set(computed) == {"tech_loan_balance", "new_loan_rate", "tech_enterprise_borrowers", "all_loan_balance"}
    same(found, evaluate_folder(own, metrics=names).table)
    assert pc.max(found["period"]).as_py() == day("2024-11-30")

    path = own / "loan_balance" / "2024-10-31.parquet"
    table = pq.read_table(path)
    doubled = pc.multiply(table["balance_rmb"], pa.scalar(2, pa.int64())).cast(pa.decimal128(18, 2))
    pq.write_table(table.set_column(table.schema.get_field_index("balance_rmb"), "balance_rmb", doubled), path)
    revised = evaluate_folder(own, **wanted).table
    same(revised, evaluate_folder(own, metrics=names).table)
    assert not revised["value"].equals(found["value"])


def test_another_dataset_in_the_same_cache_gives_its_own_figures(world: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    sfbench.generate("baseline", scale="tiny", seed=6, out=other)
    evaluate_folder(world, metrics=SOME, cache=tmp_path / "cache")
    found = evaluate_folder(other, metrics=SOME, cache=tmp_path / "cache").table
    same(found, evaluate_folder(other, metrics=SOME).table)


def test_other_metrics_stay_kept(world: Path, tmp_path: Path, computed: list[str]) -> None:
    for names in (SOME[:2], SOME[2:], SOME):
        evaluate_folder(world, metrics=names, cache=tmp_path / "cache")
    assert sorted(computed) == sorted(SOME)


@pytest.mark.parametrize("damage", [Path.unlink, lambda path: path.write_bytes(path.read_bytes()[:-9])])
def test_a_damaged_file_of_the_cache_is_not_used(
    world: Path, tmp_path: Path, damage: Callable[[Path], object], computed: list[str]
) -> None:
    whole = evaluate_folder(world, metrics=SOME, cache=tmp_path / "cache").table
    for path in (tmp_path / "cache").glob("*.parquet"):
        damage(path)
    computed.clear()
    same(evaluate_folder(world, metrics=SOME, cache=tmp_path / "cache").table, whole)
    assert sorted(computed) == sorted(SOME)


def test_what_a_killed_run_left_is_no_harm(world: Path, tmp_path: Path) -> None:
    whole = evaluate_folder(world, metrics=SOME, cache=tmp_path / "cache").table
    (tmp_path / "cache" / ".loan_month.in-progress").write_bytes(b"half")
    (tmp_path / "cache" / "loan_month-0123456789abcdef.parquet").write_bytes(b"an orphan")
    same(evaluate_folder(world, metrics=SOME, cache=tmp_path / "cache").table, whole)
    assert not (tmp_path / "cache" / "loan_month-0123456789abcdef.parquet").exists()


def test_a_run_that_fails_leaves_a_cache(world: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(self: Session, metric: Metric) -> None:
        raise SfbenchError("planted")

    with monkeypatch.context() as patch:
        patch.setattr(Session, "add", fail)
        with pytest.raises(SfbenchError, match="planted"):
            evaluate_folder(world, metrics=SOME, cache=tmp_path / "cache")
    whole = evaluate_folder(world, metrics=SOME).table
    same(evaluate_folder(world, metrics=SOME, cache=tmp_path / "cache").table, whole)


def test_a_folder_with_other_things_is_refused(world: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(SfbenchError, match="the folder holds no cache"):
        evaluate_folder(world, metrics=SOME, cache=tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
    (tmp_path / "cache.json").write_text(json.dumps({"format": cache_module.FORMAT, "looks": 3}), encoding="utf-8")
    with pytest.raises(SfbenchError, match="the folder holds no cache"):
        evaluate_folder(world, metrics=SOME, cache=tmp_path)


def test_a_users_own_metric_is_always_computed(world: Path, tmp_path: Path, computed: list[str]) -> None:
    folder = tmp_path / "content" / "metrics"
    folder.mkdir(parents=True)
    text = """-- id: mine
-- measure: 20
-- zh: 数
-- en: Number
-- period: month
-- component: notes | count | additive | 数 | Number
-- cuts: total
-- direction: none
-- source: own
-- needs: month(month)
SELECT month AS period, 'total' AS cut, 'total' AS cut_value, 'notes' AS component, 1.0 AS value FROM month
"""
    for value in ("1.0", "2.0"):
        (folder / "mine.sql").write_text(text.replace("1.0", value), encoding="utf-8")
        options: dict[str, Any] = {"metrics": ["mine"], "content": [tmp_path / "content"], "cache": tmp_path / "cache"}
        assert set(evaluate_folder(world, **options).table["value"].to_pylist()) == {float(value)}
    assert computed == ["mine", "mine"]


def test_a_metric_that_asks_how_far_the_data_reach_in_days_says_that_it_is_open() -> None:
    """Such a metric counts to the last month itself, not to the end of a period that has closed."""
    to_the_last_day = {
        name
        for name, metric in catalogue().metrics.items()
        if "last_day - " in metric.sql or "ELSE last_day END" in metric.sql
    }
    assert to_the_last_day == {"incident_resolution_days"}
    assert all(catalogue().metrics[name].open for name in to_the_last_day)


def touched_between(world: Path, before: str | None, after: str | None, *columns: str) -> dict[str, datetime.date]:
    needs: dict[str, list[str]] = {}
    for name in columns:
        needs.setdefault(name.split(".")[0], []).append(name.split(".")[1])
    looks = [look_at(world, present_files(world), text and day(text)) for text in (before, after)]  # type: ignore[arg-type]
    found = touched(looks[0], looks[1], world, published(), needs)
    return {f"{table}.{column}": month for (table, column), month in found.items()}


def test_what_is_touched_between_two_days_is_told_by_the_dates(world: Path) -> None:
    """A row by the month of its event, a date that comes later by itself, another cell by its row."""
    names = ("loan_balance.balance_rmb", "guarantee.released_on", "guarantee.amount", "enterprise_tag.tag")
    found = touched_between(world, "2024-10-31", "2024-11-30", *names, "district.district_id")
    assert found["loan_balance.balance_rmb"] == found["guarantee.released_on"] == day("2024-11-30")
    tags = pq.read_table(world / "data" / "enterprise_tag", columns=["valid_from", "published_on"]).to_pylist()
    late = [row["valid_from"] for row in tags if day("2024-10-31") < row["published_on"] <= day("2024-11-30")]
    assert found["enterprise_tag.tag"].strftime("%Y-%m") == min(late).strftime("%Y-%m")
    assert "district.district_id" not in found
    assert found == touched_between(world, "2024-11-30", "2024-10-31", *names, "district.district_id")
    assert touched_between(world, None, None, *names) == {}


def test_a_table_that_came_or_went_is_touched_from_the_beginning(world: Path) -> None:
    files = present_files(world)
    old = look_at(world, {name: paths for name, paths in files.items() if name != "loan"}, None)
    new = look_at(world, files, None)
    assert touched(old, new, world, published(), {"loan": ["green"], "month": ["month"]}) == {("loan", "green"): ALWAYS}
