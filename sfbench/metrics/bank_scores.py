"""Scores of banks by the illustrative methods that the header of the metric `assessment_score` describes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from sfbench.draws.text import vocabulary_array
from sfbench.metrics.arrays import array, numbers

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

INDICATORS = ("share", "growth", "first", "risk")
METHODS = ("equal_weights", *(f"{name}_half" for name in INDICATORS))
# One row a method: all four alike, or a half for one and an equal part of the rest for each of the others.
WEIGHTS = np.vstack([np.full(4, 1 / 4), np.where(np.eye(4, dtype=bool), 1 / 2, 1 / 6)])

# Choices of the method, all illustrative.
LEAST_BASE = 1e7  # CNY of tech notes a year before: growth from less says nothing
GROWTH_CAP = 300.0  # percent, up and down
FEWEST_BANKS = 3  # a spread over fewer is no yardstick
POINTS_AT_MEAN, POINTS_PER_SD = 0.6, 0.2
SMALLEST_SD = 1e-12  # below it all banks are alike
DECIMALS = 9  # scores are rounded before they are compared


@dataclass(frozen=True, slots=True)
class YearScores:
    """Scores of the banks assessed in one year: a row of `scores` for each of METHODS, a column for each bank."""

    period: date
    banks: Ints
    scores: Floats

    @property
    def ranks(self) -> Ints:
        """1 + the number of banks with a higher score, by method and bank: ties share the better rank."""
        higher: Ints = (self.scores[:, None, :] > self.scores[:, :, None]).sum(axis=2)
        return 1 + higher


def year_scores(rows: pa.Table) -> list[YearScores]:
    """The years of `rows` (the mart `bank_year` with the year's last day as `period`), ascending, with their scores.

    A year in which fewer than FEWEST_BANKS can be assessed has no banks.
    """
    sums = {name: _floats(rows, name) for name in rows.column_names if name != "period"}
    assessed = (sums["tech_rmb"] > 0) & (sums["tech_base_rmb"] >= LEAST_BASE) & (sums["granted_notes"] > 0)
    periods = numbers(rows["period"].cast(pa.int32())).astype("datetime64[D]")
    return [_year(period, sums, assessed & (periods == period)) for period in np.unique(periods)]


def figures_of(component: str, year: YearScores, cut: str, cut_values: Sequence[str], values: Floats) -> pa.Table:
    """Rows of the long table; where a value is NaN there is none, and the reason is `too few banks`."""
    values = np.ascontiguousarray(values, dtype=np.float64)
    count, missing = len(values), np.isnan(values)
    days = np.datetime64(year.period, "D").astype(np.int32)
    return pa.table(
        {
            "component": vocabulary_array([component] * count),
            "period": array(pa.date32(), np.full(count, days)),
            "cut": vocabulary_array([cut] * count),
            "cut_value": vocabulary_array(cut_values),
            "value": array(pa.float64(), values, ~missing),
            "reason": pa.DictionaryArray.from_arrays(
                array(pa.int8(), np.zeros(count, np.int8), missing), vocabulary_array(["too few banks"])
            ),
        }
    )


def _floats(rows: pa.Table, name: str) -> Floats:
    """A column as floats, NaN where it is null."""
    nowhere = array(pa.float64(), np.full(len(rows), np.nan))
    values: Floats = numbers(pc.coalesce(rows[name].cast(pa.float64()), nowhere))
    return values


def _year(period: np.datetime64, sums: Mapping[str, Floats], assessed: npt.NDArray[np.bool_]) -> YearScores:
    chosen = assessed if assessed.sum() >= FEWEST_BANKS else np.zeros_like(assessed)
    of_banks = {name: values[chosen] for name, values in sums.items()}
    points = _points(_indicators(of_banks))
    scores = np.round(100 * WEIGHTS @ points, DECIMALS)
    return YearScores(period.astype("datetime64[D]").item(), of_banks["institution_id"].astype(np.int64), scores)


def _indicators(of_banks: Mapping[str, Floats]) -> Floats:
    """In percent and percentage points, a row for each of INDICATORS; the sign of risk is turned: more is better."""
    tech, notes = of_banks["tech_rmb"], of_banks["all_rmb"]
    growth = 100 * (tech / of_banks["tech_base_rmb"] - 1)
    risk = 100 * (of_banks["tech_npl_rmb"] / tech - of_banks["npl_rmb"] / notes)
    first = 100 * of_banks["first_borrowers"] / of_banks["granted_notes"]
    return np.vstack([100 * tech / notes, np.clip(growth, -GROWTH_CAP, GROWTH_CAP), first, -risk])


def _points(indicators: Floats) -> Floats:
    """0 to 1 by the distance from the mean of the year's banks in (population) standard deviations."""
    if not indicators.size:
        return indicators
    spread = indicators.std(axis=1, keepdims=True)
    away = indicators - indicators.mean(axis=1, keepdims=True)
    z = np.divide(away, spread, out=np.zeros_like(away), where=spread >= SMALLEST_SD)
    points: Floats = np.clip(POINTS_AT_MEAN + POINTS_PER_SD * z, 0, 1)
    return points
