"""`sfbench assess`: institutions by a method."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import typer

from sfbench.cli import options as o
from sfbench.cli.content import folders, published_tables
from sfbench.cli.cut import tell_cut
from sfbench.cli.say import pick, print_json, print_table, waiting

if TYPE_CHECKING:
    from sfbench.assess.apply import Result
    from sfbench.assess.scorecard import Card


def assess(
    path: o.Dataset,
    method: o.MethodName,
    period: o.Period = None,
    qualitative: o.OwnFigures = None,
    replicates: o.Replicates = "0",
    seed: o.DrawSeed = "0",
    as_of: o.AsOf = None,
    out: o.OutScorecards = None,
    force: o.Force = False,
    content: o.Content = None,
    as_json: o.Json = False,
    lang: o.Lang = "en",
) -> None:
    """Score and rank the banks by a composite method, and show how far the ranks depend on its choices.

    Prints the ranking; --out writes scorecards as a page and a workbook, with tables for machines beside them.
    `sfbench list methods` names the methods; none of them is an official assessment of the city.
    """
    from sfbench.assess.apply import apply
    from sfbench.assess.data import read_folder
    from sfbench.assess.find import find_method
    from sfbench.assess.scorecard import scorecards
    from sfbench.assess.writers import check_folder, write
    from sfbench.assess.writers.plain import as_json as record
    from sfbench.store import manifest

    extra = folders(content)
    found = find_method(method, extra)
    count, number = o.natural("--replicates", replicates), o.natural("--seed", seed)
    if out is not None:
        check_folder(out, force)
    tell_cut(path, lang)
    with waiting(pick(lang, "computing indicators", "正在计算指标")):
        day, tables = o.day("--as-of", as_of), published_tables(extra)
        data = read_folder(found, path, period=period, own=qualitative, as_of=day, content=extra, declared=tables)
    ours = (path / manifest.NAME).exists()
    with waiting(pick(lang, "assessing", "正在评价")):
        result = apply(found, data, replicates=count, seed=number)
    cards = scorecards(result)
    files = [] if out is None else write(result, out, lang, synthetic=ours)
    if as_json:
        print_json(record(result, cards))
    else:
        _show(result, cards, lang, ours)
    for file in files:
        typer.echo(file, err=as_json)


def _show(result: Result, cards: Sequence[Card], lang: o.Language, synthetic: bool) -> None:
    from sfbench.assess.writers.facts import about, groups, robustness, score

    method, kinds = result.method, groups()
    title = f"{pick(lang, method.title_en, method.title_zh)}, {result.now.period}"
    headings = [
        pick(lang, "rank", "名次"),
        pick(lang, "bank", "机构"),
        pick(lang, "kind", "类别"),
        pick(lang, "score", "得分"),
        pick(lang, "band", "等级"),
        pick(lang, "interval", "名次区间"),
        pick(lang, "before", "上年名次"),
    ]
    rows = [
        (
            f"{card.rank}{'=' if card.tied else ''}",
            pick(lang, card.en, card.zh),
            pick(lang, *reversed(kinds.get(card.group, (card.group, card.group)))),
            score(result, card.score),
            pick(lang, card.band.en, card.band.zh) if card.band else "",
            _interval(card),
            str(card.rank_before or "-"),
        )
        for card in cards
    ]
    print_table(headings, rows, right=(0, 3, 6), title=title)
    for zh, en in [*about(result, synthetic=synthetic), *robustness(result)]:
        print(pick(lang, en, zh))
    if out := len(result.now.exclusions):
        en, zh = f"{out} banks are not assessed: --json or --out DIR", f"{out}家机构未参评：--json 或 --out DIR"
        print(pick(lang, en, zh))


def _interval(card: Card) -> str:
    from sfbench.assess.writers.facts import not_always

    if card.interval:
        share = not_always(card)
        return f"{card.interval[0]}-{card.interval[2]}" + (f" ({share})" if share else "")
    return f"{card.bounds[0]}-{card.bounds[1]}" if card.bounds else ""
