"""A column: declared once, read by the Arrow schema, the dictionary, the base suite, DDL and exports."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

Kind = Literal["key", "count", "code", "text", "money", "rate", "date", "flag", "number"]
Privacy = Literal["public", "identifier", "quasi", "sensitive"]
Form = Literal["", "uscc"]  # check-digit and form rules


class Code(NamedTuple):
    """One allowed value of a `code` column with its labels."""

    code: str
    zh: str
    en: str


def codes(*lines: str) -> tuple[Code, ...]:
    """`codes("FQ01 正常 Normal", "FQ02 关注 Special mention")`: code, zh and en label, separated by blanks."""
    return tuple(Code(*line.split(maxsplit=2)) for line in lines)


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table.

    kind, and what `rows` hands over for it -> what the dataset holds:
      key, count   int64                             -> BIGINT
      code         integer positions in `values`     -> VARCHAR (dictionary)
      text         pyarrow string array              -> VARCHAR
      money        int64 cents of the currency       -> DECIMAL(18,2)
      rate         int64, 1e-5 percentage points     -> DECIMAL(10,5), percent
      date         int32 days since 1970-01-01       -> DATE
      flag         bool                              -> BOOLEAN
      number       float64                           -> DOUBLE
    A nullable column is handed over as `nullable(values, valid)`.
    """

    name: str
    kind: Kind
    zh: str
    en: str
    unit: str = ""
    standard: str = ""  # name of the field in the financial-data reporting standard (存量单位贷款信息 and kin)
    values: tuple[Code, ...] = ()
    nullable: bool = False
    references: str = ""  # "table.column" that holds the parent key
    low: float | None = None  # inclusive bounds in the unit of the dataset (yuan, percent, days)
    high: float | None = None
    low_on: str = ""  # ISO dates: bounds of a date column
    high_on: str = ""
    check: Form = ""
    privacy: Privacy = "public"
    known_on: str = ""  # date column of the same table from which this cell is known; before that it reads null
