"""What a validation says, and what it leaves alone."""

from __future__ import annotations

import datetime as dt
import gc
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import pytest
from stdnum.cn import uscc

from sfbench.errors import SfbenchError
from sfbench.quality import engine
from sfbench.quality.expectation import Expectation
from sfbench.quality.run import validate_declared
from sfbench.quality.turns import short_turns
from sfbench.quality.uscc import faulty_codes

WORDS = {"severity": "info", "zh": "一", "en": "one", "finds_zh": "差错", "finds_en": "a fault"}


def finding(report: Any, claim: str) -> Any:
    (found,) = [f for f in report.findings if f.id == claim]
    return found


def test_importing_the_package_imports_no_great_expectations() -> None:
    code = "import sys, sfbench.quality; print({'great_expectations', 'pandas', 'sqlalchemy'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_an_empty_table_is_a_violation(judge: Any) -> None:
    report = judge(["DELETE FROM product"], suites=["product"])
    assert finding(report, "product.floor").outcome == "violated"
    assert report.verdict == "violated" and report.fails_on("critical")


def test_a_missing_table_is_not_evaluated_and_says_so(judge: Any) -> None:
    report = judge(drop=["enterprise_tag"], suites=["enterprise_tag", "loan_balance"])
    own = [f for f in report.findings if f.table == "enterprise_tag"]
    assert {f.outcome for f in own} == {"not_evaluated"} and "is missing" in own[0].reason
    flag = finding(report, "loan_balance.tech_enterprise_flag")
    assert flag.outcome == "not_evaluated" and "enterprise_tag" in flag.reason
    assert finding(report, "loan_balance.stock_flow").outcome == "passed"
    assert report.verdict == "not_evaluated" and report.fails_on("critical")


def test_a_lost_column_is_told_apart_from_a_violated_claim(judge: Any) -> None:
    report = judge(["ALTER TABLE product DROP COLUMN max_firm_age"], suites=["product"])
    assert finding(report, "product.columns").outcome == "violated"
    assert finding(report, "product.max_firm_age.range").outcome == "not_evaluated"


def test_a_finding_carries_the_keys_of_violating_rows(judge: Any) -> None:
    report = judge(["UPDATE product SET min_amount = -1 WHERE product_id = 3"], suites=["product"])
    found = finding(report, "product.min_amount.range")
    assert (found.unexpected, found.rows) == (1, 12)
    assert [row["product_id"] for row in found.sample] == [3]


def test_a_report_is_plain_json(judge: Any) -> None:
    plant = ["UPDATE loan_balance SET balance = balance - 0.01 WHERE loan_id = 1"]
    whole = json.loads(judge(plant, suites=["loan_balance.stock_flow"]).to_json())
    assert whole["verdict"] == "violated" and whole["counts"]["critical"]["violated"] == 1
    (found,) = whole["findings"]
    assert found["sample"][0]["gap"] in ("-0.01", "0.01") and len(found["sample"][0]["month"]) == 10


def test_severity_narrows_what_runs(judge: Any) -> None:
    assert "enterprise.code_unassigned" not in {
        f.id for f in judge(suites=["enterprise"], severity="critical").findings
    }


@pytest.mark.parametrize("options", [{"suites": ["loann"]}, {"suites": ["loan.due_aftr_grant"]}, {"severity": "fatal"}])
def test_an_unknown_name_is_refused_with_the_nearest(options: dict[str, Any], judge: Any) -> None:
    with pytest.raises(SfbenchError, match=r"unknown .*\n.*(did you mean|known)"):
        judge(**options)


def test_a_folder_without_data_and_a_broken_file_are_refused(tmp_path: Path, tables: Any) -> None:
    with pytest.raises(SfbenchError, match="no dataset here"):
        validate_declared(tmp_path, tables)
    broken = tmp_path / "data" / "loan" / "part-00000.parquet"
    broken.parent.mkdir(parents=True)
    broken.write_bytes(b"PAR1")
    with pytest.raises(SfbenchError, match="the table cannot be read"):
        validate_declared(tmp_path, tables)


def test_as_of_judges_what_was_known(judge: Any) -> None:
    whole = judge(suites=["credit_application"])
    early = judge(suites=["credit_application"], as_of=dt.date(2024, 12, 31))
    assert 0 < early.findings[0].rows < whole.findings[0].rows
    assert finding(early, "credit_application.decision_iff_decided").outcome == "passed"


def test_the_turn_of_threads_and_the_collector_are_as_before(judge: Any) -> None:
    before, own = sys.getswitchinterval(), 0.003  # a caller's own, which no validation before this one left behind
    looks, few = gc.get_threshold(), (701, 11, 12)
    sys.setswitchinterval(own)
    gc.set_threshold(*few)
    try:
        judge(suites=["district"])
        assert sys.getswitchinterval() == pytest.approx(own)
        assert gc.get_threshold()[:2] == few[:2]
    finally:
        sys.setswitchinterval(before)
        gc.set_threshold(*looks)


def test_while_a_validation_runs_turns_are_short_and_looks_for_garbage_rare() -> None:
    turn, looks = sys.getswitchinterval(), gc.get_threshold()
    with short_turns():
        assert sys.getswitchinterval() <= turn / 10
        assert gc.get_threshold()[0] >= 10 * looks[0]


def test_who_never_collects_garbage_is_not_made_to() -> None:
    looks = gc.get_threshold()
    gc.set_threshold(0)
    try:
        with short_turns():
            assert gc.get_threshold()[0] == 0
    finally:
        gc.set_threshold(*looks)


def test_nothing_is_written(judge: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    judge(suites=["district"])
    assert list(tmp_path.iterdir()) == []


def test_no_connection_to_the_network_is_opened(judge: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    import socket

    def refuse(*args: object, **kwargs: object) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    assert judge(suites=["district"]).verdict == "passed"


def test_regular_expressions_work_on_duckdb() -> None:
    connection = duckdb.connect()
    connection.execute("CREATE TABLE t AS SELECT * FROM (VALUES (1, 'ab'), (2, 'x1')) AS v(id, word)")
    kind, kwargs = "expect_column_values_to_match_regex", {"column": "word", "regex": "^[a-z]+$"}
    expectation = Expectation(id="t.word", type=kind, kwargs=kwargs, **WORDS)  # type: ignore[arg-type]
    with engine.sharing(connection):
        result = engine.validate_table(connection, "t", ["id"], [expectation])["t.word"]
    assert (result.success, result.unexpected, result.sample) == (False, 1, ({"id": 2, "word": "x1"},))


def test_code_check_agrees_with_python_stdnum() -> None:
    right = ["91110000600037341L", "91440391MA00100104", "91440390MA0000058T"]
    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    # Each place of each code altered to its neighbour in the alphabet; places 9-16 break both check digits.
    wrong = [c[:i] + alphabet[(alphabet.index(c[i]) + 1) % 31] + c[i + 1 :] for c in right for i in range(18)]
    codes = [*right, *wrong, "", "91440391MA0010010", "O1440391MA00100104", None]
    connection = duckdb.connect()
    connection.execute("CREATE TABLE t AS SELECT unnest(?) AS code, unnest(?) AS id", [codes, list(range(len(codes)))])
    query = faulty_codes("code", "id").format(batch="t")
    found = {row[1] for row in connection.execute(query).fetchall()}
    assert {c for c in codes if c and not uscc.is_valid(c)} <= found
    assert not found & set(right)
