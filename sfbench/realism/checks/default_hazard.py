"""Borrowers that fall overdue for the first time, by size and stage: the smaller and younger, the likelier."""

from __future__ import annotations

from typing import Any

import duckdb
import numpy as np
from numpy.typing import NDArray

from sfbench.realism.check import SIZES, Check, Measured, Panel, Result, Series, Words, columns, ratio

# Borrowers of a year end that were never overdue, and whether they first are in the year after.
_BORROWERS = """
    WITH late AS (
        SELECT enterprise_id, min(month) AS first FROM loan_balance JOIN loan USING (loan_id)
        WHERE overdue_days > 0 GROUP BY enterprise_id
    ), held AS (
        SELECT enterprise_id, year(month) AS year, min(borrower_size) AS size
        FROM loan_balance JOIN loan USING (loan_id)
        WHERE month(month) = 12 AND year(month) < (SELECT max(year(month)) FROM loan_balance) GROUP BY ALL
    )
    SELECT h.year, h.size, e.stage, count(*) AS borrowers, count(*) FILTER (year(first) = h.year + 1) AS defaults
    FROM held AS h LEFT JOIN late USING (enterprise_id)
    LEFT JOIN enterprise_year AS e ON e.enterprise_id = h.enterprise_id AND e.year = h.year
    WHERE first IS NULL OR year(first) > h.year GROUP BY ALL"""
_STAGES = {
    "seed": ("种子期", "seed"),
    "startup": ("初创期", "start-up"),
    "growth": ("成长期", "growth"),
    "mature": ("成熟期", "mature"),
}


def _compute(connection: duckdb.DuckDBPyConnection) -> Result:
    found = columns(connection, _BORROWERS)
    size = {code: _hazard(found, found["size"] == code) for code in SIZES}
    stage = {code: _hazard(found, found["stage"] == code) for code in _STAGES}
    years = [_hazard(found, found["year"] == year) for year in np.unique(found["year"])]
    early = _hazard(found, np.isin(found["stage"], ("seed", "startup")))
    rates = [year.value for year in years if year.value]
    figures = {
        "hazard_large": size["CS01"],
        "hazard_micro": size["CS04"],
        "hazard_micro_to_large": _over(size["CS04"], size["CS01"]),
        "hazard_early_to_mature": _over(early, stage["mature"]),
        "hazard_cycle": Measured(
            ratio(max(rates), min(rates)) if rates else None,
            min((year.observations for year in years), default=0),
        ),
    }
    panels = [
        _panel(size, SIZES, ("按企业规模", "First overdue by size")),
        _panel(stage, _STAGES, ("按生命周期阶段", "First overdue by stage")),
    ]
    return Result(figures, tuple(panels))


def _hazard(found: dict[str, NDArray[Any]], rows: NDArray[np.bool_]) -> Measured:
    """First overdue borrowers in percent of those at risk; observations are the borrowers at risk."""
    borrowers, defaults = (int(found[name][rows].sum()) for name in ("borrowers", "defaults"))
    return Measured(ratio(100 * defaults, borrowers), borrowers)


def _over(a: Measured, b: Measured) -> Measured:
    value = a.value / b.value if a.value is not None and b.value else None
    return Measured(value, min(a.observations, b.observations))


def _panel(found: dict[str, Measured], names: dict[str, Words], title: Words) -> Panel:
    rates = np.array([found[code].value or 0.0 for code in names])
    series = Series(("首次逾期", "first overdue"), np.arange(len(rates)), rates, "bar")
    return Panel(
        title,
        ("", ""),
        ("一年内首次逾期的借款人(%)", "% of borrowers a year"),
        (series,),
        columns=tuple(names.values()),
    )


CHECK = Check("default_hazard", "违约风险率", "Default hazard", ("loan", "loan_balance", "enterprise_year"), _compute)
