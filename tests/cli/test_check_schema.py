"""`sfbench check-schema`: each planted fault of a user's tables is named, and what it stops."""

import json
import shutil

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import sfbench
from sfbench.metrics import catalogue


@pytest.fixture
def own(tiny, tmp_path):
    """All tables of the tiny dataset as a user's folder without manifest."""
    folder = tmp_path / "own"
    folder.mkdir()
    for table in (tiny / "data").iterdir():
        pq.write_table(pq.read_table(table), folder / f"{table.name}.parquet")
    return folder


def changed(folder, table, change):
    path = folder / f"{table}.parquet"
    pq.write_table(change(pq.read_table(path)), path)


def column(name, values):
    def change(table):
        return table.set_column(table.schema.get_field_index(name), name, values(table[name]))

    return change


def findings(report):
    return {(f.table, f.column, f.kind): f for f in report.findings}


def test_tables_as_declared_are_sound_and_everything_can_run(own, tiny, run):
    report = sfbench.check_schema(own)
    assert report.sound and report.findings == ()
    assert report.metrics.keys() == catalogue().metrics.keys() and not any(report.metrics.values())
    assert len(report.suites) > 5 and not any(report.suites.values())
    facts = report.tables["loan"]
    assert (facts.present, facts.rows) == (True, pq.read_table(own / "loan.parquet").num_rows)
    assert facts.usable == facts.declared == len(pq.read_schema(own / "loan.parquet").names)
    assert run("check-schema", own).exit_code == run("check-schema", tiny).exit_code == 0


def test_a_missing_table_and_column_are_named_with_what_needs_them(own, run):
    (own / "loan_flow.parquet").unlink()
    changed(own, "loan", lambda table: table.drop_columns("grant_rate"))
    report = sfbench.check_schema(own)
    assert {("loan_flow", "", "missing"), ("loan", "grant_rate", "missing")} == findings(report).keys()
    assert set(report.metrics["new_loan_rate"]) == {"loan.grant_rate (missing)", "loan_flow"}
    rows = sfbench.evaluate(own).to_pylist()
    stopped = {row["metric"]: row["reason"] for row in rows if (row["reason"] or "").startswith("needs ")}
    assert stopped == {name: f"needs {', '.join(needs)}" for name, needs in report.metrics.items() if needs}
    assert any("loan_flow" in needs for needs in report.suites.values())
    result = run("check-schema", own, "--lang", "zh")
    assert result.exit_code == 1 and "缺少1张表：loan_flow" in result.stdout and "loan.grant_rate" in result.stdout
    assert "sfbench validate 仍会检验" in result.stdout  # a suite that cannot run whole is no lost suite


def test_a_bank_with_loans_balances_and_firms_is_told_how_to_make_the_calendar(tiny, run, tmp_path):
    """0 of 149 metrics could run for want of a table that holds nothing of the bank, and nothing said whence it is."""
    own = tmp_path / "own"
    for name in ("loan", "loan_balance", "enterprise"):
        shutil.copytree(tiny / "data" / name, own / name)
    command = "sfbench generate baseline --tables month,district,industry,cluster --out public"
    assert f"`{command}`" in run("check-schema", own).stdout
    assert f"`{command}`" in run("check-schema", own, "--lang", "zh").stdout
    words = ("evaluate", own, "--metric", "tech_loan_balance")
    assert "needs month" in run(*words).stderr and "--tables month --out public`" in run(*words).stderr
    made = run(*command.removeprefix("sfbench ").replace("public", str(tmp_path / "public")).split(), "--seed", 9)
    assert made.exit_code == 0
    for name in ("month", "district", "industry", "cluster"):
        shutil.copytree(tmp_path / "public" / "data" / name, own / name)
        assert pq.read_table(own / name).equals(pq.read_table(tiny / "data" / name))
    assert "computable" not in run(*words).stderr and "public" not in run("check-schema", own).stdout


def test_a_wrong_type_a_null_and_an_unknown_code_are_counted_with_examples(own, run):
    codes = pq.read_table(own / "loan_balance.parquet")["grade"].to_pylist()
    spoilt = ["X1", "X2", "X2", *codes[3:]]
    changed(own, "loan_balance", column("grade", lambda old: pa.array(spoilt)))
    changed(own, "loan", column("amount_rmb", lambda old: pa.array(["much"] * len(old))))
    changed(own, "loan", column("enterprise_id", lambda old: pa.array([None, None, *old.to_pylist()[2:]], pa.int64())))
    found = findings(sfbench.check_schema(own))
    assert found["loan_balance", "grade", "code"].rows == 3
    assert found["loan_balance", "grade", "code"].examples == ("X1", "X2")
    assert found["loan", "amount_rmb", "type"].detail == "string, not DECIMAL(18,2)"
    assert found["loan", "enterprise_id", "null"].rows == 2
    assert found.keys() == {
        ("loan_balance", "grade", "code"),
        ("loan", "amount_rmb", "type"),
        ("loan", "enterprise_id", "null"),
    }
    result = run("check-schema", own, "--json")
    assert result.exit_code == 1
    record = json.loads(result.stdout)
    assert record["sound"] is False and len(record["findings"]) == 3
    assert record["metrics"]["tech_loan_balance"]["computable"] is True


def test_what_nobody_declared_is_told_and_is_no_fault(own, run):
    changed(own, "loan", lambda table: table.append_column("mine", table["loan_id"]))
    pq.write_table(pa.table({"x": [1]}), own / "other.parquet")
    report = sfbench.check_schema(own)
    assert findings(report).keys() == {("loan", "mine", "extra"), ("other", "", "extra")} and report.sound
    assert run("check-schema", own).exit_code == 0


def test_a_damaged_file_is_named(own, run):
    path = own / "loan_flow.parquet"
    path.write_bytes(path.read_bytes()[:-20])
    report = sfbench.check_schema(own)
    assert "cannot be read as Parquet" in findings(report)["loan_flow", "", "unreadable"].detail
    assert not report.tables["loan_flow"].present and not report.sound


def test_values_that_do_not_convert_are_told(own):
    changed(own, "loan_flow", column("amount_rmb", lambda old: pa.array([1e30] * len(old))))
    report = sfbench.check_schema(own)
    assert "Conversion Error" in findings(report)["loan_flow", "", "unreadable"].detail and not report.sound


def test_a_folder_without_tables_is_refused(refused, tmp_path):
    refused("check-schema", tmp_path, says=["manifest.json is missing"])
    refused("check-schema", tmp_path / "nowhere", says=["no such folder"])
