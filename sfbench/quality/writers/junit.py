"""JUnit XML for build servers: a test suite per table, a test case per expectation.

A violation is a `failure`, a check that could not be made an `error`; the severity is their `type`, for JUnit knows no
severities.
"""

from __future__ import annotations

import itertools
import re
from pathlib import Path
from xml.etree import ElementTree

from sfbench.metrics.writers.file import write_file
from sfbench.quality.report import Finding, Report
from sfbench.quality.writers.wording import keys, summary
from sfbench.words import Language

_SHOWN = 20  # failing rows in a test case
_NOT_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # characters that XML 1.0 cannot hold


def save(report: Report, path: Path, lang: Language) -> None:
    """Writes the file. Raises SfbenchError if the folder does not exist."""
    root = tree(report, lang)
    write_file(path, lambda sink: ElementTree.ElementTree(root).write(sink, "utf-8", xml_declaration=True))


def tree(report: Report, lang: Language) -> ElementTree.Element:
    """The `testsuites` element."""
    root = ElementTree.Element("testsuites", name="sfbench validate", time=f"{report.seconds:.2f}")
    _count(root, report.findings)
    for table, group in itertools.groupby(report.findings, key=lambda finding: finding.table):
        findings = tuple(group)
        suite = ElementTree.SubElement(root, "testsuite", name=table)
        _count(suite, findings)
        for finding in findings:
            _case(suite, finding, lang)
    return root


def _count(element: ElementTree.Element, findings: tuple[Finding, ...]) -> None:
    element.set("tests", str(len(findings)))
    element.set("failures", str(sum(f.outcome == "violated" for f in findings)))
    element.set("errors", str(sum(f.outcome == "not_evaluated" for f in findings)))


def _case(suite: ElementTree.Element, finding: Finding, lang: Language) -> None:
    case = ElementTree.SubElement(suite, "testcase", classname=finding.table, name=finding.id)
    if finding.outcome == "passed":
        return
    place = 0 if lang == "zh" else 1
    trouble = ElementTree.SubElement(case, "failure" if finding.outcome == "violated" else "error")
    trouble.set("type", finding.severity)
    trouble.set("message", _xml((finding.zh, finding.en)[place]))
    trouble.text = _xml("\n".join([summary(finding)[place], *keys(finding, _SHOWN)]))


def _xml(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)
