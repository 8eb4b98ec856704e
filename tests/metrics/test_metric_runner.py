"""The runner: what it chooses, what it refuses, and that the rest goes on."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import duckdb
import pytest

from metrics.views import Opened
from sfbench.errors import SfbenchError
from sfbench.metrics import catalogue, evaluate, explain, records, workspace
from sfbench.metrics.workspace import Workspace

BODY = "SELECT month AS period, 'total' AS cut, 'total' AS cut_value, 'notes' AS component, 1.0 AS value FROM month\n"
HEADER = """-- id: {id}
-- measure: 20
-- zh: 数
-- en: Number
-- period: month
-- component: notes | count | additive | 数 | Number
-- cuts: total, bank*tag
-- direction: none
-- source: own
-- needs: {needs}
"""


def user_metric(folder: Path, body: str = BODY, name: str = "mine", needs: str = "month(month)") -> Path:
    (folder / "metrics").mkdir(parents=True, exist_ok=True)
    (folder / "metrics" / f"{name}.sql").write_text(HEADER.format(id=name, needs=needs) + body, encoding="utf-8")
    return folder


def user_mart(folder: Path, name: str, needs: str, body: str = "SELECT 1 AS one") -> Path:
    (folder / "marts").mkdir(parents=True, exist_ok=True)
    text = f"-- id: {name}\n-- grain: one\n-- caption: A mart.\n-- needs: {needs}\n{body}\n"
    (folder / "marts" / f"{name}.sql").write_text(text, encoding="utf-8")
    return folder


def test_a_missing_table_stops_only_the_metrics_that_need_it(opened: Opened) -> None:
    rows = records(evaluate(opened([{"op": "drop_table", "table": "loan_flow"}]), scale=1.0))
    stopped = {row["metric"]: row for row in rows if row["reason"] == "needs loan_flow"}
    assert stopped.keys() == {
        "tech_enterprise_loan_growth_gap",
        "new_loan_rate",
        "grade_migration",
        "npl_formation_rate",
    }
    for metric, row in stopped.items():
        assert [r for r in rows if r["metric"] == metric] == [row]
        assert (row["value"], row["computable"], row["period"], row["status"]) == (None, False, None, None)
    assert {row["metric"] for row in rows if row["value"] is not None} >= {"green_loan_balance", "all_loan_balance"}


def test_a_missing_column_is_named(opened: Opened) -> None:
    rows = records(evaluate(opened([{"op": "drop_column", "table": "loan", "column": "grant_rate"}]), scale=1.0))
    assert {row["metric"] for row in rows if row["reason"] == "needs loan.grant_rate"} == {"new_loan_rate"}


def test_an_empty_table_gives_a_row_that_says_so(opened: Opened) -> None:
    connection = opened()
    connection.execute("CREATE TABLE no_flow AS SELECT * FROM loan_flow LIMIT 0")
    connection.execute("CREATE OR REPLACE VIEW loan_flow AS SELECT * FROM no_flow")
    rows = records(evaluate(connection, scale=1.0, metrics=["new_loan_rate"]))
    assert [(row["computable"], row["reason"]) for row in rows] == [(False, "no data")]


def test_city_values_divide_additive_figures_by_the_scale(acceptance: duckdb.DuckDBPyConnection) -> None:
    for row in records(
        evaluate(acceptance, scale=0.25, metrics=["tech_loan_balance", "new_loan_rate", "report_reconciliation_gap"])
    ):
        additive = row["unit"] == "CNY 100m"
        assert row["value_city"] == (row["value"] * 4 if additive else row["value"])


def test_targets_are_judged_on_city_values(acceptance: duckdb.DuckDBPyConnection) -> None:
    small = records(evaluate(acceptance, scale=1.0, metrics=["tech_loan_balance"], cuts=["total"]))
    large = records(evaluate(acceptance, scale=0.0001, metrics=["tech_loan_balance"], cuts=["total"]))
    assert {row["status"] for row in small} == {"not_reached"}
    assert {row["status"] for row in large} == {"reached"}
    assert {row["sustained"] for row in large} == {True}


def test_metrics_measures_and_cuts_choose_rows(acceptance: duckdb.DuckDBPyConnection) -> None:
    chosen = records(evaluate(acceptance, scale=1.0, measures=[0], cuts=["district"]))
    # A metric without any figure keeps the row that says why.
    assert {(row["metric"], row["cut"]) for row in chosen if row["period"]} == {("tech_loan_balance", "district")}


def test_two_runs_give_the_same_table_and_leave_nothing_behind(acceptance: duckdb.DuckDBPyConnection) -> None:
    first, second = evaluate(acceptance, scale=1.0), evaluate(acceptance, scale=1.0)
    assert first.equals(second)
    assert acceptance.execute("SELECT count(*) FROM duckdb_tables()").fetchall() == [(0,)]


def test_the_total_comes_first_then_numbers_by_their_size_and_words_each_month_by_month(
    acceptance: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    cells = "(VALUES ('bank*tag', 'b'), ('bank*tag', '10'), ('total', 'total'), ('bank*tag', '9'), ('bank*tag', 'a'))"
    body = BODY.replace("'total' AS cut, 'total' AS cut_value", "cut, cut_value").replace(
        "FROM month", f"FROM month CROSS JOIN {cells} AS cells (cut, cut_value) ORDER BY hash(month)"
    )
    rows = records(evaluate(acceptance, scale=1.0, metrics=["mine"], content=[user_metric(tmp_path, body)]))
    months = sorted({row["period"] for row in rows})
    assert len(months) > 2
    assert [(row["cut_value"], row["period"]) for row in rows] == [
        (value, month) for value in ("total", "9", "10", "a", "b") for month in months
    ]


def test_months_are_judged_beside_a_figure_that_has_none(acceptance: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    body = BODY.replace("\n", " UNION ALL SELECT NULL, 'total', 'total', 'notes', 2.0\n")
    folder = user_metric(tmp_path, "-- target: >0 every month to 2027-12\n" + body)
    rows = records(evaluate(acceptance, scale=1.0, metrics=["mine"], content=[folder]))
    assert {(row["period"] is None, row["status"], row["sustained"]) for row in rows} == {
        (False, "reached", True),
        (True, None, None),
    }
    assert {row["target"] for row in rows} == {">0 every month to 2027-12"}
    assert {row["first_achieved_on"] for row in rows if row["period"]} == {
        min(r["period"] for r in rows if r["period"])
    }


def test_a_figure_without_a_month_that_comes_twice_is_refused_too(
    acceptance: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    body = BODY.replace("month AS period", "CAST(NULL AS DATE) AS period").replace("FROM month", "FROM range(2)")
    with pytest.raises(SfbenchError, match=r"gives a figure twice\n  why: notes, None, total, total"):
        evaluate(acceptance, scale=1.0, metrics=["mine"], content=[user_metric(tmp_path, body, needs="month(month)")])


def test_tables_held_in_memory_change_no_figure(
    acceptance: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    held: list[str] = []
    load = Workspace.load_small

    def noted(self: Workspace, table: str) -> None:
        load(self, table)
        asked = "SELECT 1 FROM duckdb_tables() WHERE (database_name, table_name) = ($1, $2)"
        held.extend([table] if self.connection.execute(asked, [self.name, table]).fetchall() else [])

    monkeypatch.setattr(Workspace, "load_small", noted)
    with_them = evaluate(acceptance, scale=1.0)
    assert {"month", "institution"} <= set(held)
    held.clear()
    monkeypatch.setattr(workspace, "_SMALL", -1)
    assert evaluate(acceptance, scale=1.0).equals(with_them)
    assert not held


def test_a_remark_on_a_figure_is_kept(acceptance: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    body = BODY.replace(" AS value", " AS value, 'small base' AS reason")
    rows = records(evaluate(acceptance, scale=1.0, metrics=["mine"], content=[user_metric(tmp_path, body)]))
    assert {(row["value"], row["computable"], row["reason"]) for row in rows} == {(1.0, True, "small base")}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"metrics": ["tech_loan_balence"]}, "no metric 'tech_loan_balence'\n  do:  did you mean 'tech_loan_balance'"),
        ({"measures": [99]}, "no metric of measure 99"),
        ({"cuts": ["bnak"]}, "no cut 'bnak' in these metrics\n  do:  did you mean 'bank'"),
        ({"scale": float("nan")}, "scale nan is not a positive number"),
        ({"scale": 0.0}, "scale 0.0 is not a positive number"),
    ],
)
def test_unknown_names_are_refused_with_a_suggestion(
    acceptance: duckdb.DuckDBPyConnection, options: dict[str, object], message: str
) -> None:
    with pytest.raises(SfbenchError, match=message):
        evaluate(acceptance, **{"scale": 1.0, **options})  # type: ignore[arg-type]


def test_a_users_metric_may_cross_cuts(acceptance: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    body = BODY.replace("'total' AS cut,", "'bank*tag' AS cut,").replace(
        "'total' AS cut_value", "'1*HNTE' AS cut_value"
    )
    rows = records(evaluate(acceptance, scale=0.5, metrics=["mine"], content=[user_metric(tmp_path, body)]))
    assert {(row["cut"], row["cut_value"], row["value_city"], row["scope_version"]) for row in rows} == {
        ("bank*tag", "1*HNTE", 2.0, "2025")
    }


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (
            BODY.replace("FROM month", "\nFROM moonth"),
            r"mine\.sql:12: the query of metric 'mine' fails\n  why: .*moonth",
        ),
        (BODY.replace("1.0", "CAST('x' AS INTEGER)"), r"mine\.sql:\d+: the query of metric 'mine' fails\n  why: .*'x'"),
        (BODY.replace("AS value", "AS amount"), r"gives no column 'value'"),
        (BODY.replace("1.0", "'much'"), r"gives a value that is no double\n  why: .*much"),
        (BODY.replace("FROM", ", 1 AS reeson FROM"), r"unknown column 'reeson'\n  do:  did you mean 'reason'"),
        (
            BODY.replace("'notes'", "'note'"),
            r"a component 'note' that its header does not declare\n  do:  did you mean 'notes'",
        ),
        (BODY.replace("'total' AS cut,", "'bank' AS cut,"), r"a cut 'bank' that its header does not declare"),
        (BODY.replace("FROM month", "FROM month, range(2)"), r"metric 'mine' gives a figure twice"),
    ],
)
def test_a_users_failing_query_names_file_line_and_cause(
    acceptance: duckdb.DuckDBPyConnection, tmp_path: Path, body: str, message: str
) -> None:
    with pytest.raises(SfbenchError, match=message):
        evaluate(acceptance, scale=1.0, metrics=["mine"], content=[user_metric(tmp_path, body)])
    assert acceptance.execute("SELECT count(*) FROM duckdb_tables()").fetchall() == [(0,)]


def test_all_failing_metrics_are_reported_together(acceptance: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    user_metric(tmp_path, "SELECT nothing\n", "first")
    user_metric(tmp_path, "SELEC\n", "second")
    with pytest.raises(SfbenchError, match=r"(?s)'first' fails.*'second' fails"):
        evaluate(acceptance, scale=1.0, content=[tmp_path])


def test_a_failing_mart_is_reported_once(acceptance: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    user_mart(tmp_path, "broken", "month(month)", "SELECT nothing")
    user_metric(tmp_path, name="first", needs="broken")
    user_metric(tmp_path, name="second", needs="broken")
    with pytest.raises(SfbenchError, match=r"broken\.sql:5: the query of mart 'broken' fails") as caught:
        evaluate(acceptance, scale=1.0, metrics=["first", "second"], content=[tmp_path])
    assert str(caught.value).count("fails") == 1


def test_content_that_clashes_or_does_not_hang_together_is_refused(
    acceptance: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    cases = {
        "two metrics are called": user_metric(tmp_path / "a", name="tech_loan_balance"),
        "a metric and a mart are called 'loan_month'": user_metric(tmp_path / "b", name="loan_month"),
        "needs an unknown mart or table 'loan_mnth'": user_metric(tmp_path / "c", needs="loan_mnth"),
        "marts need each other in a circle": user_mart(user_mart(tmp_path / "d", "one", "two"), "two", "one"),
        "a mart and a table are called 'loan'": user_mart(tmp_path / "e", "loan", "month"),
    }
    for message, folder in cases.items():
        with pytest.raises(SfbenchError, match=re.escape(message)):
            evaluate(acceptance, scale=1.0, content=[folder])


def test_a_query_that_ends_in_a_semicolon_runs_and_is_printed_with_one(
    acceptance: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    own = [user_metric(tmp_path, BODY.rstrip() + ";\n")]
    assert explain("mine", own).endswith("FROM month;\n")
    assert evaluate(acceptance, scale=1.0, metrics=["mine"], content=own).num_rows


def test_the_shown_sql_runs_as_it_stands(acceptance: duckdb.DuckDBPyConnection) -> None:
    text = explain("tech_enterprise_borrowers")
    head, read = text.splitlines()[0].split(" reads ")
    assert head == "-- tech_enterprise_borrowers"
    assert sorted(read.split(", ")) == ["enterprise", "enterprise_tag", "loan", "loan_balance", "month"]
    acceptance.execute(text)
    shown = {(str(r[0]), r[1], r[2]): r[4] for r in acceptance.fetchall()}
    run = records(evaluate(acceptance.cursor(), scale=1.0, metrics=["tech_enterprise_borrowers"]))
    assert shown == {(row["period"], row["cut"], row["cut_value"]): row["value"] for row in run}


def test_on_a_users_own_tables_a_failing_built_in_query_stops_only_itself(
    acceptance: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    acceptance.execute("CREATE TABLE wrong AS SELECT * REPLACE ('much' AS amount_rmb) FROM loan_flow")
    acceptance.execute("CREATE OR REPLACE VIEW loan_flow AS SELECT * FROM wrong")
    wanted = ["new_loan_rate", "green_loan_balance"]
    with pytest.raises(SfbenchError, match="fails"):
        evaluate(acceptance, scale=1.0, metrics=wanted)
    rows = records(evaluate(acceptance, scale=1.0, metrics=wanted, defects={}))
    (stopped,) = [row for row in rows if row["metric"] == "new_loan_rate"]
    assert stopped["reason"].startswith("cannot be computed from these tables: ") and not stopped["computable"]
    assert len([row for row in rows if row["metric"] == "green_loan_balance" and row["value"]]) > 10
    user_metric(tmp_path, "SELECT nothing\n")
    with pytest.raises(SfbenchError, match="the query of metric 'mine' fails"):
        evaluate(acceptance, scale=1.0, metrics=["mine"], content=[tmp_path], defects={})


def test_the_cause_of_a_missing_column_is_told(opened: Opened) -> None:
    connection = opened([{"op": "drop_column", "table": "loan", "column": "grant_rate"}])
    defects = {"loan.grant_rate": "string, not DECIMAL(10,5)"}
    rows = records(evaluate(connection, scale=1.0, metrics=["new_loan_rate"], defects=defects))
    assert [row["reason"] for row in rows] == ["needs loan.grant_rate (string, not DECIMAL(10,5))"]


def test_rows_stand_by_measure_metric_and_component_the_total_before_the_cuts_and_numbers_by_size(
    acceptance: duckdb.DuckDBPyConnection,
) -> None:
    """Whatever the order is in which metrics are asked for: measures 19, 20, 0 and 20."""
    names = ["npl_formation_rate", "green_loan_balance", "tech_loan_balance", "all_loan_balance"]
    known = catalogue().metrics
    rows = records(evaluate(acceptance, scale=1.0, metrics=names))
    place = {(m.id, part.name): n for m in map(known.get, names) if m for n, part in enumerate(m.components)}

    def key(row: dict[str, Any]) -> tuple[Any, ...]:
        value = row["cut_value"]
        size = (0, int(value), "") if value.isdigit() else (1, 0, value)
        part = place[row["metric"], row["component"]]
        return row["measure"], row["metric"], part, row["cut"] != "total", row["cut"], size, row["period"]

    assert rows == sorted(rows, key=key)
    assert {row["metric"] for row in rows} == {*names}
    assert {row["cut"] for row in rows} > {"total", "bank"}
