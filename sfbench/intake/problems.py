"""What does not fit: a kind per cell or row, in words of both languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sfbench.words import Language

WORDS: Mapping[str, tuple[str, str]] = {
    "missing_column": ("the column is missing", "缺少该字段"),
    "cells": ("the row has another number of cells than the heading", "单元格数与表头不符"),
    "null": ("empty, but a value is required", "必填字段为空"),
    "whole": ("no whole number", "不是整数"),
    "number": ("no number", "不是数字"),
    "digits": ("more decimals than the column keeps", "小数位过多"),
    "range": ("too large for the column", "超出字段范围"),
    "date": ("no date; write it as 2025-12-31", "不是日期，应写作 2025-12-31"),
    "flag": ("neither yes nor no (1/0, true/false, 是/否)", "不是是/否（1/0、true/false、是/否）"),
    "code": ("unknown code", "未知代码"),
    "garbled": ("garbled text: it was read in a wrong encoding before", "乱码：此前曾以错误编码读取"),
    "duplicate": ("another row has the same key", "主键重复"),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One cell, row or column that does not fit. Row 1 is the heading, as a spreadsheet counts."""

    file: str
    table: str
    row: int
    column: str
    kind: str  # of WORDS
    value: str = ""

    def words(self, lang: Language) -> str:
        """What is wrong."""
        return WORDS[self.kind][lang == "zh"]
