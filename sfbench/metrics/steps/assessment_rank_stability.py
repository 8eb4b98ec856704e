"""Rank correlation between years and between weightings, and rank intervals (metric `assessment_rank_stability`)."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from sfbench.metrics.bank_scores import FEWEST_BANKS, METHODS, Floats, YearScores, figures_of, year_scores


def figures(rows: pa.Table) -> pa.Table:
    """Rows of the mart `bank_year` with their period in; the long table out."""
    years = {year.period.year: year for year in year_scores(rows)}
    return pa.concat_tables(
        part for number, year in years.items() for part in _parts(year, _tau_years(year, years.get(number - 1)))
    )


def tau_b(first: Floats, second: Floats) -> float:
    """Kendall's tau-b of two lists of scores of the same banks; NaN for fewer than three banks or all tied in a list.

    A pair of banks counts with the sign of its difference in each list, a tie with 0 (Kendall, 1945).
    """
    if len(first) < FEWEST_BANKS:
        return np.nan
    signs = [np.sign(scores[:, None] - scores) for scores in (first, second)]
    untied = np.prod([np.square(sign).sum() for sign in signs])
    return float((signs[0] * signs[1]).sum() / np.sqrt(untied)) if untied else np.nan


def _tau_years(year: YearScores, before: YearScores | None) -> Floats:
    """By method, over the banks assessed in both years."""
    if before is None:
        return np.full(len(METHODS), np.nan)
    _, now, then = np.intersect1d(year.banks, before.banks, return_indices=True)
    return np.array([tau_b(a, b) for a, b in zip(year.scores[:, now], before.scores[:, then], strict=True)])


def _parts(year: YearScores, tau_years: Floats) -> Iterator[pa.Table]:
    tau_weightings = np.array([tau_b(year.scores[0], scores) for scores in year.scores])
    widths = np.ptp(year.ranks, axis=0) if len(year.banks) else np.array([np.nan])
    total = {
        "tau_years": tau_years[0],
        "tau_weightings": tau_weightings[1:].mean(),
        "rank_width_mean": widths.mean(),
        "rank_width_max": widths.max(),
    }
    for component, value in total.items():
        yield figures_of(component, year, "total", ["total"], np.array([value]))
    for component, taus in (("tau_years", tau_years), ("tau_weightings", tau_weightings)):
        known = ~np.isnan(taus)
        yield figures_of(component, year, "method", np.array(METHODS)[known].tolist(), taus[known])
