"""Workflow commands that GitHub shows as annotations of a run.

Source: GitHub, Workflow commands for GitHub Actions (`::error title=...::message`; %, CR and LF are escaped, in
properties also colon and comma).
"""

from __future__ import annotations

from collections.abc import Iterator

from sfbench.quality.report import Finding, Report
from sfbench.quality.writers.wording import keys, summary
from sfbench.words import Language

_LEVELS = {"critical": "error", "warning": "warning", "info": "notice"}
_SHOWN = 3  # failing rows in an annotation


def annotate(report: Report, lang: Language) -> Iterator[str]:
    """A line for each violation, worst first, then for each check that could not be made."""
    for finding in (*report.violated, *report.not_evaluated):
        title = f"{finding.id} ({finding.severity})"
        yield f"::{_LEVELS[finding.severity]} title={_property(title)}::{_text(_message(finding, lang))}"


def _message(finding: Finding, lang: Language) -> str:
    place = 0 if lang == "zh" else 1
    claim = (finding.zh, finding.en)[place]
    return "\n".join([claim, summary(finding)[place], *keys(finding, _SHOWN)])


def _text(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _text(text).replace(":", "%3A").replace(",", "%2C")
