"""A table of all kinds with values that spoil exports: large amounts, nulls, quotes, formulas, Chinese, breaks."""

import numpy as np

from sfbench.kit import Column, Table, codes, nullable, texts

TEXTS = (
    "=SUM(A1:A9)",
    "+86 755",
    "-1",
    "@cmd",
    "'=x",
    "''quoted",
    'a "quote", a comma',
    "C:\\new\\table",
    "深圳市“科创”有限公司",
    "𠮷野家 㐂",
    "a|b",
    " blanks ",
    "",
    "NULL",
    "\\N",
    "1e5",
    "\\.",
    "it's; DROP TABLE x; --",
    "\t=tab",
    "line\nbreak",
)
COUNT = len(TEXTS)
TABLE = Table(
    zh="刁钻",
    en="Nasty",
    stage="prelude",
    fixed_rows=COUNT,
    key=("nasty_id",),
    columns=(
        Column("nasty_id", "key", "编号", "Id"),
        Column("label", "text", "文字", "Text"),
        Column("note", "text", "备注", "A text or null", nullable=True),
        Column("grade", "code", "等级", "Grade", values=codes("FQ01 正常 Normal", "FQ02 关注 Watch"), nullable=True),
        Column("amount", "money", "金额", "Amount", unit="CNY", standard="DKYE", nullable=True),
        Column("rate", "rate", "利率", "Rate", unit="%"),
        Column("on_day", "date", "日期", "Day", nullable=True),
        Column("flagged", "flag", "标志", "Flag", nullable=True),
        Column("measured", "number", "数值", "Number", nullable=True),
        Column("parent_id", "key", "上级", "Parent", references="nasty.nasty_id", nullable=True),
    ),
)


def rows(block, needs, params, draw):
    """As many rows as texts."""
    at = np.arange(COUNT)
    cents = np.array([1, -1, 0, 10, 99, 123_456_789_012_345, -5_000_000_000_000_01, 1_300_000_000_000_025])
    days = np.array([0, -3653, 18_000, 29_219, 20_819], np.int32)
    numbers = np.array([0.1, 1e20, -1e-9, 1 / 3, 2.0])
    valid = at % 4 != 3
    return {
        "nasty_id": at + 1,
        "label": texts(TEXTS),
        "note": nullable(texts(TEXTS), valid),
        "grade": nullable(at % 2, valid),
        "amount": nullable(cents.take(at % len(cents)), valid),
        "rate": np.array([435_000, 1, -99_999, 0]).take(at % 4),
        "on_day": nullable(days.take(at % 5), valid),
        "flagged": nullable(at % 3 == 0, valid),
        "measured": nullable(numbers.take(at % 5), valid),
        "parent_id": nullable(at, at > 0),
    }
