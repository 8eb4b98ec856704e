"""A check of realism: what it reads, what it measures, what there is to draw. One check is one file of `checks/`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

import duckdb
import numpy as np
from numpy.typing import NDArray

Words = tuple[str, str]  # Chinese and English

SIZES: dict[str, Words] = {
    "CS01": ("大型", "large"),
    "CS02": ("中型", "medium"),
    "CS03": ("小型", "small"),
    "CS04": ("微型", "micro"),
}


class Measured(NamedTuple):
    """A figure, None where the data give none, and the number of observations behind it."""

    value: float | None
    observations: int


@dataclass(frozen=True, slots=True)
class Series:
    """Points to be drawn. Bars and steps stand side by side or over each other in the order given."""

    name: Words
    x: Any
    y: Any
    style: Literal["line", "bar", "step", "points"] = "line"


@dataclass(frozen=True, slots=True)
class Panel:
    """One pair of axes with their units; `columns` and `rows` name the places along x and y that are no numbers.

    `matrix` (rows, columns) is drawn as a heat map in place of series.
    """

    title: Words
    x: Words
    y: Words
    series: tuple[Series, ...] = ()
    log_x: bool = False
    log_y: bool = False
    marks: tuple[float, ...] = ()  # x values that a vertical line marks
    matrix: NDArray[np.float64] | None = None
    rows: tuple[Words, ...] = ()
    columns: tuple[Words, ...] = ()


@dataclass(frozen=True, slots=True)
class Result:
    """Figures by their key in `datasets/calibration/realism.csv`, and panels of the plot."""

    figures: Mapping[str, Measured]
    panels: tuple[Panel, ...] = ()


@dataclass(frozen=True, slots=True)
class Check:
    """name is the file's; needs are tables."""

    name: str
    zh: str
    en: str
    needs: tuple[str, ...]
    compute: Callable[[duckdb.DuckDBPyConnection], Result] = field(repr=False)


def columns(connection: duckdb.DuckDBPyConnection, sql: str) -> dict[str, NDArray[Any]]:
    """The columns of a query as numpy arrays; a null number is nan, a null date NaT."""
    found: dict[str, Any] = connection.execute(sql).fetchnumpy()
    return {name: _plain(column) for name, column in found.items()}


def _plain(column: Any) -> NDArray[Any]:
    if not isinstance(column, np.ma.MaskedArray):
        return np.asarray(column)
    if column.dtype.kind in "iu" and column.mask.any():
        column = column.astype(np.float64)
    holes: dict[str, Any] = {"f": np.nan, "M": np.datetime64("NaT")}
    return np.asarray(column.filled(holes[column.dtype.kind]) if column.dtype.kind in holes else column.data)


def ratio(a: float, b: float) -> float | None:
    """a / b, None where b is nothing."""
    return float(a / b) if b else None
