"""What is printed, in the language of `--lang`, on terminals and in pipes."""

from __future__ import annotations

import datetime
import json
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sfbench.cli.options import Language

_UNITS = {
    "CNY 100m": "亿元",
    "CNY": "元",
    "CNY m": "百万元",
    "index": "指数",
    "ratio": "比值",
    "share": "份额",
    "times": "倍",
    "percentage point": "百分点",
    "count": "个",
    "month": "月",
    "year": "年",
    "day": "天",
}
_SIGNS = {"percentage point": " pp", "%": " %"}
_REASONS = {
    "no value": "无数值",
    "no data": "无数据",
    "zero base": "基数为零",
    "scope break without overlap": "口径断点且无并行期",
}


def pick(lang: Language, en: str, zh: str) -> str:
    """The text of the language."""
    return zh if lang == "zh" else en


def unit(lang: Language, name: str) -> str:
    """Name of a unit; the metric files write it in English."""
    return _UNITS.get(name, name) if lang == "zh" else name


def short_unit(lang: Language, name: str) -> str:
    """A unit as it follows a number: its sign, or a blank and its name."""
    if lang == "zh":
        return unit(lang, name)
    return _SIGNS.get(name, f" {name}")


def reason(lang: Language, text: str | None) -> str:
    """Why a figure cannot be computed."""
    if not text or lang == "en":
        return text or ""
    return f"缺少 {text.removeprefix('needs ')}" if text.startswith("needs ") else _REASONS.get(text, text)


def figure(value: float | None, unit_name: str = "") -> str:
    """A value for people: digits to match its size, with the sign of its unit if it has a short one."""
    if value is None:
        return "-"
    size = abs(value)
    digits = 0 if size >= 1000 or (unit_name == "count" and value == int(value)) else 1 if size >= 100 else 2
    return f"{value:,.{digits}f}{_SIGNS.get(unit_name, '')}"


def month(date: datetime.date | None) -> str:
    """A month end as YYYY-MM."""
    return "-" if date is None else f"{date:%Y-%m}"


def size(count: float) -> str:
    """Bytes for people."""
    for name in ("bytes", "KB", "MB", "GB"):
        if count < 1000:
            return f"{count:,.0f} {name}" if name == "bytes" else f"{count:,.1f} {name}"
        count /= 1000
    return f"{count:,.1f} TB"


def print_json(value: Any) -> None:
    """JSON on stdout."""
    print(json.dumps(value, ensure_ascii=False, indent=1, default=_plain))


def print_records(records: Iterable[dict[str, Any]]) -> None:
    """One JSON list on stdout, a record a line."""
    separator = "[\n"
    for record in records:
        sys.stdout.write(separator + json.dumps(record, ensure_ascii=False, allow_nan=False, default=_plain))
        separator = ",\n"
    sys.stdout.write("[]\n" if separator == "[\n" else "\n]\n")


def print_table(
    headings: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    right: Sequence[int] = (),
    whole: Sequence[int] = (),
    title: str = "",
) -> None:
    """A table that fits the terminal; columns `right` hold numbers, `whole` ones are not broken.

    In a pipe: aligned, one line a row, nothing cut.
    """
    if not sys.stdout.isatty():
        _print_plain(headings, rows, set(right), title)
        return
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=SIMPLE_HEAD, title=title or None, title_justify="left", title_style="bold", pad_edge=False)
    for place, heading in enumerate(headings):
        number = place in right
        table.add_column(
            heading, justify="right" if number else "left", no_wrap=number or place in whole, overflow="fold"
        )
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    Console().print(table)


def _print_plain(headings: Sequence[str], rows: Iterable[Sequence[str]], right: set[int], title: str) -> None:
    lines = [[cell.replace("\n  ", "; ").replace("\n", "; ") for cell in row] for row in (headings, *rows)]
    widths = [max(_width(cell) for cell in column) for column in zip(*lines, strict=True)]
    if title:
        print(title)
    for line in lines:
        padded = []
        for place, (cell, width) in enumerate(zip(line, widths, strict=True)):
            blanks = " " * (width - _width(cell))
            padded.append(blanks + cell if place in right else cell + blanks)
        print("  ".join(padded).rstrip())


def _width(text: str) -> int:
    """Columns that a text takes on a terminal: Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


@contextmanager
def waiting(text: str) -> Iterator[None]:
    """A spinner on a terminal while something lasts; nothing in a pipe."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console

    with Console(stderr=True).status(text):
        yield


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime.date) else str(value)
