"""`sfbench demo`: a city, its checks and its headline targets in one go, told in plain words."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from sfbench.cli import options as o
from sfbench.cli.failure import FINDINGS
from sfbench.cli.generate import carry_out, summary, wished
from sfbench.cli.say import month, pick, print_json, print_table, size, waiting
from sfbench.cli.validate import checked, show
from sfbench.errors import SfbenchError

if TYPE_CHECKING:
    from sfbench.metrics.latest import Series
    from sfbench.quality import Report

_NOTE = "demo.json"  # what the demo found, and its claim to the folder
_FIGURES = "metrics.csv"


def demo(
    out: o.OutFolder = Path("sfbench-demo"),
    scale: o.Scale = "small",
    seed: o.Seed = "0",
    jobs: o.Jobs = 1,
    as_json: o.Json = False,
    lang: o.Lang = "en",
) -> None:
    """Make a city, check it, and tell its headline targets.

    Writes the dataset, metrics.csv and demo.json to --out, and replaces only what an earlier demo wrote there.
    """
    wish = wished("baseline", scale, seed)
    quiet = as_json or not sys.stdout.isatty()
    if not quiet:
        print(pick(lang, "generating a fictional city ...", "正在生成一座虚构的城市……"))
    made = carry_out(wish, out, jobs=jobs, force=_may_replace(out))
    facts = summary(made, out)
    _claim(out, {"fingerprint": made.fingerprint})
    with waiting(pick(lang, "checking with Great Expectations", "正在用 Great Expectations 检查")):
        report = checked(out)
    with waiting(pick(lang, "computing metrics", "正在计算指标")):
        from sfbench.metrics import catalogue, evaluate_folder, write_csv
        from sfbench.metrics.latest import series

        figures = evaluate_folder(out)
        write_csv(figures.table, out / _FIGURES)
    known = catalogue().metrics
    totals = series(figures.table, figures.published, every_cut=False)
    targets = [one for one in totals if one.measure == 0 and one.target]
    headlines = [one for one in targets if one.component == known[one.metric].judged[0]]
    found = _found(facts, headlines, report)
    _claim(out, {"fingerprint": made.fingerprint, **found})
    if as_json:
        print_json(found)
    else:
        _tell(facts, headlines, report, month(figures.published) if figures.published else "", out, lang)
    if report.fails_on("critical"):
        raise typer.Exit(FINDINGS)


def _may_replace(out: Path) -> bool:
    """Whether the folder holds a dataset that the demo made. Raises SfbenchError if it holds another one."""
    from sfbench.store import manifest

    path = out / manifest.NAME
    if not path.is_file() or not manifest.is_manifest(path):
        return False  # new, empty, an interrupted run, or something else, which the store refuses
    try:
        note = json.loads((out / _NOTE).read_text(encoding="utf-8"))
        if note["fingerprint"] == manifest.read(out, checked=False).fingerprint:
            return True
    except (OSError, ValueError, LookupError, TypeError):
        pass  # no claim that can be read is no claim
    why = "the demo replaces only what an earlier demo wrote"
    raise SfbenchError("the folder holds another dataset", where=str(out), why=why, fix="choose another --out")


def _claim(out: Path, note: dict[str, Any]) -> None:
    from sfbench.store.files import write_whole

    text = json.dumps(note, ensure_ascii=False, indent=1, default=str)
    write_whole(out / _NOTE, (text + "\n").encode())


def _found(facts: dict[str, Any], headlines: list[Series], report: Report) -> dict[str, Any]:
    targets = [
        {
            "metric": one.metric,
            "component": one.component,
            "unit": one.unit,
            "target": one.target,
            "published_value_city": one.published_value,
            "last_month": None if one.last_month is None else one.last_month.isoformat(),
            "last_value_city": one.last_value,
            "status": one.status,
            "first_achieved_on": None if one.first_achieved_on is None else one.first_achieved_on.isoformat(),
            "sustained": one.sustained,
        }
        for one in headlines
    ]
    return {"dataset": facts, "targets": targets, "checks": {"verdict": report.verdict, "counts": report.counts()}}


def _tell(
    facts: dict[str, Any], headlines: list[Series], report: Report, published: str, out: Path, lang: o.Language
) -> None:
    from sfbench.metrics import catalogue
    from sfbench.metrics.latest import finding_words, target_words, value_words
    from sfbench.metrics.output import judged_label

    known = catalogue().metrics
    latest = max((month(one.last_month) for one in headlines if one.last_month), default="")
    print()
    _heading(pick(lang, "Headline targets of the action plan", "行动方案总体目标"))
    titles = (
        pick(lang, "target", "目标"),
        published or pick(lang, "published", "已公布"),
        latest or pick(lang, "latest", "最新"),
        pick(lang, "finding", "结论"),
    )
    rows = []
    for one in headlines:
        named = judged_label(known[one.metric], lang, one.component)
        name = f"{named}\n  {target_words(lang, one.target, one.unit)}"
        values = (value_words(lang, one, value) for value in (one.published_value, one.last_value))
        rows.append((name, *values, finding_words(lang, one)))
    print_table(titles, rows, right=(1, 2))
    en = f"Values are scaled from a sample of {facts['scale']:g} to the whole city."
    zh = f"数值由{facts['scale']:g}的样本折算为全市口径。"
    if published and latest > published:
        en += f"\nMonths after {published} are a projection. The finding says when a target was met, not why."
        zh += f"\n{published}之后的月份为推演。结论只说明何时达成，不说明原因。"
    print(pick(lang, en, zh))
    print()
    _heading(pick(lang, "Checks of the data (Great Expectations)", "数据质量检查（Great Expectations）"))
    show(report, lang)
    print()
    _heading(pick(lang, "Where the files are", "文件位置"))
    held = pick(
        lang,
        f"{len(facts['tables'])} tables, {facts['rows']:,} rows, {size(facts['bytes'])} of Parquet",
        f"{len(facts['tables'])}张表，{facts['rows']:,}行，{size(facts['bytes'])}，Parquet格式",
    )
    print(f"  {out / 'data'}/<table>/*.parquet   {held}")
    print(f"  {out / _FIGURES}   {pick(lang, 'every metric, month and cut', '全部指标、月份和分组')}")
    print(f"  {out / _NOTE}   {pick(lang, 'this summary', '本摘要')}")
    mark = "All of it is synthetic: no row stands for a real firm, bank or person."
    print(pick(lang, mark, "全部为合成数据：没有一行对应真实的企业、银行或个人。"))
    print()
    _heading(pick(lang, "What to try next", "接下来可以尝试"))
    tries = (
        (f"sfbench evaluate {out} --measure 0 --cut bank", "the headline figures by bank", "按银行看总体指标"),
        (f"sfbench calibration {out}", "how close it is to published figures", "与公布数据的差距"),
        ("sfbench describe loan_balance", "what a table holds", "数据表的内容"),
        ("sfbench generate baseline --scale medium --jobs 2 --out city", "a larger city", "更大的城市"),
    )
    wide = max(len(command) for command, _, _ in tries)
    for command, en_why, zh_why in tries:
        print(f"  {command.ljust(wide)}  {pick(lang, en_why, zh_why)}")


def _heading(text: str) -> None:
    print(f"\033[1m{text}\033[0m" if sys.stdout.isatty() else text)
