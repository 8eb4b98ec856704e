"""`sfbench check-schema`: a user's own tables against the declared schema."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import typer

from sfbench.cli import options as o
from sfbench.cli.alike import how_to_make
from sfbench.cli.content import folders
from sfbench.cli.failure import FINDINGS
from sfbench.cli.say import lacking, pick, print_json, print_table, waiting

if TYPE_CHECKING:
    from sfbench.schema import Finding, SchemaReport

_KINDS = {
    "missing": ("missing", "缺少"),
    "unreadable": ("cannot be read", "无法读取"),
    "type": ("wrong type", "类型不符"),
    "null": ("null where a value is required", "必填字段为空"),
    "code": ("unknown code", "未知代码"),
    "extra": ("not declared", "未声明"),
}
_NAMED = 6  # metrics of one cause that are named


def check_schema(
    path: o.Dataset,
    content: o.Content = None,
    as_json: o.Json = False,
    lang: o.Lang = "en",
) -> None:
    """Say what of your own tables fits the declared schema, and what can be computed from them.

    Tables and columns that are missing, of a wrong type or not declared; nulls and codes that may not be; metrics and
    suites, and what they lack. Exits with 1 if a metric cannot be computed or a value does not fit.
    """
    from sfbench.schema import check_schema as run

    with waiting(pick(lang, "checking the schema", "正在检查表结构")):
        report = run(path, folders(content))
    if as_json:
        print_json(report.to_json())
    else:
        _show(report, lang)
    if not report.sound:
        raise typer.Exit(FINDINGS)


def _show(report: SchemaReport, lang: o.Language) -> None:
    held = {name: facts for name, facts in report.tables.items() if facts.present}
    rows = [(name, f"{facts.rows:,}", f"{facts.usable} / {facts.declared}") for name, facts in held.items()]
    titles = (("table", "数据表"), ("rows", "行数"), ("columns of those declared", "可用字段/声明字段"))
    print_table([pick(lang, *title) for title in titles], rows, right=(1, 2))
    lost = [f.table for f in report.findings if f.kind == "missing" and not f.column and f.table not in held]
    if lost:
        print(pick(lang, f"{len(lost)} tables are missing: ", f"缺少{len(lost)}张表：") + ", ".join(lost))
    rest = [f for f in report.findings if f.table not in lost]
    if rest:
        cells = [
            (_name(f), pick(lang, *_KINDS[f.kind]), f"{f.rows:,}" if f.rows else "", _detail(f, lang)) for f in rest
        ]
        heads = (("where", "位置"), ("finding", "问题"), ("rows", "行数"), ("detail", "说明"))
        print_table([pick(lang, *head) for head in heads], cells, right=(2,), whole=(0,))
    if any(f.kind == "type" for f in rest):
        en = "  types that do not fit: `sfbench import FILES --out own` converts them, with --text-keys keys as well"
        print(pick(lang, en, "  类型不符时：`sfbench import FILES --out own`可转换；主键为文本时加--text-keys"))
    _tell(lang, ("metrics can run", "指标中{}个可以运行"), report.metrics)
    if remedy := how_to_make({cause for causes in report.metrics.values() for cause in causes}, lang):
        print(remedy)
    _tell(lang, ("hand-written suites can run whole", "规则集中{}个可以完整运行"), report.suites)
    if any(report.suites.values()):
        en = "  of the others `sfbench validate` evaluates every rule that reads nothing of this, and names the rest"
        print(pick(lang, en, "  其余规则集中不涉及上述缺失的规则，sfbench validate 仍会检验，并列出未检验的规则"))


def _tell(lang: o.Language, what: tuple[str, str], needs: Mapping[str, tuple[str, ...]]) -> None:
    """How many can run, then what is missing for the others, by cause."""
    able = sum(not missing for missing in needs.values())
    print(pick(lang, f"{able} of {len(needs)} {what[0]}", f"{len(needs)}个{what[1].format(able)}"))
    causes: dict[str, list[str]] = {}
    for name, missing in needs.items():
        for cause in missing:
            causes.setdefault(cause, []).append(name)
    for cause, names in sorted(causes.items(), key=lambda item: (-len(item[1]), item[0])):
        some = ", ".join(names[:_NAMED]) + (", ..." if len(names) > _NAMED else "")
        print(
            pick(
                lang,
                f"  {cause} is needed by {len(names)}: {some}",
                f"  {lacking(lang, cause)}：{len(names)}个需要：{some}",
            )
        )


def _name(finding: Finding) -> str:
    return f"{finding.table}.{finding.column}" if finding.column else finding.table


def _detail(finding: Finding, lang: o.Language) -> str:
    if not finding.detail:
        return ", ".join(finding.examples)
    return lacking(lang, f" ({finding.detail})").strip()[1:-1]  # as behind a name, without the brackets
