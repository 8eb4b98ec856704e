"""A report as a page, as JUnit XML and as GitHub annotations: whole, offline, and true to the findings."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from sfbench.errors import SfbenchError
from sfbench.quality.report import Report
from sfbench.quality.writers import annotate, save_junit, save_page


@pytest.fixture(scope="module")
def report(judge: Any) -> Report:
    """One claim violated, and one table missing."""
    plant = ["UPDATE product SET min_amount = -1 WHERE product_id = 3"]
    return judge(plant, drop=["enterprise_tag"], suites=["product", "enterprise_tag"])  # type: ignore[no-any-return]


class Page(HTMLParser):
    """Tags with their attributes, and the text by element class."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data)


@pytest.fixture(scope="module")
def page(report: Report, tmp_path_factory: pytest.TempPathFactory) -> Page:
    path = tmp_path_factory.mktemp("page") / "quality.html"
    save_page(report, path, "en", source="a<b>", synthetic=False)
    return Page(path.read_text(encoding="utf-8"))


def test_the_page_loads_nothing(page: Page) -> None:
    assert not [tag for tag, _ in page.tags if tag in ("script", "link", "img", "iframe", "object", "embed")]
    assert not [attrs for _, attrs in page.tags if {"src", "srcset", "action"} & attrs.keys()]
    style = "".join(page.words)
    assert "@import" not in style and "url(" not in style and "http" not in style


def test_the_page_tells_every_claim_in_both_languages_once(page: Page, report: Report) -> None:
    for finding in report.findings:
        assert page.words.count(finding.id) == 1
        assert finding.zh in page.words and finding.en in page.words


def test_the_page_opens_in_the_language_asked_for(report: Report, tmp_path: Path) -> None:
    for lang in ("zh", "en"):
        save_page(report, tmp_path / "p.html", lang, source="x", synthetic=True)
        tags = Page((tmp_path / "p.html").read_text(encoding="utf-8")).tags
        assert [a["id"] for t, a in tags if t == "input" and "checked" in a] == [lang]
        assert [a["lang"] for t, a in tags if t == "html"] == [lang]


def test_the_page_names_failing_keys_fault_severity_measures_and_what_needs_sql(page: Page, report: Report) -> None:
    assert any("product_id=3" in word for word in page.words)
    assert any("a wrong unit, sign or magnitude" in word for word in page.words)
    assert {"critical", "SQL only"} <= set(page.words)
    assert page.words.count("SQL only") == sum(f.sql_only for f in report.findings)
    assert any(word.startswith("measure ") for word in page.words)


def test_the_page_tells_violated_from_not_evaluated(page: Page, report: Report) -> None:
    kinds = [attrs.get("class") for tag, attrs in page.tags if tag == "p"]
    assert kinds.count("violated") == len(report.violated) + 1  # and the verdict of the page
    assert kinds.count("not_evaluated") == len(report.not_evaluated)


def test_the_page_fits_a_phone(page: Page) -> None:
    assert any(attrs.get("name") == "viewport" for tag, attrs in page.tags if tag == "meta")


def test_junit_counts_failures_and_errors_apart(report: Report, tmp_path: Path) -> None:
    save_junit(report, tmp_path / "j.xml", "en")
    root = ElementTree.parse(tmp_path / "j.xml").getroot()
    cases = {case.get("name"): case for case in root.iter("testcase")}
    assert set(cases) == {f.id for f in report.findings}
    for finding in report.findings:
        child = {"passed": [], "violated": ["failure"], "not_evaluated": ["error"]}[finding.outcome]
        assert [trouble.tag for trouble in cases[finding.id]] == child
        assert [trouble.get("type") for trouble in cases[finding.id]] == [finding.severity] * len(child)
    assert root.get("failures") == str(len(report.violated))
    assert root.get("errors") == str(len(report.not_evaluated))
    assert sum(int(suite.get("tests", "")) for suite in root.findall("testsuite")) == len(report.findings)
    (failure,) = cases["product.min_amount.range"]
    assert "product_id=3" in (failure.text or "")


def lines(report: Report) -> Iterator[tuple[str, str]]:
    for line in annotate(report, "en"):
        level, rest = line.removeprefix("::").split(" ", 1)
        yield level, rest


def test_annotations_are_a_line_a_trouble_at_the_level_of_its_severity(report: Report) -> None:
    found = list(lines(report))
    troubles = [*report.violated, *report.not_evaluated]
    levels = {"critical": "error", "warning": "warning", "info": "notice"}
    assert [level for level, _ in found] == [levels[f.severity] for f in troubles]
    for (_, rest), finding in zip(found, troubles, strict=True):
        assert "\n" not in rest and rest.startswith(f"title={finding.id} (")
        assert rest.count("::") == 1


def test_text_from_the_data_cannot_become_markup_or_a_command(judge: Any, tmp_path: Path) -> None:
    # The key of a row with a wrong check digit is shown with its code: any text may stand there.
    plant = "UPDATE enterprise SET uscc = '<script>%' || chr(10) || '::error::' || chr(7) WHERE enterprise_id = 2"
    report = judge([plant], suites=["enterprise.uscc.check"])
    assert report.verdict == "violated"
    save_page(report, tmp_path / "p.html", "en", source="x", synthetic=False)
    assert "script" not in {tag for tag, _ in Page((tmp_path / "p.html").read_text(encoding="utf-8")).tags}
    save_junit(report, tmp_path / "j.xml", "en")
    text = next(ElementTree.parse(tmp_path / "j.xml").getroot().iter("failure")).text
    assert text is not None and "<script>%" in text
    (line,) = annotate(report, "en")
    assert "\n" not in line and "<script>%25%0A" in line


def test_a_report_is_not_written_into_a_folder_that_is_missing(report: Report, tmp_path: Path) -> None:
    for write in (
        lambda path: save_junit(report, path, "en"),
        lambda path: save_page(report, path, "en", source="x", synthetic=False),
    ):
        with pytest.raises(SfbenchError, match="cannot be written"):
            write(tmp_path / "none" / "f")
