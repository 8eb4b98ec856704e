"""`sfbench quality-score`: how many planted faults the suites find, and how many sound rows they blame."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from sfbench.cli import options as o
from sfbench.cli.content import folders
from sfbench.cli.say import pick, print_table, waiting

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sfbench.quality.score import FaultScore, Score
    from sfbench.quality.score.lag import Lag

_LEVELS = {
    "cell": ("cell", "单元格"),
    "row": ("row", "行"),
    "table": ("table", "表"),
    "cross": ("across tables", "跨表"),
    "statistical": ("statistical", "统计"),
}


def quality_score(
    scenario: o.Scenario = "dirty_feeds_kept",
    scale: o.Scale = "small",
    seed: o.Seeds = None,
    out: o.KeepFolder = None,
    force: o.Force = False,
    content: o.Content = None,
    as_json: o.Json = False,
    lang: o.Lang = "en",
) -> None:
    """Plant the faults of a scenario, run the suites, and score them.

    Prints recall, precision and F1 by expectation, by class and by fault, false alarms, and how soon faults are seen.
    """
    from sfbench.quality.score import quality_score as run

    seeds = tuple(o.natural("--seed", text) for text in o.names("--seed", seed) or ("0",))
    with waiting(pick(lang, "planting, checking, comparing", "正在植入差错、检查并比对")):
        score = run(scenario, scale=scale, seeds=seeds, out=out, content=folders(content), force=force)
    if as_json:
        print(score.to_json())
        return
    _show(score, lang)
    if out is not None:
        print(pick(lang, f"datasets, alarms and misses are in {out}", f"数据集、告警与漏检见{out}"))


def _show(score: Score, lang: o.Language) -> None:
    _show_expectations(score, lang)
    titles = (
        ("fault", "差错"),
        ("class", "类别"),
        ("planted", "植入"),
        ("found", "检出"),
        ("recall", "召回率"),
        ("precision", "精确率"),
        ("F1", "F1"),
        ("shown", "报告显示"),
    )
    head = [pick(lang, *title) for title in titles]
    from sfbench.content import faults

    known = faults()
    names = {name: pick(lang, fault.spec.en, fault.spec.zh) for name, fault in known.items()}
    visible = [f for f in score.faults if f.visible]
    print_table(
        head[1:2] + head[2:], [_row(f, lang, pick(lang, *_LEVELS[f.level])) for f in score.classes], right=range(1, 7)
    )
    rows = [_row(f, lang, names.get(f.name, f.name), pick(lang, *_LEVELS[f.level])) for f in visible]
    print_table(head, rows, right=range(2, 8))
    hidden = [f for f in score.faults if not f.visible]
    if hidden:
        said = "、".join if lang == "zh" else ", ".join
        listed = said(f"{names.get(f.name, f.name)} ({f.count.found:,}/{f.count.planted:,})" for f in hidden)
        print(
            pick(
                lang, f"declared invisible to rules, not in recall: {listed}", f"声明规则不可见，不计入召回率：{listed}"
            )
        )
    for claim in score.not_evaluated:
        typer.echo(pick(lang, f"could not be evaluated: {claim}", f"未能检查：{claim}"), err=True)
    print(_verdict(score, lang))


def _show_expectations(score: Score, lang: o.Language) -> None:
    """Every expectation that raised an alarm; those with false alarms come last, next to what follows."""
    titles = (
        ("expectation", "规则"),
        ("alarms", "告警"),
        ("false", "误报"),
        ("found alone", "独家检出"),
        ("recall", "召回率"),
        ("precision", "精确率"),
        ("F1", "F1"),
    )
    rows = [
        (
            *(e.id, f"{e.count.alarms:,}", f"{e.count.alarms - e.count.true_alarms:,}", f"{e.count.alone:,}"),
            *(_share(e.recall), _share(e.precision), _share(e.f1)),
        )
        for e in sorted(score.expectations, key=lambda e: (e.count.true_alarms < e.count.alarms, e.id))
    ]
    if rows:
        print_table([pick(lang, *title) for title in titles], rows, whole=(0,), right=range(1, 7))


def _row(score: FaultScore, lang: o.Language, *names: str) -> Sequence[str]:
    count = score.count
    figures = (_share(score.recall), _share(score.precision), _share(score.f1), _soon(score.lag, lang))
    return (*names, f"{count.planted:,}", f"{count.found:,}", *figures)


def _soon(lag: Lag, lang: o.Language) -> str:
    """How soon the reports show most events, e.g. `same month 0.980`."""
    if lag.usual is None:
        return "-"
    months, share = lag.usual
    en = "same month" if months == 0 else "within a month" if months == 1 else f"within {months} months"
    return f"{pick(lang, en, f'{months}个月内' if months else '当月')} {_share(share)}"


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _verdict(score: Score, lang: o.Language) -> str:
    figures = [_share(x) for x in (score.recall, score.precision, score.f1)]
    false = "-" if score.false_per_1000 is None else f"{score.false_per_1000:.3f}"
    en = f"recall {figures[0]} of visible faults, precision {figures[1]}, F1 {figures[2]}; {false} false alarms"
    zh = f"可见差错召回率{figures[0]}，精确率{figures[1]}，F1 {figures[2]}；每千行无差错数据误报{false}条"
    return pick(lang, f"{en} per 1,000 rows without a fault", zh)
