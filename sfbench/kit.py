"""The door: all that a content file may import from sfbench.

from sfbench.kit import Column, Draw, Needs, Params, Table, codes, vocabulary
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from sfbench.draws import (
    Choice,
    ChoiceByRow,
    Draw,
    Quantiles,
    add_months,
    day_in_month,
    day_number,
    fixed_width,
    instalment,
    kronecker,
    month_end,
    month_of,
    month_start,
    next_weekday,
    round_significant,
    round_to,
    split,
    uscc,
)
from sfbench.errors import SfbenchError, did_you_mean
from sfbench.folders import datasets, read_csv
from sfbench.spec import Code, Column, Table, codes

__all__ = [
    "Block",
    "Bools",
    "Choice",
    "ChoiceByRow",
    "Code",
    "Column",
    "Columns",
    "Draw",
    "Floats",
    "Ints",
    "Needs",
    "Nullable",
    "Params",
    "Quantiles",
    "SfbenchError",
    "Table",
    "add_months",
    "ascii_texts",
    "calibration",
    "calibration_names",
    "calibration_numbers",
    "code_list",
    "codes",
    "codes_from",
    "compose",
    "day_in_month",
    "day_number",
    "dollar_parity",
    "fixed_width",
    "hosted",
    "instalment",
    "kronecker",
    "lpr_path",
    "month_end",
    "month_of",
    "month_start",
    "monthly",
    "next_weekday",
    "nullable",
    "positions",
    "quantiles",
    "round_significant",
    "round_to",
    "spans",
    "split",
    "take",
    "texts",
    "uscc",
    "vocabulary",
    "vocabulary_numbers",
]

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Columns = dict[str, Any]  # column name -> array (see spec.column.Column for the kinds), all of one length
Needs = Mapping[str, Columns]  # table name -> its columns


class Nullable(NamedTuple):
    """Values with holes: `valid` is False where the cell is null (the value there is ignored)."""

    values: Any
    valid: Bools


def nullable(values: Any, valid: Bools) -> Nullable:
    """Cells that may be null, as a nullable column wants them."""
    return Nullable(values, valid)


@dataclass(frozen=True, slots=True)
class Block:
    """A run of firm numbers. Firm numbers start at 1; a scale is a prefix of them."""

    index: int
    first: int
    count: int

    @property
    def firms(self) -> Ints:
        """The firm numbers, int64."""
        return np.arange(self.first, self.first + self.count, dtype=np.int64)


def hosted(block: Block, per_firm: float) -> tuple[Ints, Ints]:
    """(numbers, rows in the block) of the members of a smaller population that grows with the firms.

    Managers, institutes and the like are numbered from 1; each hangs on one firm number, evenly spread, so a scale is
    a prefix of them too, and the first firm always hosts the first member. `per_firm` is below 1.
    """

    def until(firms: int) -> int:
        return int((firms - 1) * per_firm) + 1 if firms else 0

    numbers = np.arange(until(block.first - 1) + 1, until(block.first + block.count - 1) + 1, dtype=np.int64)
    hosts = np.ceil((numbers - 1) / per_firm).astype(np.int64) + 1
    return numbers, np.clip(hosts - block.first, 0, block.count - 1)


@dataclass(frozen=True, slots=True)
class Params:
    """The scenario's parameters, resolved per unit and month.

    `params["credit.tag_lift"]` is the plain number. Decisions ask `at(name, unit, month)`, so that a lever is a change
    of parameters for some units and months and needs no other code.
    """

    values: Mapping[str, float]
    scale: float = 1.0
    effects: Mapping[str, Callable[[Any, Any, Any], Any]] = field(default_factory=dict)  # of levers, by parameter

    def __getitem__(self, name: str) -> float:
        return self.values[name]

    def at(self, name: str, unit: Any = None, month: Any = None) -> Any:
        """Value of a parameter for units and months (broadcast); without levers the same number for all."""
        value, effect = self.values[name], self.effects.get(name)
        return value if effect is None else effect(value, unit, month)


def spans(start: Ints, length: Ints) -> Ints:
    """The positions start[i] to start[i] + length[i] - 1 of each run i, one run after the other."""
    ends = np.cumsum(length)
    return np.asarray(np.arange(length.sum()) + np.repeat(start - (ends - length), length))


def positions(texts_: Sequence[str], codes_: Sequence[Code]) -> Nullable:
    """Positions of texts in a list of codes; an empty text is null. Raises SfbenchError for an unknown one."""
    place = {code.code: i for i, code in enumerate(codes_)} | {"": 0}
    unknown = [text for text in texts_ if text not in place]
    if unknown:
        raise SfbenchError(f"{unknown[0]!r} is not in the list of codes", fix=did_you_mean(unknown[0], place))
    found = np.array([place[text] for text in texts_], np.int64)
    return Nullable(found, np.array([bool(text) for text in texts_]))


def texts(values: Sequence[str]) -> Any:
    """A text column from a short list (vocabularies); long ones are composed (`compose`)."""
    from sfbench.draws.text import vocabulary_array

    return vocabulary_array(values)


def compose(*parts: tuple[Sequence[str], Ints]) -> Any:
    """A text column put together from vocabularies: `compose((heads, i), (words, j))` joins heads[i] and words[j]."""
    from sfbench.draws.text import compose as join

    return join(list(parts))


def ascii_texts(matrix: npt.NDArray[np.uint8]) -> Any:
    """A text column from fixed-width ASCII bytes of shape (rows, width), as `uscc` and `fixed_width` give them."""
    import pyarrow as pa

    rows, width = matrix.shape
    offsets = np.arange(rows + 1, dtype=np.int32) * np.int32(width)
    data = np.ascontiguousarray(matrix)
    return pa.StringArray.from_buffers(rows, pa.py_buffer(offsets), pa.py_buffer(data))


def take(column: Any, index: npt.NDArray[np.integer[Any]]) -> Any:
    """Rows of a text column by position."""
    import pyarrow as pa
    import pyarrow.compute as pc

    numbers = np.ascontiguousarray(index, np.int32)
    return pc.take(
        column, pa.Array.from_buffers(pa.int32(), numbers.size, [None, pa.py_buffer(numbers)]), boundscheck=False
    )


def either(mask: Bools, one: Any, other: Any) -> Any:
    """Row by row of two text columns the one, where the mask is true, or the other."""
    import pyarrow as pa
    import pyarrow.compute as pc

    bits = pa.py_buffer(np.packbits(mask, bitorder="little"))  # pa.array of a numpy array would import pandas
    return pc.if_else(pa.Array.from_buffers(pa.bool_(), len(mask), [None, bits]), one, other)


@cache
def vocabulary(name: str, column: str) -> tuple[str, ...]:
    """A column of `datasets/vocabulary/<name>.csv`, or of all files of the folder `<name>`, as text."""
    return _column(_path("vocabulary", name), column)


@cache
def calibration(name: str, column: str) -> tuple[str, ...]:
    """A column of `datasets/calibration/<name>.csv`, as text."""
    return _column(_path("calibration", name), column)


def calibration_names(name: str) -> tuple[str, ...]:
    """The columns that a calibration file has."""
    return tuple(read_csv(f"calibration/{name}.csv"))


@cache
def calibration_numbers(name: str, column: str) -> Floats:
    """A numeric column of a calibration file; an empty cell is nan. Shared: do not write into it."""
    return _numbers(calibration(name, column))


@cache
def vocabulary_numbers(name: str, column: str) -> Floats:
    """A numeric column of a vocabulary file; an empty cell is nan. Shared: do not write into it."""
    return _numbers(vocabulary(name, column))


def codes_from(name: str, code: str, zh: str, en: str) -> tuple[Code, ...]:
    """The allowed values of a code column taken from a vocabulary file, in file order."""
    return tuple(map(Code, vocabulary(name, code), vocabulary(name, zh), vocabulary(name, en)))


@cache
def code_list(name: str) -> tuple[Code, ...]:
    """A list of codes of a file of `datasets/vocabulary/code/`, in file order: `code_list("grade")`."""
    lists = vocabulary("code", "list")
    rows = zip(lists, vocabulary("code", "code"), vocabulary("code", "zh"), vocabulary("code", "en"), strict=True)
    found = tuple(Code(code, zh, en) for which, code, zh, en in rows if which == name)
    if not found:
        raise SfbenchError(
            f"no list of codes {name!r}", where="datasets/vocabulary/code", fix=did_you_mean(name, set(lists))
        )
    return found


@cache
def quantiles(name: str) -> Quantiles:
    """A committed quantile table of `datasets/calibration/quantile.csv`: normal, exponential, lognormal_0.9 ..."""
    names = calibration("quantile", "table")
    keep = [i for i, table in enumerate(names) if table == name]
    if not keep:
        raise SfbenchError(f"no quantile table {name!r}", where="quantile.csv", fix=did_you_mean(name, set(names)))
    return Quantiles.of(calibration_numbers("quantile", "value")[keep])


@cache
def monthly(name: str, column: str, first: int, count: int) -> Floats:
    """A calibration path (`month` as YYYY-MM) at `count` months from number `first`, linear between knots."""
    year_month = [text.split("-") for text in calibration(name, "month")]
    knots = np.array([int(year) * 12 + int(month) - 1 for year, month in year_month], float)
    path = np.interp(np.arange(first, first + count), knots, calibration_numbers(name, column))
    path.flags.writeable = False
    return path


@cache
def dollar_parity(first: int, count: int) -> Ints:
    """Yuan for a US dollar at `count` month ends from month number `first`, int64 in 1e-4."""
    path = np.floor(monthly("usd_cny", "usd_cny", first, count) * 1e4 + 0.5).astype(np.int64)
    path.flags.writeable = False
    return path


@cache
def lpr_path(column: str, first: int, count: int) -> Ints:
    """LPR in force at `count` month ends from month number `first`, int64 in 1e-5 percent (`lpr_1y` or `lpr_5y`)."""
    starts = np.array(calibration("lpr", "effective_from"), "datetime64[D]").astype(np.int64)
    rates = np.floor(calibration_numbers("lpr", column) * 1e5 + 0.5).astype(np.int64)
    ends = month_end(first + np.arange(count))
    path = rates[np.searchsorted(starts, ends, side="right") - 1]
    path.flags.writeable = False
    return path


def _path(kind: str, name: str) -> str:
    return f"{kind}/{name}" if (datasets() / kind / name).is_dir() else f"{kind}/{name}.csv"


def _column(path: str, column: str) -> tuple[str, ...]:
    columns = read_csv(path)
    if column not in columns:
        raise SfbenchError(f"no column {column!r}", where=f"datasets/{path}", why=f"it has {', '.join(columns)}")
    return columns[column]


def _numbers(texts: tuple[str, ...]) -> Floats:
    numbers = np.array([float(text) if text else np.nan for text in texts])
    numbers.flags.writeable = False
    return numbers
