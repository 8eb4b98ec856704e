"""From a bank's year-end sums to its score, band and rank by every method (metric `assessment_score`)."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from sfbench.metrics.bank_scores import METHODS, YearScores, figures_of, year_scores

BANDS = np.array([50.0, 60.0, 70.0])  # least score of bands 3, 2 and 1


def figures(rows: pa.Table) -> pa.Table:
    """Rows of the mart `bank_year` with their period in; the long table out."""
    return pa.concat_tables(part for year in year_scores(rows) for part in _parts(year))


def _parts(year: YearScores) -> Iterator[pa.Table]:
    assessed = float(len(year.banks))
    if not assessed:
        yield figures_of("score", year, "total", ["total"], np.array([np.nan]))
        yield figures_of("assessed", year, "total", ["total"], np.array([0.0]))
        return
    median = np.median(year.scores, axis=1)
    yield figures_of("score", year, "total", ["total"], median[:1])
    yield figures_of("assessed", year, "total", ["total"], np.array([assessed]))
    yield figures_of("score", year, "method", METHODS, median)
    yield figures_of("assessed", year, "method", METHODS, np.full(len(METHODS), assessed))
    banks = year.banks.astype(str)
    crossed = [f"{bank}*{method}" for method in METHODS for bank in banks]
    bands = len(BANDS) + 1 - np.searchsorted(BANDS, year.scores, side="right")
    for component, values in {
        "score": year.scores,
        "band": bands.astype(float),
        "rank": year.ranks.astype(float),
    }.items():
        yield figures_of(component, year, "bank", banks.tolist(), values[0])
        yield figures_of(component, year, "bank*method", crossed, values.ravel())
