"""Measure 17: the illustrative assessment of banks and the stability of its ranks."""

from __future__ import annotations

from datetime import date
from itertools import combinations
from math import sqrt
from statistics import mean, pstdev

import polars as pl

from .oversight_kit import Data, Found, number, quantile, ratio

INDICATORS = ("share", "growth", "first", "risk")
EQUAL = "equal_weights"
WEIGHTS = {EQUAL: dict.fromkeys(INDICATORS, 1 / 4)} | {
    f"{favoured}_half": {name: 1 / 2 if name == favoured else 1 / 6 for name in INDICATORS} for favoured in INDICATORS
}
SMALL_BASE = 10_000_000 * 100  # cents
Scores = dict[str, dict[int, float]]  # method -> bank -> score


def assessment(data: Data, found: Found) -> None:
    """assessment_score and assessment_rank_stability."""
    before: Scores = {}
    for first, last in data.years:
        scores = _scores(_indicators(data, first, last))
        _put_scores(found, last, scores)
        _put_stability(found, last, scores, before)
        before = scores


def _indicators(data: Data, first: date, last: date) -> dict[int, dict[str, float]]:
    """Indicators of the banks that are assessed."""

    def stock(t: int) -> dict[int, dict[str, int]]:
        tech, bad, cents = pl.col("tech"), pl.col("bad"), pl.col("cents")
        at = data.notes.filter(pl.col("t") == t).group_by("institution_id")
        made = at.agg(
            all=cents.sum(),
            bad=cents.filter(bad).sum(),
            tech=cents.filter(tech).sum(),
            tech_bad=cents.filter(tech & bad).sum(),
        )
        return {row["institution_id"]: row for row in made.iter_rows(named=True)}

    granted = data.loans.filter(pl.col("granted_on").is_between(first, last)).group_by("institution_id")
    first_loans = pl.col("enterprise_id").filter(pl.col("first_loan")).n_unique()
    new = {bank: 100 * firms / notes for bank, firms, notes in granted.agg(first_loans, pl.len()).iter_rows()}
    now, then = stock(number(last)), stock(number(first) - 1)
    found = {}
    for bank in sorted(set(now) & set(then) & set(new)):
        n, base = now[bank], then[bank]["tech"]
        if n["tech"] > 0 and base >= SMALL_BASE:
            found[bank] = {
                "share": 100 * n["tech"] / n["all"],
                "growth": max(-300.0, min(300.0, 100 * (n["tech"] / base - 1))),
                "first": new[bank],
                "risk": 100 * n["tech_bad"] / n["tech"] - 100 * n["bad"] / n["all"],
            }
    return found if len(found) >= 3 else {}


def _scores(indicators: dict[int, dict[str, float]]) -> Scores:
    points: dict[int, dict[str, float]] = {bank: {} for bank in indicators}
    for name in INDICATORS:
        values = [row[name] for row in indicators.values()]
        spread = pstdev(values) if values else 0.0
        for bank, row in indicators.items():
            z = (row[name] - mean(values)) / spread if spread >= 1e-12 else 0.0
            points[bank][name] = min(1.0, max(0.0, 0.6 + 0.2 * (-z if name == "risk" else z)))
    return {
        method: {bank: 100 * sum(weights[name] * row[name] for name in INDICATORS) for bank, row in points.items()}
        for method, weights in WEIGHTS.items()
    }


def _band(score: float) -> int:
    rounded = round(score, 9)
    return 1 if rounded >= 70 else 2 if rounded >= 60 else 3 if rounded >= 50 else 4


def _ranks(scores: dict[int, float]) -> dict[int, int]:
    rounded = {bank: round(score, 9) for bank, score in scores.items()}
    return {bank: 1 + sum(other > mine for other in rounded.values()) for bank, mine in rounded.items()}


def _put_scores(found: Found, period: date, scores: Scores) -> None:
    metric = "assessment_score"
    for method, by_bank in scores.items():
        ranks = _ranks(by_bank)
        total = {"score": quantile(by_bank.values(), 0.5), "assessed": len(by_bank)}
        if method == EQUAL:
            found.put(metric, period, "total", "total", **total)
        if by_bank:
            found.put(metric, period, "method", method, **total)
        for bank, score in by_bank.items():
            row = {"score": score, "band": _band(score), "rank": ranks[bank]}
            found.put(metric, period, "bank*method", f"{bank}*{method}", **row)
            if method == EQUAL:
                found.put(metric, period, "bank", bank, **row)


def _put_stability(found: Found, period: date, scores: Scores, before: Scores) -> None:
    metric = "assessment_rank_stability"
    over_years = {method: tau_b(now, before.get(method, {})) for method, now in scores.items()}
    weightings = {method: tau_b(scores[EQUAL], other) for method, other in scores.items()}
    others = [tau for method, tau in weightings.items() if method != EQUAL]
    known = [tau for tau in others if tau is not None]
    ranks = [_ranks(by_bank) for by_bank in scores.values()]
    widths = [max(r[bank] for r in ranks) - min(r[bank] for r in ranks) for bank in scores[EQUAL]]
    found.put(
        metric,
        period,
        "total",
        "total",
        tau_years=over_years[EQUAL],
        tau_weightings=mean(known) if len(known) == len(others) else None,
        rank_width_mean=ratio(sum(widths), len(widths), 1),
        rank_width_max=max(widths, default=None),
    )
    for method in scores if widths else ():
        found.put(metric, period, "method", method, tau_years=over_years[method], tau_weightings=weightings[method])


def tau_b(one: dict[int, float], two: dict[int, float]) -> float | None:
    """Kendall's tau-b over the banks in both, pair by pair."""
    banks = sorted(set(one) & set(two))
    if len(banks) < 3:
        return None
    balance, apart_one, apart_two = 0, 0, 0
    for a, b in combinations(banks, 2):
        x, y = (_sign(round(scores[a], 9) - round(scores[b], 9)) for scores in (one, two))
        balance, apart_one, apart_two = balance + x * y, apart_one + abs(x), apart_two + abs(y)
    return balance / sqrt(apart_one * apart_two) if apart_one and apart_two else None


def _sign(value: float) -> int:
    return (value > 0) - (value < 0)
