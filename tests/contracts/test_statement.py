"""What docs/explanation/privacy.md says of the simulator: no micro-data, no code that was issued, marks everywhere."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest

import sfbench
from sfbench.folders import read_csv
from tests.world.shared import ROOT

# Columns that would name a person, a firm or an account if a committed file had them.
NAMING = {"uscc", "id_card", "phone", "mobile", "email", "account_no", "enterprise_name", "legal_representative"}
FILES = sorted((ROOT / "datasets").rglob("*.csv"))
# Numbers of identity cards, unified credit codes and mobile telephones, as anybody's would look.
_NUMBERS = re.compile(
    r"(?<![\w.])(?:\d{17}[\dX]|[0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10}|1[3-9]\d{9})(?![\w.])"
)
WATCH = """
import json, sys
read = set()
sys.addaudithook(lambda event, args: read.add(str(args[0])) if event == "open" and isinstance(args[0], str) else None)
import sfbench
sfbench.generate("baseline", scale="tiny", seed=3, out=sys.argv[1])
found = sorted(read)
open(sys.argv[2], "w").write(json.dumps(found))
"""


def numbers_of_somebody(text):
    return _NUMBERS.findall(text)


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    out = tmp_path_factory.mktemp("statement") / "world"
    sfbench.generate("baseline", scale="tiny", seed=3, out=out)
    return out


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_no_committed_file_has_a_column_that_names_anybody(path):
    columns = set(read_csv(path.relative_to(ROOT / "datasets").as_posix()))
    assert not columns & NAMING


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_no_committed_cell_is_the_number_of_a_person_or_a_firm(path):
    assert not numbers_of_somebody(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("number", ["11010519491231002X", "91440300708461136T", "13800138000"])
def test_the_check_of_cells_sees_one(number):
    assert numbers_of_somebody(f"name,number\nsomebody,{number}\n") == [number]


def test_generate_opens_committed_inputs_and_what_it_writes_and_nothing_else(tmp_path):
    """By Python's own audit of opened files."""
    watched = tmp_path / "watched.json"
    words = [sys.executable, "-c", WATCH, str(tmp_path / "out"), str(watched)]
    subprocess.run(words, check=True, cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(ROOT)})
    read = [Path(name) for name in json.loads(watched.read_text(encoding="utf-8"))]
    inputs = {path.resolve() for path in read if path.suffix in (".csv", ".yaml", ".json", ".parquet", ".md", ".xlsx")}
    ours = {path for path in inputs if not path.is_relative_to(tmp_path.resolve())}
    assert len(ours & set(FILES)) > 20
    known = {*FILES, ROOT / "scenarios" / "baseline.yaml"}
    assert [path for path in ours - known if "site-packages" not in path.parts] == []


def test_inputs_are_small_enough_to_read():
    """Vocabularies and aggregates; a table of records would be larger."""
    assert max(path.stat().st_size for path in FILES) < 2_000_000


def test_no_credit_code_lies_in_an_assigned_area(world):
    con = sfbench.open(world)
    for table in ("enterprise", "institution", "fund_manager", "institute"):
        areas = {
            area
            for (area,) in con.sql(f"SELECT DISTINCT substr(uscc, 3, 5) FROM {table} WHERE uscc IS NOT NULL").fetchall()
        }
        assert areas == {"44039"}, table


def test_no_phone_or_address_of_mail_can_be_reached(world):
    rows = sfbench.open(world).sql("SELECT phone, email FROM enterprise").fetchall()
    assert all(phone.startswith("0755-0") and email.endswith(".example") for phone, email in rows)


def test_every_file_carries_the_mark(world):
    assert json.loads((world / "manifest.json").read_text(encoding="utf-8"))["synthetic"]["zh"] == "合成数据"
    files = sorted((world / "data").rglob("*.parquet"))
    assert len(files) > 70
    for path in files:
        marks = pq.read_schema(path).metadata
        assert marks[b"sfbench.synthetic"] == b"true" and marks[b"sfbench.mark"].decode() == "合成数据", path


def test_the_statement_names_the_rules():
    text = (ROOT / "docs" / "explanation" / "privacy.md").read_text(encoding="utf-8")
    for rule in ("个人信息保护法", "数据安全法", "人工智能生成合成内容标识办法", "GB 45438-2025"):
        assert rule in text
