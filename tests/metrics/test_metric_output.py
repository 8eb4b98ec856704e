"""The long table on disk, and names in two languages."""

from __future__ import annotations

import csv
import datetime
import importlib.util
import json
import re
import zipfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import duckdb
import pyarrow.parquet as pq
import pytest

from sfbench.errors import SfbenchError
from sfbench.metrics import (
    Report,
    catalogue,
    evaluate,
    label,
    records,
    with_names,
    write,
    write_csv,
    write_json,
    write_parquet,
)
from sfbench.metrics.groups import Name
from sfbench.metrics.writers import xlsx

TECH = catalogue().metrics["tech_loan_balance"]
METRIC = catalogue().metrics["tech_enterprise_loan_growth_gap"]


def test_three_formats_hold_the_same_rows(acceptance: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    table = evaluate(acceptance, scale=1.0, metrics=[METRIC.id])
    write_parquet(table, tmp_path / "m.parquet")
    write_csv(table, tmp_path / "m.csv")
    write_json(table, tmp_path / "m.json")
    assert pq.read_table(tmp_path / "m.parquet").equals(table)
    assert json.loads((tmp_path / "m.json").read_text(encoding="utf-8")) == records(table)
    with (tmp_path / "m.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["period"] for row in rows] == [row["period"] for row in records(table)]
    assert [float(r["value"]) if r["value"] else None for r in rows] == table.column("value").to_pylist()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["m.csv", "m.json", "m.parquet"]


def test_a_folder_that_is_not_there_is_one_clear_error(acceptance: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    table = evaluate(acceptance, scale=1.0, metrics=["green_loan_balance"])
    with pytest.raises(SfbenchError, match="cannot be written"):
        write_csv(table, tmp_path / "none" / "m.csv")


def test_a_metric_and_its_components_have_names_in_both_languages() -> None:
    assert (label(METRIC, "zh"), label(METRIC, "en")) == ("科技型企业贷款增速差", "Tech-enterprise loan growth gap")
    assert label(METRIC, "zh", "yoy_all") == "各项贷款同比"


def test_an_unknown_language_or_component_is_refused() -> None:
    with pytest.raises(SfbenchError, match="no language 'fr'"):
        label(METRIC, "fr")
    with pytest.raises(SfbenchError, match="did you mean 'yoy_all'"):
        label(METRIC, "en", "yoy_al")


def test_names_come_as_three_more_columns(acceptance: duckdb.DuckDBPyConnection) -> None:
    table = evaluate(acceptance, scale=1.0, metrics=[METRIC.id, "green_loan_balance"])
    named = with_names(table, catalogue().metrics, "zh", {"bank": {"1": Name("甲银行", "Bank A")}})
    assert named.drop_columns(["metric_name", "component_name", "cut_name"]).equals(table)
    rows = {(row["metric"], row["component"]): row for row in records(named)}
    names = {(row["cut"], row["cut_value"]): row["cut_name"] for row in records(named)}
    assert names["total", "total"] is None and names["bank", "1"] == "甲银行"
    assert {name for (cut, value), name in names.items() if cut == "bank" and value != "1"} == {None}
    yoy = rows[METRIC.id, "yoy_all"]
    assert (yoy["metric_name"], yoy["component_name"]) == ("科技型企业贷款增速差", "各项贷款同比")


def sheets(path: Path) -> dict[str, list[list[Any]]]:
    """The cells of a workbook by sheet, read from its XML: text, numbers, booleans, and dates by their style."""
    space = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
    with zipfile.ZipFile(path) as book:

        def tree(name: str) -> ElementTree.Element:
            return ElementTree.fromstring(book.read(f"xl/{name}.xml"))

        words = [
            "".join(e.itertext()) for e in (tree("sharedStrings") if "xl/sharedStrings.xml" in book.namelist() else [])
        ]
        styles = tree("styles")
        dates = {
            f.get("numFmtId") for f in styles.iterfind(".//m:numFmt", space) if f.get("formatCode") == "yyyy-mm-dd"
        }
        is_date = [xf.get("numFmtId") in dates for xf in styles.iterfind("m:cellXfs/m:xf", space)]
        found = {}
        for number, sheet in enumerate(tree("workbook").iterfind(".//m:sheet", space), 1):
            rows: list[list[Any]] = []
            for row in tree(f"worksheets/sheet{number}").iterfind(".//m:row", space):
                cells: dict[int, Any] = {}
                for cell in row:
                    letters = re.match("[A-Z]+", cell.get("r", ""))
                    assert letters
                    text, kind = "".join(cell.itertext()), cell.get("t")
                    value: Any = words[int(text)] if kind == "s" else text if kind == "inlineStr" else None
                    if kind == "b":
                        value = text == "1"
                    elif kind in (None, "n") and text:
                        value = float(text)
                        if is_date[int(cell.get("s", 0))]:
                            value = datetime.date(1899, 12, 30) + datetime.timedelta(days=int(value))
                    cells[ord(letters[0]) - ord("A")] = value
                rows.append([cells.get(place) for place in range(max(cells) + 1)])
            found[sheet.get("name", "")] = rows
        return found


def test_a_workbook_holds_typed_cells_under_headings_in_both_languages(
    acceptance: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    table = evaluate(acceptance, scale=1.0, metrics=[METRIC.id, "green_loan_balance"])
    write(Report(table, catalogue().metrics, "zh", synthetic=True), tmp_path / "m.xlsx")
    book = sheets(tmp_path / "m.xlsx")
    assert set(book) == {"最新 Latest", "说明 Notes", "总体目标 Headline targets", "背景 Context"}
    headings, *rows = book["总体目标 Headline targets"]
    assert all(re.search("[\u4e00-\u9fff]", str(text)) and re.search("[A-Za-z]", str(text)) for text in headings)
    place = {str(heading).split()[-1].lower(): number for number, heading in enumerate(headings)}
    expected = [row for row in records(table) if row["metric"] == METRIC.id]
    assert len(rows) == len(expected)
    for cells, row in zip(rows, expected, strict=True):
        assert cells[0] == METRIC.id and cells[1] == "科技型企业贷款增速差"
        assert cells[3] == datetime.date.fromisoformat(row["period"])
        assert cells[place["value"]] == (None if row["value"] is None else pytest.approx(row["value"], rel=1e-15))
        assert cells[place["computable"]] is row["computable"]
        assert cells[place["status"]] == {"reached": "已达成", "not_reached": "未达成", None: None}[row["status"]]
        assert cells[place["target"]] == ("2027-12前每月高于0百分点" if row["target"] else None)
    assert "合成数据" in book["说明 Notes"][1][0]


def test_two_workbooks_of_the_same_figures_are_the_same_bytes(
    acceptance: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    report = Report(evaluate(acceptance, scale=1.0, metrics=[METRIC.id]), catalogue().metrics)
    write(report, tmp_path / "a.xlsx")
    write(report, tmp_path / "b.xlsx")
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_what_excel_cannot_hold_is_refused(
    acceptance: duckdb.DuckDBPyConnection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = Report(evaluate(acceptance, scale=1.0, metrics=[METRIC.id]), catalogue().metrics)
    monkeypatch.setattr(xlsx, "_MOST_ROWS", 10)
    with pytest.raises(SfbenchError, match="more than an Excel sheet holds"):
        write(report, tmp_path / "m.xlsx")
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(SfbenchError, match=r"Excel files need XlsxWriter[\s\S]*sfbench\[xlsx\]"):
        write(report, tmp_path / "m.xlsx")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_markdown_report_names_metrics_targets_and_what_is_missing(
    acceptance: duckdb.DuckDBPyConnection, tmp_path: Path, lang: str
) -> None:
    acceptance.execute("DROP VIEW loan_flow")
    table = evaluate(acceptance, scale=1.0, metrics=["new_loan_rate", "tech_loan_balance"])
    write(Report(table, catalogue().metrics, lang, synthetic=True), tmp_path / "m.md")  # type: ignore[arg-type]
    text = (tmp_path / "m.md").read_text(encoding="utf-8")
    wanted = {
        "zh": (
            "## 总体目标",
            "### 科技贷款余额",
            "2027-12前高于22,000亿元",
            "## 无法计算",
            "缺少 loan_flow: new_loan_rate",
        ),
        "en": ("## Headline targets", f"### {TECH.en}", "above 22,000 CNY 100m by 2027-12", "needs loan_flow"),
    }
    assert [words for words in wanted[lang] if words not in text] == []
    tables = [line for line in text.splitlines() if line.startswith("|")]
    assert {line.count("|") for line in tables} == {5}
