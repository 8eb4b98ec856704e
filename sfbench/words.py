"""Words of figures for people in Chinese and English: units, reasons, values and months."""

from __future__ import annotations

import datetime
import re
from typing import Literal

from sfbench.unit_words import UNITS

Language = Literal["en", "zh"]

_CONFIDENCE = {"high": "高", "medium": "中", "low": "低", "prior": "先验", "fitted": "拟合"}
_SIGNS = {"percentage point": " pp", "%": " %"}
_SIGNS_ZH = {" pp": "百分点"}
_REASONS = {
    "no value": "无数值",
    "no data": "无数据",
    "no cohort followed to its end": "尚无观察期已满的批次",
    "zero base": "基数为零",
    "small base": "基数过小",
    "base not covered": "基期未覆盖",
    "scope break without overlap": "口径断点且无并行期",
    "too few banks": "银行过少",
    "too few notes": "借据过少",
    "median not reached": "未达中位数",
    "the data do not reach back a year": "数据不足一年",
    "in no table: give --qualitative FILE": "没有数据表记载，请给出--qualitative FILE",
}
# How a reason begins, where the rest names tables or numbers.
_BEGINNINGS = {
    "needs ": "缺少 ",
    "cannot be computed from these tables: ": "无法用这些表计算：",
    "estimated: ": "估计值：",
    "missing: ": "数据缺失：",
    "no baseline or reference to normalise by: ": "缺少标准化所需的基准：",
}
# Why a bank is left out of an assessment (`sfbench.assess.exclude`), with numbers and keys of indicators.
_LEFT_OUT = (
    (r"peer group (\S+)", r"同业组\1不参评"),
    (r"fewer than (\d+) periods reported", r"有数据的期数少于\1期"),
    (r"no positive base (\d+) periods ago: (.+)", r"\1期前基数为零或缺失：\2"),
    (r"below (\S+) or not reported: (.+)", r"\2低于\1或未报送"),
)
# Why a table or column of a user's own cannot be read, in brackets behind its name (`sfbench.store.own`).
_DECLARED = r"\w+(?:\([^()]*\))?"
_DEFECTS = (
    (r" \(missing\)", "（缺失）"),
    (r" \(missing in ([^()]+)\)", r"（\1中缺失）"),
    (r" \(without ([^()]+) it cannot be cut by a date\)", r"（缺少\1，无法按日期截取）"),
    (r" \(none of its columns can be read\)", "（没有可读的字段）"),
    (r" \(nothing declares when its rows were known\)", "（未声明记录何时知晓）"),
    (r" \((\S+) cannot be read as Parquet: ([^()]*)\)", r"（\1无法按Parquet读取：\2）"),
    (rf" \((.+?), not ({_DECLARED}) in ([^()]+)\)", r"（\3中类型为\1，应为\2）"),
    (rf" \((.+?), not ({_DECLARED})\)", r"（类型为\1，应为\2）"),
)
# What is estimated, and why.
_ESTIMATED = {"cohort younger than 60 months": "批次未满60个月"}


def pick(lang: Language, en: str, zh: str) -> str:
    """The text of the language."""
    return zh if lang == "zh" else en


def unit(lang: Language, name: str) -> str:
    """Name of a unit; what declares it writes it in English."""
    return UNITS.get(name, name) if lang == "zh" else name


def confidence(lang: Language, level: str) -> str:
    """How sure a figure or a source is."""
    return _CONFIDENCE.get(level, level) if lang == "zh" else level


def short_unit(lang: Language, name: str) -> str:
    """A unit as it follows a number: its sign, or a blank and its name."""
    if lang == "zh":
        return unit(lang, name)
    return _SIGNS.get(name, f" {name}")


def reason(lang: Language, text: str | None) -> str:
    """Why a figure cannot be computed."""
    if not text or lang == "en":
        return text or ""
    for beginning, words in _BEGINNINGS.items():
        if text.startswith(beginning):
            rest = lacking(lang, text.removeprefix(beginning))
            return words + _ESTIMATED.get(rest, rest)
    for left_out, words in _LEFT_OUT:
        if found := re.fullmatch(left_out, text):
            return found.expand(words)
    return _REASONS.get(text, text)


def lacking(lang: Language, text: str) -> str:
    """Names of tables and columns that cannot be read, with the causes in brackets behind them."""
    for defect, said in _DEFECTS if lang == "zh" else ():
        text = re.sub(defect, said, text)
    return text


def figure(value: float | None, unit_name: str = "", lang: Language = "en") -> str:
    """A value for people: digits to match its size, with the sign of its unit if it has a short one."""
    if value is None:
        return "-"
    size = abs(value)
    digits = 0 if size >= 1000 or (unit_name == "count" and value == int(value)) else 1 if size >= 100 else 2
    sign = _SIGNS.get(unit_name, "")
    return f"{value:,.{digits}f}{_SIGNS_ZH.get(sign, sign) if lang == 'zh' else sign}"


def month(date: datetime.date | None) -> str:
    """A month end as YYYY-MM."""
    return "-" if date is None else f"{date:%Y-%m}"
