"""An Excel workbook: a sheet with each metric at its latest month, then the long table with a sheet per measure."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from functools import cache, partial
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.compute as pc

from sfbench.errors import SfbenchError
from sfbench.metrics.groups import group_name
from sfbench.metrics.latest import finding_words, target_words
from sfbench.metrics.output import label, with_names
from sfbench.metrics.writers.file import write_file
from sfbench.metrics.writers.report import Report, measure_title, notes, reason_lines
from sfbench.words import pick, reason, unit

# heading in both languages, width in characters, form of its cells
_LATEST = (
    ("指标 Metric", 44, ""),
    ("分项 Component", 32, ""),
    ("分组 Cut", 12, ""),
    ("组别 Group", 12, ""),
    ("组别名称 Group name", 24, ""),
    ("已公布 Published", 16, "number"),
    ("最新 Latest", 16, "number"),
    ("月份 Month", 12, "date"),
    ("单位 Unit", 14, ""),
    ("目标 Target", 28, ""),
    ("结论 Finding", 36, ""),
    ("备注 Remark", 24, ""),
)
_LONG = {
    "metric": ("指标代码 Metric id", 30, ""),
    "metric_name": ("指标 Metric", 40, ""),
    "component_name": ("分项 Component", 28, ""),
    "period": ("期末 Period end", 12, "date"),
    "cut": ("分组 Cut", 12, ""),
    "cut_value": ("组别 Group", 14, ""),
    "cut_name": ("组别名称 Group name", 24, ""),
    "value": ("数值 Value", 16, "number"),
    "value_city": ("全市口径 City value", 18, "number"),
    "unit": ("单位 Unit", 14, ""),
    "scope_version": ("口径 Scope", 10, ""),
    "target": ("目标 Target", 24, ""),
    "status": ("状态 Status", 14, ""),
    "first_achieved_on": ("首次达成 First achieved", 22, "date"),
    "sustained": ("持续 Sustained", 14, ""),
    "computable": ("可计算 Computable", 18, ""),
    "reason": ("原因 Reason", 30, ""),
}
_STATUS = {"reached": ("reached", "已达成"), "not_reached": ("not reached", "未达成")}
_FORMS = {"number": "#,##0.00", "date": "yyyy-mm-dd"}
_MOST_ROWS = 1_048_576  # of a sheet, by the limits of Excel
# The time of writing would make two files of the same figures differ.
_CREATED = datetime.datetime(1980, 1, 1)


def save(report: Report, path: Path) -> None:
    """Writes the workbook.

    Raises SfbenchError if the folder does not exist or a measure has more rows than a sheet holds.
    """
    for number in report.table["measure"].unique().to_pylist():
        rows = pc.sum(pc.equal(report.table["measure"], number)).as_py()
        if rows >= _MOST_ROWS:
            what = f"measure {number} has {rows:,} rows, more than an Excel sheet holds"
            raise SfbenchError(what, where=str(path), fix="choose fewer with --metric or --cut, or write .parquet")
    write_file(path, lambda sink: _write(report, sink))


def _write(report: Report, sink: BinaryIO) -> None:
    import xlsxwriter

    # Rows go to disk as they come; text stays text even where it looks like a formula or an address.
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(sink, options) as book:
        mark = "合成数据 synthetic data" if report.synthetic else ""
        book.set_properties({"title": "行动方案指标 Metrics of the action plan", "keywords": mark, "created": _CREATED})
        _sheet(book, "最新 Latest", _LATEST, _latest(report))
        about = [*notes(report), *reason_lines(report)]
        _sheet(book, "说明 Notes", (("说明 Notes", 100, ""),), ([line] for line in about))
        table = with_names(report.table, report.metrics, report.lang, report.held)
        for number in table["measure"].unique().to_pylist():
            title = f"{measure_title('zh', number)} {measure_title('en', number)}"
            part = table.filter(pc.equal(table["measure"], number)).select(list(_LONG))
            _sheet(book, title, list(_LONG.values()), _rows(part, report))


def _latest(report: Report) -> Iterable[list[Any]]:
    for one in report.latest():
        metric, lang = report.metrics[one.metric], report.lang
        remark = one.remark if one.last_month else one.reason
        yield [
            label(metric, lang),
            label(metric, lang, one.component),
            one.cut,
            one.cut_value,
            group_name(one.metric, one.cut, one.cut_value, lang, report.held) or None,
            one.published_value,
            one.last_value,
            one.last_month,
            unit(lang, one.unit),
            target_words(lang, one.target, one.unit),
            finding_words(lang, one) if one.last_month else pick(lang, "not computable", "无法计算"),
            reason(lang, remark),
        ]


def _rows(part: pa.Table, report: Report) -> Iterable[list[Any]]:
    """XlsxWriter takes Python values row by row; there is no other way into a sheet."""
    place = {name: number for number, name in enumerate(part.column_names)}
    aim = cache(partial(target_words, report.lang))
    for cells in zip(*(part.column(name).to_pylist() for name in part.column_names), strict=True):
        row = list(cells)
        row[place["target"]] = aim(row[place["target"]], row[place["unit"]]) or None
        row[place["status"]] = pick(report.lang, *_STATUS.get(row[place["status"]], (None, None)))
        row[place["unit"]] = unit(report.lang, row[place["unit"]])
        row[place["reason"]] = reason(report.lang, row[place["reason"]])
        yield row


def _sheet(book: Any, title: str, columns: Sequence[tuple[str, int, str]], rows: Iterable[list[Any]]) -> None:
    sheet = book.add_worksheet(title)
    bold = book.add_format({"bold": True, "bottom": 1})
    for place, (_, width, form) in enumerate(columns):
        sheet.set_column(place, place, width, book.add_format({"num_format": _FORMS[form]}) if form else None)
    dates = [place for place, (_, _, form) in enumerate(columns) if form == "date"]
    day = book.add_format({"num_format": _FORMS["date"]})
    sheet.freeze_panes(1, 0)
    sheet.write_row(0, 0, [heading for heading, _, _ in columns], bold)
    last = 0
    for last, row in enumerate(rows, 1):
        for place in dates:
            if row[place] is not None:
                sheet.write_datetime(last, place, row[place], day)
                row[place] = None
        sheet.write_row(last, 0, row)
    sheet.autofilter(0, 0, last, len(columns) - 1)
