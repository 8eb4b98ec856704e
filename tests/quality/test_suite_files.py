"""A bad suite file is refused with every fault at once, each at its line."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from sfbench.content import tables
from sfbench.errors import SfbenchError
from sfbench.quality.run import all_suites
from sfbench.quality.suites import load_suites

GOOD = """
  - id: mine.first
    type: rows
    query: SELECT loan_id FROM {batch} WHERE amount < 0
    severity: info
    zh: 金额为正
    en: Amounts are positive
    finds_zh: 正负号遗漏
    finds_en: a lost sign
"""


def suite(folder: Path, text: str, name: str = "mine") -> tuple[Path, ...]:
    (folder / "expectations").mkdir(exist_ok=True)
    (folder / "expectations" / f"{name}.yaml").write_text(text, encoding="utf-8")
    return (folder,)


def refusal(content: tuple[Path, ...], tables: Any) -> str:
    with pytest.raises(SfbenchError) as caught:
        load_suites(content, tables=tables)
    return str(caught.value)


def test_a_users_suite_runs_beside_the_built_in_one(tmp_path: Path, tables: Any, judge: Any) -> None:
    content = suite(tmp_path, f"table: loan\nexpectations:{GOOD}")
    report = judge(suites=["loan"], content=content)
    assert [f.outcome for f in report.findings if f.id == "mine.first"] == ["passed"]


def test_all_faults_of_a_file_are_told_at_once_with_their_lines(tmp_path: Path, tables: Any) -> None:
    text = f"""table: loann
expectations:{GOOD}    severty: info
  - id: mine.second
    type: expect_column_values_to_be_unique
    kwargs: {{column: loan_id}}
    severity: fatal
    zh: 一
    en: one
    finds_zh: 差错
    finds_en: a fault
    measures: [x]
  - id: mine.third
    type: rows
"""
    message = refusal(suite(tmp_path, text), tables)
    assert "mine.yaml:1: unknown table 'loann'" in message and "did you mean 'loan'" in message
    assert "mine.yaml:11: unknown key 'severty'" in message and "did you mean 'severity'" in message
    assert "mine.yaml:15: unknown severity 'fatal'" in message
    assert "mine.yaml:20: measures are numbers" in message
    assert "mine.yaml:21: key 'severity' is missing" in message


def test_an_id_given_twice_names_both_places(tmp_path: Path, tables: Any) -> None:
    message = refusal(suite(tmp_path, f"table: loan\nexpectations:{GOOD}{GOOD}"), tables)
    assert "mine.yaml:12: id 'mine.first' is given twice" in message and "mine.yaml:3 has the same id" in message


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("table: [", "not readable as YAML"),
        ("- 1", "a suite is a mapping of keys"),
        ("table: loan", "'expectations' is missing"),
        ("table: loan\nexpectations: [1]", "an expectation is a mapping"),
        (f"table: loan\nexpectations:{GOOD}".replace("{batch}", "loan"), "does not name {batch}"),
        (f"table: loan\nexpectations:{GOOD}".replace("query:", "kwargs: {}\n    query:"), "do not go together"),
        ("table: loan\nviews: {v: 1}\nexpectations: []", "view 'v' must be a query"),
        (f"table: loan\nexpectations:{GOOD}    covers: [amount.range]", "only a critical expectation covers others"),
    ],
)
def test_a_malformed_file_is_refused(text: str, fault: str, tmp_path: Path, tables: Any) -> None:
    assert fault in refusal(suite(tmp_path, text), tables)


def test_types_that_great_expectations_does_not_know_are_all_told_with_their_lines(
    tmp_path: Path, tables: Any, judge: Any
) -> None:
    text = f"table: loan\nexpectations:{GOOD}{GOOD.replace('first', 'second')}"
    text = text.replace("type: rows", "type: expect_column_values_to_be_uniqe")
    text = text.replace("query: SELECT loan_id FROM {batch} WHERE amount < 0", "kwargs: {column: loan_id}")
    content = suite(tmp_path, text)
    for told in (lambda: all_suites(tables, content), lambda: judge(suites=["loan"], content=content)):
        with pytest.raises(SfbenchError) as caught:
            told()
        for line in (3, 12):
            assert f"mine.yaml:{line}: unknown expectation 'expect_column_values_to_be_uniqe'" in str(caught.value)
        assert "did you mean 'expect_column_values_to_be_unique'?" in str(caught.value)


def test_arguments_that_great_expectations_refuses_are_told_with_their_line(
    tmp_path: Path, tables: Any, judge: Any
) -> None:
    text = f"table: loan\nexpectations:{GOOD}".replace("rows", "expect_column_values_to_be_unique")
    text = text.replace("query: SELECT loan_id FROM {batch} WHERE amount < 0", "kwargs: {colum: loan_id}")
    content = suite(tmp_path, text)
    for told in (lambda: all_suites(tables, content), lambda: judge(suites=["loan"], content=content)):
        with pytest.raises(SfbenchError, match=r"mine\.yaml:3: Great Expectations refuses 'mine\.first'"):
            told()


def test_what_no_declaration_makes_cannot_be_covered(tmp_path: Path, tables: Any) -> None:
    text = f"table: loan\nexpectations:{GOOD}    covers: [amount.rang]".replace("info", "critical")
    with pytest.raises(SfbenchError, match=r"(?s)mine\.yaml:3: mine\.first covers 'amount\.rang'.*'amount\.range'"):
        all_suites(tables, suite(tmp_path, text))


def test_a_suite_that_takes_a_built_in_name_is_a_clash(tmp_path: Path, tables: Any) -> None:
    assert "two expectations are called 'loan'" in refusal(suite(tmp_path, "expectations: []", "loan"), tables)


def test_every_written_expectation_has_earned_its_place():
    """The page of benchmarks/suites.py: each catches a planted row that no other expectation of its table catches."""
    page = Path(__file__).parents[2].joinpath("docs/reference/expectations.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\S+)` \| \w+ \| [\d,]+ \| ([\d,]+) \|", page, flags=re.MULTILINE)
    specs = {name: table.spec for name, table in tables().items() if table.spec.published}
    assert {name for name, _ in rows} == {e.id for suite in load_suites(tables=specs) for e in suite.expectations}
    assert [name for name, alone in rows if alone == "0"] == []
