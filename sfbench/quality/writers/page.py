"""One HTML page that needs nothing else: by table, what was claimed and what was found, in Chinese and English."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from html import escape
from pathlib import Path

from sfbench.metrics.writers.file import write_file
from sfbench.quality.report import Finding, Report
from sfbench.quality.writers.wording import OUTCOMES, SEVERITIES, Both, keys, summary
from sfbench.words import Language

_CSS = Path(__file__).with_name("page.css")
_SHOWN = 20  # failing rows of an expectation
_VERDICTS: dict[str, Both] = {
    "violated": ("数据违反检查规则", "The data violate expectations"),
    "not_evaluated": ("未发现违反，但有规则未能检查", "Nothing is violated, but not all could be evaluated"),
    "passed": ("全部规则通过", "All expectations hold"),
}
_SYNTHETIC: Both = ("数据为合成数据，不涉及任何真实企业或机构", "The data are synthetic: no real firm or bank")
_SQL_ONLY: Both = ("仅限SQL", "SQL only")


def save(report: Report, path: Path, lang: Language, *, source: str, synthetic: bool) -> None:
    """Writes the page, which opens in `lang`. Raises SfbenchError if the folder does not exist."""
    page = text(report, lang, source=source, synthetic=synthetic)
    write_file(path, lambda sink: sink.write(page.encode()))


def text(report: Report, lang: Language, *, source: str, synthetic: bool) -> str:
    """The page; `source` names the data, `synthetic` says that sfbench made them."""
    title: Both = ("数据质量检查", "Data quality")
    parts = [
        f'<div class="top"><h1>{_both(title)}</h1>',
        f'<div class="switch">{_switch("zh", "中文", lang)} {_switch("en", "English", lang)}</div></div>',
        f'<p class="soft">{escape(source)}{f" · {_both(_SYNTHETIC)}" if synthetic else ""}</p>',
        f'<p class="{report.verdict}">{_both(_VERDICTS[report.verdict])}</p>',
        _counts(report),
        f"<h2>{_both(('数据表', 'Tables'))}</h2>",
        *(_table(name, tuple(group)) for name, group in itertools.groupby(report.findings, key=lambda f: f.table)),
    ]
    view = '<meta name="viewport" content="width=device-width, initial-scale=1">'
    style = f"<style>{_CSS.read_text(encoding='utf-8')}</style>"
    head = f'<meta charset="utf-8">{view}<title>{escape(title[lang == "en"])}</title>{style}'
    body = "\n".join(parts)
    return f'<!doctype html>\n<html lang="{lang}"><head>{head}</head>\n<body>\n{body}\n</body></html>\n'


def _counts(report: Report) -> str:
    head = "".join(f'<th class="n">{_both(words)}</th>' for words in OUTCOMES.values())
    rows = [
        f"<tr><td>{_both(SEVERITIES[severity])}</td>"
        + "".join(f'<td class="n">{row[outcome]:,}</td>' for outcome in OUTCOMES)
        + "</tr>"
        for severity, row in zip(SEVERITIES, report.counts().values(), strict=True)
    ]
    return f"<table><tr><th>{_both(('级别', 'Severity'))}</th>{head}</tr>\n" + "\n".join(rows) + "\n</table>"


def _table(name: str, findings: Sequence[Finding]) -> str:
    """Troubles open to the eye, what passed folded away."""
    troubles = [f for f in findings if f.outcome != "passed"]
    passed = [f for f in findings if f.outcome == "passed"]
    found = [f"{_both(OUTCOMES[o])} {n}" for o in OUTCOMES if (n := sum(f.outcome == o for f in findings))]
    worst = next(o for o in OUTCOMES if any(f.outcome == o for f in findings))
    rows = findings[0].rows
    size = _both(("缺表", "missing")) if rows is None else f"{rows:,} {_both(('行', 'rows'))}"
    head = f'<b>{escape(name)}</b> <span class="soft">{size}</span> <span class="{worst}">{" · ".join(found)}</span>'
    held = f"<details><summary>{_both(('通过的规则', 'What holds'))}</summary>{''.join(map(_claim, passed))}</details>"
    inner = "\n".join(map(_claim, troubles)) + (held if passed else "")
    return f"<details{' open' if troubles else ''}><summary>{head}</summary>\n{inner}\n</details>"


def _claim(finding: Finding) -> str:
    facts = [f"<code>{escape(finding.id)}</code>", _both(SEVERITIES[finding.severity])]
    facts += [_both((f"举措 {n}", f"measure {n}")) for n in finding.measures]
    facts += [_both(_SQL_ONLY)] if finding.sql_only else []
    lines = [
        f"<p>{_both((finding.zh, finding.en))}</p>",
        f'<p class="facts">{" · ".join(facts)}</p>',
    ]
    if finding.outcome != "passed":
        rows = "".join(f"<li><code>{escape(row)}</code></li>" for row in keys(finding, _SHOWN))
        lines += [
            f'<p class="{finding.outcome}">{_both(summary(finding))}</p>',
            f"<p>{_both(('可能的差错', 'Likely fault'))}: {_both((finding.finds_zh, finding.finds_en))}</p>",
            f"<ul>{rows}</ul>" if rows else "",
        ]
    return f'<div class="claim">{"".join(lines)}</div>'


def _switch(code: str, name: str, lang: Language) -> str:
    checked = " checked" if code == lang else ""
    return f'<label><input type="radio" name="lang" id="{code}"{checked}> {name}</label>'


def _both(words: Both) -> str:
    zh, en = map(escape, words)
    return f'<span class="zh" lang="zh">{zh}</span><span class="en" lang="en">{en}</span>'
