"""A report to read, in Markdown: by measure, each metric at its latest month, with its target."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

from sfbench.metrics.latest import Series, finding_words, target_words, unit_words, value_words
from sfbench.metrics.output import label
from sfbench.metrics.writers.file import write_file
from sfbench.metrics.writers.report import Report, measure_title, notes, reason_lines
from sfbench.spec import Metric
from sfbench.words import month, pick, reason


def save(report: Report, path: Path) -> None:
    """Writes the report. Raises SfbenchError if the folder does not exist."""
    write_file(path, lambda sink: sink.write(text(report).encode()))


def text(report: Report) -> str:
    """The report as Markdown (GitHub's tables)."""
    lang = report.lang
    lines = [f"# {pick(lang, 'Metrics of the action plan', '行动方案指标')}", "", " ".join(notes(report))]
    for number, group in report.by_measure():
        computed = [one for one in group if one.last_month]
        if computed:
            lines += ["", f"## {measure_title(lang, number)}"]
        for name, members in groupby(computed, key=lambda one: one.metric):
            lines += _metric(report, report.metrics[name], list(members))
    if reasons := reason_lines(report):
        lines += ["", f"## {pick(lang, 'Not computable', '无法计算')}", "", *(f"- {_cell(line)}" for line in reasons)]
    return "\n".join(lines) + "\n"


def _metric(report: Report, metric: Metric, members: list[Series]) -> list[str]:
    lang, aims = report.lang, [one for one in members if one.target]
    lines = ["", f"### {label(metric, lang)}", "", f"`{metric.id}`"]
    if aims:
        findings = [finding_words(lang, one) for one in aims]
        if len(aims) > 1:
            findings = [f"{label(metric, lang, one.component)}: {of}" for one, of in zip(aims, findings, strict=True)]
        lines[-1] += f". {pick(lang, 'Target', '目标')}: {target_words(lang, aims[0].target, aims[0].unit)}"
        lines[-1] += f" ({'; '.join(findings)})"
    headings = (
        pick(lang, "component", "分项"),
        month(report.published) if report.published else "",
        pick(lang, "latest", "最新"),
        pick(lang, "month", "月份"),
        pick(lang, "unit", "单位"),
        pick(lang, "remark", "备注"),
    )
    rows = [_row(report, metric, one) for one in members]
    used = [place for place in range(6) if headings[place] and (place != 5 or any(row[5] for row in rows))]
    rule = ["---:" if place in (1, 2) else "---" for place in range(6)]
    table = ["| " + " | ".join(_cell(line[p]) for p in used) + " |" for line in (headings, rule, *rows)]
    return [*lines, "", *table]


def _row(report: Report, metric: Metric, one: Series) -> tuple[str, ...]:
    lang, group = report.lang, report.group(one)
    return (
        label(metric, lang, one.component) + (f"; {group}" if group else ""),
        value_words(lang, one, one.published_value),
        value_words(lang, one, one.last_value),
        month(one.last_month),
        unit_words(lang, one),
        reason(lang, one.remark),
    )


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
