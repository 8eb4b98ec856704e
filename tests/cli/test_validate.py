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
    assert [f["id"] for f in found["findings"] if f["outcome"] == "violated"] == ["product.floor"]
