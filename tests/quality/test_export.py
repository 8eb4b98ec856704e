"""Exported suites are plain Great Expectations: they load and run without sfbench, to the same verdicts."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb
import pytest

from sfbench.errors import SfbenchError
from sfbench.quality.export import export
from sfbench.quality.report import Report
from sfbench.quality.run import all_suites, chosen, validate_declared
from sfbench.spec import Table
from sfbench.store.shape import DUCKDB_TYPES
from tests.quality.changed import changed
from tests.quality.conftest import BESIDE, FROZEN, write

SUITES = ["enterprise_tag", "loan", "product"]
PLANTS = [
    "UPDATE enterprise_tag SET tag = 'HNTF' WHERE enterprise_id = 2",
    "UPDATE loan SET due_on = granted_on WHERE loan_id = 1",
    "UPDATE product SET min_amount = -1 WHERE product_id = 3",
    "ALTER TABLE product DROP COLUMN max_firm_age",
]
# The program runs where `import sfbench` fails.
ALONE = "import runpy, sys; sys.modules['sfbench'] = None; sys.path.insert(0, '.'); sys.argv = sys.argv[1:]; "
ALONE += "runpy.run_path('run.py', run_name='__main__')"


@pytest.fixture(scope="module")
def folder(tables: Mapping[str, Table], tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("export") / "plain"
    export(chosen(all_suites(tables), SUITES, None), tables, out, force=False)
    return out


@pytest.fixture(scope="module")
def both(
    database: duckdb.DuckDBPyConnection, tables: Mapping[str, Table], folder: Path, tmp_path_factory: Any
) -> tuple[Report, Mapping[str, str], int]:
    """Our report on faulty data; outcome by id of what the exported program told; its exit code."""
    data = tmp_path_factory.mktemp("faulty")
    with changed(database, *PLANTS):
        write(database, data, [*FROZEN, *BESIDE])
    with duckdb.connect(str(data / "city.duckdb")) as file:
        for path in sorted((data / "data").iterdir()):
            file.execute(f"CREATE TABLE {path.name} AS FROM '{path}/*.parquet'")
    command = [sys.executable, "-c", ALONE, "run.py", str(data / "city.duckdb")]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1, 2), done.stderr
    told = {line.split("\t")[1]: line.split("\t")[0] for line in done.stdout.splitlines() if "\t" in line}
    return validate_declared(data, tables, suites=SUITES), told, done.returncode


def test_verdicts_are_equal_without_sfbench(both: tuple[Report, Mapping[str, str], int]) -> None:
    report, told, code = both
    ours = {f.id: f.outcome.replace("_", " ") for f in report.findings if f.outcome != "passed"}
    assert {"enterprise_tag.scope", "product.columns", "product.max_firm_age.range"} <= set(ours)
    assert {"violated", "not evaluated"} == set(ours.values())
    assert told == ours and code == 1


def test_great_expectations_keeps_suites_checkpoints_and_results_in_the_folder(
    both: Any, folder: Path, tmp_path: Path
) -> None:
    kept = {path.stem for path in (folder / "gx" / "checkpoints").glob("*.json")}
    assert kept == set(SUITES) == {path.stem for path in (folder / "gx" / "expectations").glob("*.json")}
    assert list((folder / "gx" / "uncommitted" / "validations").rglob("*.json"))


def test_a_suite_says_what_our_expectations_say(folder: Path, tables: Mapping[str, Table]) -> None:
    suites = chosen(all_suites(tables), SUITES, None)
    for table, own in suites.items():
        stored = json.loads((folder / "gx" / "expectations" / f"{table}.json").read_text(encoding="utf-8"))
        found = {
            e["meta"]["id"]: (e["severity"], e["notes"], *(e["meta"][name] for name in ("zh", "finds_en", "measures")))
            for e in stored["expectations"]
        }
        asked = {e.id: (e.severity, e.en, e.zh, e.finds_en, list(e.measures)) for s in own for e in s.expectations}
        assert found == asked and all(measures for *_, measures in found.values())
        assert stored["meta"]["key"] == list(tables[table].key)


def test_an_export_is_the_same_twice_and_spares_a_folder_in_use(
    folder: Path, tables: Mapping[str, Table], tmp_path: Path
) -> None:
    suites = chosen(all_suites(tables), ["product"], None)
    export(suites, tables, tmp_path / "again", force=False)
    first = (tmp_path / "again" / "gx" / "expectations" / "product.json").read_bytes()
    with pytest.raises(SfbenchError, match="not empty"):
        export(suites, tables, tmp_path / "again", force=False)
    export(suites, tables, tmp_path / "again", force=True)
    assert (tmp_path / "again" / "gx" / "expectations" / "product.json").read_bytes() == first


@pytest.fixture(scope="module")
def program(tables: Mapping[str, Table], tmp_path_factory: pytest.TempPathFactory) -> Any:
    """program(*words, statements=[...]): runs an export of three claims on a file of two sound rows, spoilt by SQL."""
    folder = tmp_path_factory.mktemp("few")
    claims = ["district.name_zh.not_null", "product.amount_order", "product.types"]
    export(chosen(all_suites(tables), claims, None), tables, folder / "plain", force=False)

    def run(*words: str, statements: tuple[str, ...] = ()) -> subprocess.CompletedProcess[str]:
        (folder / "city.duckdb").unlink(missing_ok=True)
        with duckdb.connect(str(folder / "city.duckdb")) as file:
            for name in ("district", "product"):
                cells = ", ".join(f"NULL::{DUCKDB_TYPES[c.kind]} AS {c.name}" for c in tables[name].columns)
                file.execute(f"CREATE TABLE {name} AS SELECT {cells}")
            file.execute("UPDATE district SET district_id = 1, name_zh = '福田'")
            file.execute("UPDATE product SET product_id = 1, min_amount = 1, max_amount = 2")
            for statement in statements:
                file.execute(statement)
        command = [sys.executable, "-c", ALONE, "run.py", *words]
        return subprocess.run(command, cwd=folder / "plain", capture_output=True, text=True, check=False)

    run.folder = folder  # type: ignore[attr-defined]
    return run


def told_of(done: subprocess.CompletedProcess[str]) -> list[tuple[str, ...]]:
    return [tuple(line.split("\t")[:2]) for line in done.stdout.splitlines()]


def test_a_sound_file_is_only_read_and_nothing_is_said_of_it(program: Any) -> None:
    done = program("../city.duckdb")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_table_without_rows_passes_no_claim_about_rows(program: Any) -> None:
    done = program("../city.duckdb", statements=("DELETE FROM product",))
    assert told_of(done) == [("not evaluated", "product.amount_order")] and done.returncode == 2


def test_a_missing_table_is_not_evaluated_and_the_suites_that_follow_run(program: Any) -> None:
    worse = ("DROP TABLE district", "UPDATE product SET min_amount = 3")
    done = program("../city.duckdb", statements=worse)
    lost, wrong = ("not evaluated", "district.name_zh.not_null"), ("violated", "product.amount_order")
    assert told_of(done) == [lost, wrong] and done.returncode == 1
    done = program("../city.duckdb", statements=worse[:1])
    assert told_of(done) == [lost] and done.returncode == 2
    assert "district cannot be read" in done.stderr


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ([], "DATABASE is"),
        (["../nowhere.duckdb"], "no DuckDB file"),
        (["../city.duckdb", "produkt"], "no suite produkt; there are district, product"),
    ],
)
def test_what_is_asked_for_wrongly_is_told_and_no_file_is_made(words: list[str], says: str, program: Any) -> None:
    done = program(*words)
    assert done.returncode == 2 and says in done.stderr and "Traceback" not in done.stderr
    assert not (program.folder / "nowhere.duckdb").exists()


def test_the_chinese_readme_tells_the_same_lines_to_run(folder: Path) -> None:
    english, chinese = ((folder / name).read_text(encoding="utf-8") for name in ("README.md", "README.zh.md"))
    commands = [
        [line.split("#")[0].rstrip() for line in text.splitlines() if line.startswith("    ")]
        for text in (english, chinese)
    ]
    assert len(commands[0]) > 8 and commands[0] == commands[1]
    assert {name for name in ("run.py", "duckdb_datasource.py") if name not in chinese} == set()
