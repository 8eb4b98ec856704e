"""`sfbench validate`: the Great Expectations suites over a dataset."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from sfbench.cli import options as o
from sfbench.cli.content import folders, published_tables
from sfbench.cli.cut import tell_cut
from sfbench.cli.failure import FINDINGS
from sfbench.cli.new_file import keep_what_is_there
from sfbench.cli.say import pick, print_table, waiting
from sfbench.error_words import in_chinese
from sfbench.errors import SfbenchError, did_you_mean

if TYPE_CHECKING:
    from sfbench.quality import Report
    from sfbench.spec import Table

_SHOWN = 20  # checks that could not be made, of which a person reads the reason
_OUTCOMES = {
    "violated": ("violated", "违反"),
    "not_evaluated": ("not evaluated", "未能检查"),
    "passed": ("passed", "通过"),
}
_SEVERITIES = {"critical": "严重", "warning": "警告", "info": "提示"}


def validate(
    path: o.Dataset,
    suite: o.Suites = None,
    severity: o.Severity = None,
    fail_on: o.FailOn = "critical",
    html: o.Html = None,
    junit: o.Junit = None,
    github: o.Github = False,
    data_docs: o.DataDocs = None,
    as_of: o.AsOf = None,
    reference: o.Reference = None,
    force: o.Force = False,
    content: o.Content = None,
    as_json: o.Json = False,
    lang: o.Lang = "en",
) -> None:
    """Check the data with Great Expectations.

    Exits with 1 if an expectation of --fail-on or worse is violated or could not be evaluated.
    """
    from sfbench.quality.writers import annotate, save_junit, save_page

    for wanted, where in (("--html", html), ("--junit", junit)):
        o.writable(wanted, where)
    if html is not None:
        keep_what_is_there(html, force, "--html")
    tell_cut(path, lang)
    day = o.day("--as-of", as_of)
    with waiting(pick(lang, "checking with Great Expectations", "正在用 Great Expectations 检查")):
        chosen, extra = o.names("--suite", suite), folders(content)
        report = checked(path, suites=chosen, severity=severity, as_of=day, extra=extra, reference=reference)
    _name_undeclared(path, extra, lang)
    if html is not None:
        from sfbench.store import manifest

        synthetic = (path / manifest.NAME).exists()
        save_page(report, html, lang, source=path.resolve().name, synthetic=synthetic)
    if junit is not None:
        save_junit(report, junit, lang)
    if data_docs is not None:
        _data_docs(
            path,
            data_docs,
            suites=o.names("--suite", suite),
            severity=severity,
            as_of=day,
            extra=folders(content),
            lang=lang,
        )
    if as_json:
        print(report.to_json())
    elif not github:
        show(report, lang)
    if github:
        typer.echo("\n".join([*annotate(report, lang), verdict(report, lang)]), err=as_json)
    if report.fails_on(fail_on):
        raise typer.Exit(FINDINGS)


def checked(
    path: Path,
    *,
    suites: tuple[str, ...] | None = None,
    severity: o.Level | None = None,
    as_of: datetime.date | None = None,
    extra: tuple[Path, ...] = (),
    reference: Path | None = None,
) -> Report:
    """The report on a dataset whose files were found whole. Raises SfbenchError.

    A dataset made with `--tables` is judged by the suites of the tables that it holds.
    """
    from sfbench.quality import validate as run

    wanted = _wanted(path, suites, extra)
    return run(path, suites=wanted, severity=severity, content=extra, as_of=as_of, reference=reference)


def _wanted(path: Path, suites: tuple[str, ...] | None, extra: tuple[Path, ...]) -> list[str]:
    """Raises SfbenchError if nothing that is there is declared: a misspelt file would pass, as nothing was checked."""
    from sfbench.store.read import table_files

    declared = published_tables(extra)
    held = list(table_files(path, declared))
    if not declared.keys() & set(held):
        near = next((fix for fix in (did_you_mean(name, declared) for name in held) if "?" in fix), "")
        fix = near or "`sfbench list tables` names those that are declared; add your own with --content"
        raise SfbenchError("no declared table is here", where=str(path), why=", ".join(held), fix=fix)
    return [name for name in declared if name in held] if suites is None else expanded(suites, declared, extra)


def _name_undeclared(path: Path, extra: tuple[Path, ...], lang: o.Language) -> None:
    """A word on stderr for each table that no suite looks at, as it may be a misspelt one."""
    from sfbench.store.read import present_files

    declared = published_tables(extra)
    for name in present_files(path):
        if name not in declared:
            fix = did_you_mean(name, declared)
            near = f" ({in_chinese(fix) if lang == 'zh' else fix})" if "?" in fix else ""
            en, zh = f"{name} is not declared and was not checked", f"{name}未声明，未予检查"
            typer.echo(pick(lang, f"warning: {en}{near}", f"注意：{zh}{near}"), err=True)


def _data_docs(
    path: Path,
    out: Path,
    *,
    suites: tuple[str, ...] | None,
    severity: o.Level | None,
    as_of: datetime.date | None,
    extra: tuple[Path, ...],
    lang: o.Language,
) -> None:
    from sfbench.quality.data_docs import build
    from sfbench.quality.known import known_day
    from sfbench.quality.run import all_suites, chosen

    tables = published_tables(extra)
    every = all_suites(tables, extra, known_day(path, as_of))
    page = build(path, tables, chosen(every, _wanted(path, suites, extra), severity), out, as_of)
    en = f"{page}: the pages of Great Expectations load scripts, styles and a logo from remote hosts, which see that"
    zh = f"{page}：Great Expectations 的页面会从外部服务器加载脚本、样式和图标，对方可知页面被打开"
    typer.echo(pick(lang, f"warning: {en} they are opened", f"注意：{zh}"), err=True)


def show(report: Report, lang: o.Language) -> None:
    """The verdict by severity, then what is wrong."""
    from sfbench.quality.writers.wording import why

    counts = report.counts()
    headings = (pick(lang, "severity", "级别"), *(pick(lang, *words) for words in _OUTCOMES.values()))
    rows = [(pick(lang, s, _SEVERITIES[s]), *(f"{row[name]:,}" for name in _OUTCOMES)) for s, row in counts.items()]
    print_table(headings, rows, right=(1, 2, 3))
    troubles = [*report.violated, *report.not_evaluated[:_SHOWN]]
    if troubles:
        found = [
            (
                pick(lang, f.severity, _SEVERITIES[f.severity]),
                f.id,
                pick(lang, *_OUTCOMES[f.outcome]) + ("" if f.unexpected is None else f": {f.unexpected:,}"),
                pick(lang, f.en, f.zh) + (f"\n  {_short(pick(lang, *reversed(why(f.reason))))}" if f.reason else ""),
            )
            for f in troubles
        ]
        titles = (("severity", "级别"), ("expectation", "规则"), ("rows", "行数"), ("what it claims", "内容"))
        print_table([pick(lang, *title) for title in titles], found, whole=(0, 1))
    if named := ", ".join(f.id for f in report.not_evaluated[_SHOWN:]):
        print(pick(lang, f"not evaluated either (--json says why): {named}", f"同样未能检查（原因见--json）：{named}"))
    print(verdict(report, lang))


def _short(reason: str) -> str:
    """The first line of what a database said; --json has all of it."""
    line = reason.splitlines()[0].removeprefix("(_duckdb.CatalogException) ")
    return line if len(line) <= 120 else f"{line[:117]}..."


def verdict(report: Report, lang: o.Language) -> str:
    """The suites' verdict in a sentence."""
    total, bad, open_ = len(report.findings), len(report.violated), len(report.not_evaluated)
    if not total:
        return pick(lang, "nothing was checked", "没有进行任何检查")
    if bad or open_:
        en = f"{bad:,} of {total:,} expectations are violated, {open_:,} could not be evaluated"
        return pick(lang, en, f"{total:,}条规则中{bad:,}条被违反，{open_:,}条未能检查")
    return pick(lang, f"all {total:,} expectations hold", f"{total:,}条规则全部通过")


def expanded(names: tuple[str, ...], declared: Mapping[str, Table], extra: tuple[Path, ...]) -> list[str]:
    """Names of suite files that are no tables, replaced by the ids of their expectations."""
    from sfbench.quality.suites import load_suites

    files = {suite.name: suite for suite in load_suites(extra, tables=declared)}
    found: list[str] = []
    for name in names:
        known_file = name in files and name not in declared
        found += [expectation.id for expectation in files[name].expectations] if known_file else [name]
    return found
