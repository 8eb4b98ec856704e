"""`sfbench evaluate`: the metrics of a dataset."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import typer

from sfbench.cli import options as o
from sfbench.cli.alike import how_to_make
from sfbench.cli.content import folders
from sfbench.cli.cut import tell_cut
from sfbench.cli.new_file import check_new_file
from sfbench.cli.say import month, pick, print_table, reason, waiting

if TYPE_CHECKING:
    from sfbench.metrics import Report

_SHOWN = 60  # series that a person reads
_NAMED = 4  # metrics of one reason that are named


def evaluate(
    path: o.Dataset,
    metric: o.Metrics = None,
    measure: o.Measures = None,
    cut: o.Cuts = None,
    as_of: o.AsOf = None,
    out: o.OutFigures = None,
    names: o.Names = False,
    cache: o.CacheFolder = None,
    force: o.Force = False,
    content: o.Content = None,
    as_json: o.Json = False,
    lang: o.Lang = "en",
) -> None:
    """Compute the metrics in DuckDB.

    Prints each at its latest month; --json and --out give the whole long table, .xlsx and .md a report to read. What
    is missing stops only the metrics that need it.
    """
    from sfbench.metrics import Report, catalogue, evaluate_folder, json_lines, with_names, write

    if out is not None:
        check_new_file(out, force)
    tell_cut(path, lang)
    numbers = o.names("--measure", measure)
    measures = None if numbers is None else [o.whole_number("--measure", text) for text in numbers]
    cuts, extra = o.names("--cut", cut), folders(content)
    with waiting(pick(lang, "computing metrics", "正在计算指标")):
        found = evaluate_folder(
            path,
            as_of=o.day("--as-of", as_of),
            metrics=o.names("--metric", metric),
            measures=measures,
            cuts=cuts,
            content=extra,
            cache=cache,
        )
    known = catalogue(extra).metrics
    table = with_names(found.table, known, lang, found.held) if names else found.table
    every = cuts is not None
    report = Report(table, known, lang, found.published, found.synthetic, every_cut=every, held=found.held)
    if out is not None:
        with waiting(pick(lang, "writing", "正在写出")):
            write(report, out)
    if as_json:
        sys.stdout.writelines(json_lines(table))
    elif out is None:
        _show(report)
    else:
        print(pick(lang, f"{out}: {table.num_rows:,} rows", f"{out}：{table.num_rows:,}行"))
    _tell_reasons(report)


def _show(report: Report) -> None:
    from sfbench.metrics import label
    from sfbench.metrics.latest import finding_words, target_words, unit_words, value_words

    lang, published = report.lang, report.published
    found = report.latest()
    headings = (
        pick(lang, "metric", "指标"),
        month(published) if published else pick(lang, "published", "已公布"),
        pick(lang, "latest", "最新"),
        pick(lang, "month", "月份"),
        pick(lang, "unit", "单位"),
    )
    rows = []
    for one in found[:_SHOWN]:
        named = label(report.metrics[one.metric], lang)
        part = label(report.metrics[one.metric], lang, one.component)
        aim = target_words(lang, one.target, one.unit)
        finding = finding_words(lang, one) or ("" if one.last_month else reason(lang, one.reason))
        remark = reason(lang, one.remark)
        rows.append(
            (
                "\n  ".join(filter(None, (f"{named}: {part}", report.group(one), aim, finding, remark))),
                value_words(lang, one, one.published_value),
                value_words(lang, one, one.last_value),
                month(one.last_month),
                unit_words(lang, one),
            )
        )
    print_table(headings, rows, right=(1, 2))
    shown, total, rows_all = min(len(found), _SHOWN), len(found), f"{report.table.num_rows:,}"
    en = f"{shown} of {total} series, city values; the long table has {rows_all} rows: --json or --out FILE"
    print(pick(lang, en, f"显示{shown}/{total}个序列（全市口径）；长表共{rows_all}行：--json 或 --out FILE"))


def _tell_reasons(report: Report) -> None:
    """On stderr, so that JSON stays alone: the metrics that have no figure, by reason."""
    reasons = report.not_computable()
    if not reasons:
        return
    lang, count = report.lang, sum(map(len, reasons.values()))
    some = "1 metric is" if count == 1 else f"{count} metrics are"
    typer.echo(pick(lang, f"{some} not computable:", f"{count}个指标无法计算："), err=True)
    for why, names in reasons.items():
        named = ", ".join(names[:_NAMED]) + (f", ... ({len(names)})" if len(names) > _NAMED else "")
        typer.echo(f"  {reason(lang, why)}: {named}", err=True)
    needed = {name for why in reasons if why.startswith("needs ") for name in why.removeprefix("needs ").split(", ")}
    if remedy := how_to_make(needed, lang):
        typer.echo(remedy, err=True)
