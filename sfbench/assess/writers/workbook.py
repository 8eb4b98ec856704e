"""An Excel workbook: ranking, indicators of each bank, what moved, and notes; headings in both languages."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from sfbench.assess.apply import Result
from sfbench.assess.scorecard import Card
from sfbench.assess.writers.facts import about, exclusions, groups, measured, robustness
from sfbench.metrics.writers.file import write_file
from sfbench.words import unit

_CREATED = datetime.datetime(1980, 1, 1)  # the time of writing would make two files of the same result differ
Columns = Sequence[tuple[str, int, str]]  # heading, width in characters, number format
_BANK = (("机构编号 Id", 10, ""), ("机构", 26, ""), ("Bank", 34, ""))
_RANKING: Columns = (
    ("名次 Rank", 10, "0"),
    *_BANK,
    ("类别 Kind", 26, ""),
    ("得分 Score", 12, "0.000"),
    ("等级 Band", 24, ""),
    ("名次下限 Low, 5 %", 18, "0"),
    ("名次中位数 Median", 16, "0"),
    ("名次上限 High, 95 %", 18, "0"),
    ("参评的抽取 Replicates that assess it", 30, "0%"),
    ("上年得分 Score before", 18, "0.000"),
    ("上年名次 Rank before", 18, "0"),
    ("加减分与底线 Adjustments and floors", 44, ""),
    ("若报送的最好名次 Best if reported", 28, "0"),
    ("若报送的最差名次 Worst if reported", 28, "0"),
)
_ITEMS: Columns = (
    *_BANK,
    ("指标", 28, ""),
    ("Indicator", 36, ""),
    ("数值 Figure", 14, "#,##0.000"),
    ("单位 Unit", 18, ""),
    ("标准化 Normalised", 16, "0.000"),
    ("权重 Weight", 12, "0.0%"),
    ("贡献 Contribution", 16, "0.0000"),
    ("同业均值 Mean of banks", 20, "0.0000"),
    ("较上年 Change in a year", 20, "+0.0000;-0.0000;0"),
)
_MOVED: Columns = (
    *_BANK,
    ("指标", 28, ""),
    ("Indicator", 36, ""),
    ("较上年 Change in a year", 20, "+0.0000;-0.0000;0"),
)
_NOTES: Columns = (("说明", 80, ""), ("Notes", 100, ""))


def save(result: Result, cards: Sequence[Card], path: Path, *, synthetic: bool) -> None:
    """Writes the workbook. Raises SfbenchError if the folder does not exist."""
    write_file(path, lambda sink: _write(result, cards, sink, synthetic=synthetic))


def _write(result: Result, cards: Sequence[Card], sink: BinaryIO, *, synthetic: bool) -> None:
    import xlsxwriter

    options = {"strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(sink, options) as book:
        method = result.method
        mark = "合成数据 synthetic data" if synthetic else ""
        book.set_properties({"title": f"{method.title_zh} {method.title_en}", "keywords": mark, "created": _CREATED})
        _sheet(book, "排名 Ranking", _RANKING, map(_ranked, cards))
        _sheet(book, "指标 Indicators", _ITEMS, _items(result, cards))
        _sheet(book, "变动 Changes", _MOVED, _moved(result, cards))
        out = [
            (f"未参评：{who[0]}（{why[0]}）", f"Not assessed: {who[1]}, {why[1]}") for who, why in exclusions(result)
        ]
        steps = [(step, step) for step in result.now.realised]
        period = result.now.period
        head = (f"{method.title_zh}，{period}（{method.name}）", f"{method.title_en}, {period} ({method.name})")
        lines = [head, *about(result, synthetic=synthetic), *robustness(result), *out, *steps]
        _sheet(book, "说明 Notes", _NOTES, map(list, lines))


def _ranked(card: Card) -> list[Any]:
    said = [f"{zh} {en}: {points:+g}" for zh, en, points in card.adjustments]
    said += [f"{zh} {en}" for zh, en in card.vetoes]
    return [
        card.rank,
        *_bank(card),
        " ".join(groups().get(card.group, (card.group, ""))),
        card.score,
        f"{card.band.zh} {card.band.en}" if card.band else None,
        *(card.interval or (None, None, None)),
        card.assessed,
        card.score_before,
        card.rank_before,
        "; ".join(said),
        *(card.bounds or (None, None)),
    ]


def _items(result: Result, cards: Sequence[Card]) -> Iterable[list[Any]]:
    for card in cards:
        for item in card.items:
            own = result.method.indicators[item.indicator]
            value, name = (None, "") if item.figure is None else measured(result, item.indicator, item.figure)
            words = name if name == unit("zh", name) else f"{unit('zh', name)} {name}"
            figures = (item.normalised, item.weight, item.contribution, item.peers, item.change)
            yield [*_bank(card), own.zh, own.en, value, words, *figures]


def _moved(result: Result, cards: Sequence[Card]) -> Iterable[list[Any]]:
    """The changes of each bank, the largest first."""
    for card in cards:
        for item in card.moved:
            own = result.method.indicators[item.indicator]
            yield [*_bank(card), own.zh, own.en, item.change]


def _bank(card: Card) -> tuple[str, str, str]:
    return card.unit, card.zh, card.en


def _sheet(book: Any, title: str, columns: Columns, rows: Iterable[Sequence[Any]]) -> None:
    sheet = book.add_worksheet(title)
    for place, (_, width, form) in enumerate(columns):
        sheet.set_column(place, place, width, book.add_format({"num_format": form}) if form else None)
    sheet.freeze_panes(1, 0)
    sheet.write_row(0, 0, [heading for heading, _, _ in columns], book.add_format({"bold": True, "bottom": 1}))
    last = 0
    for last, row in enumerate(rows, 1):
        sheet.write_row(last, 0, row)
    if last:
        sheet.autofilter(0, 0, last, len(columns) - 1)
