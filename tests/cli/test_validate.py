"""`sfbench validate` for people, build servers and gates."""

import json
from xml.etree import ElementTree

import duckdb
import pytest


def replaced(folder, table, select):
    """The first file of a table rewritten by a query over it; the dataset loses its manifest, as a user's own."""
    (folder / "manifest.json").unlink(missing_ok=True)
    path = sorted((folder / "data" / table).glob("*.parquet"))[0]
    fresh = path.with_suffix(".new")
    duckdb.execute(f"COPY ({select.format(table=f'read_parquet({str(path)!r})')}) TO '{fresh}' (FORMAT parquet)")
    fresh.replace(path)


def test_page_and_junit_are_written_and_machines_still_read_json(run, tiny, tmp_path):
    page, junit = tmp_path / "q.html", tmp_path / "q.xml"
    found = run("validate", tiny, "--suite", "month,product", "--html", page, "--junit", junit, "--json")
    assert found.exit_code == 0 and json.loads(found.stdout)["verdict"] == "passed"
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert ElementTree.parse(junit).getroot().get("failures") == "0"


@pytest.mark.parametrize("option", ["--html", "--junit"])
def test_a_report_into_a_missing_folder_is_refused_before_the_work(option, run, tiny, tmp_path):
    found = run("validate", tiny, option, tmp_path / "none" / "f")
    assert found.exit_code == 2 and "folder that exists" in found.stderr


def test_github_prints_annotations_and_the_verdict(run, copy):
    replaced(copy, "month", "SELECT * FROM {table} UNION ALL SELECT * FROM {table}")
    found = run("validate", copy, "--suite", "month", "--github")
    assert found.exit_code == 1
    lines = found.stdout.splitlines()
    assert lines[0].startswith("::error title=month.key (critical)::") and "violated" in lines[-1]


def test_an_empty_table_is_a_finding_whatever_else_holds(run, copy):
    replaced(copy, "product", "SELECT * FROM {table} WHERE false")
    found = json.loads(run("validate", copy, "--suite", "product", "--json").stdout)
    outcomes = {f["id"]: f["outcome"] for f in found["findings"]}
    assert [name for name, outcome in outcomes.items() if outcome == "violated"] == ["product.floor"]
    assert {name for name, outcome in outcomes.items() if outcome == "passed"} == {"product.columns", "product.types"}
    alone = run("validate", copy, "--suite", "product.amount_order", "--json")
    assert alone.exit_code == 1 and json.loads(alone.stdout)["verdict"] == "not_evaluated"


def test_every_rule_that_could_not_be_evaluated_is_named(run, tiny, tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "loan").symlink_to(tiny / "data" / "loan")
    found = json.loads(run("validate", tmp_path, "--json").stdout)["findings"]
    named = {f["id"] for f in found if f["outcome"] == "not_evaluated"}
    assert len(named) > 20
    shown = run("validate", tmp_path).stdout
    assert [name for name in named if name not in shown] == []


def test_a_folder_without_a_declared_table_is_an_error(refused, tiny, tmp_path):
    own = tmp_path / "own"
    own.mkdir()
    duckdb.execute(f"COPY (SELECT 1 AS a) TO '{own / 'loans.parquet'}'")
    refused("validate", own, "--junit", tmp_path / "q.xml", says=["no declared table is here", "did you mean 'loan'?"])
    assert not (tmp_path / "q.xml").exists()
    (own / "loans.parquet").rename(own / "qqqq.parquet")
    assert "sfbench list tables" in refused("validate", own, says=["no declared table is here", "why: qqqq"])


def test_a_table_that_nobody_declares_is_named(run, copy):
    (copy / "manifest.json").unlink()
    duckdb.execute(f"COPY (SELECT 1 AS a) TO '{copy / 'data' / 'loan_balnce.parquet'}'")
    found = run("validate", copy, "--suite", "month", "--json")
    assert found.exit_code == 0 and json.loads(found.stdout)["verdict"] == "passed"
    assert found.stderr == "warning: loan_balnce is not declared and was not checked (did you mean 'loan_balance'?)\n"
    found = run("validate", copy, "--suite", "month", "--lang", "zh")
    assert "注意：loan_balnce未声明，未予检查 (是否指'loan_balance'？)\n" in found.stderr


def test_data_docs_are_built_only_on_wish_and_with_a_warning(run, tiny, tmp_path):
    found = run("validate", tiny, "--suite", "month", "--data-docs", tmp_path / "docs")
    assert found.exit_code == 0 and "remote hosts" in found.stderr
    assert (tmp_path / "docs" / "index.html").is_file()
    assert run("validate", tiny, "--suite", "month", "--data-docs", tmp_path / "docs").exit_code == 2


def test_a_validation_touches_no_file_outside_what_it_was_given(process, tiny, tmp_path, monkeypatch):
    home, here, out = tmp_path / "home", tmp_path / "here", tmp_path / "out"
    for folder in (home, here, out):
        folder.mkdir()
    monkeypatch.chdir(here)
    for name in ("HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "TMPDIR"):
        monkeypatch.setenv(name, str(home))
    before = {path: path.stat().st_mtime_ns for path in tiny.rglob("*")}
    done = process("validate", tiny, "--suite", "month,product", "--html", out / "q.html", "--junit", out / "q.xml")
    assert done.returncode == 0, done.stderr
    assert {path.name for path in out.iterdir()} == {"q.html", "q.xml"}
    assert not list(home.iterdir()) and not list(here.iterdir())
    assert {path: path.stat().st_mtime_ns for path in tiny.rglob("*")} == before


def test_export_writes_suites_for_great_expectations_alone(run, tmp_path):
    out = tmp_path / "plain"
    made = json.loads(run("expectations", "export", out, "--suite", "month", "--json").stdout)
    assert "gx/expectations/month.json" in made["files"] and (out / "README.md").is_file()
    assert run("expectations", "export", out, "--suite", "month").exit_code == 2
    assert run("expectations", "export", out, "--suite", "mnth", "--force").exit_code == 2


def test_what_needs_a_database_is_marked_in_list_and_describe(run):
    (listed,) = [s for s in json.loads(run("list", "suites", "--json").stdout) if s["name"] == "product"]
    described = json.loads(run("describe", "product", "--json").stdout)
    assert 0 < listed["sql_only"] == len(described["sql_only"]) < listed["expectations"]
    assert "product.amount_order" in described["sql_only"] and "product.code_once" not in described["sql_only"]
