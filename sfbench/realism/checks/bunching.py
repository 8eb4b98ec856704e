"""Firms stretch their R&D ratio to just above the legal floor of the HNTE test: 5, 4 or 3 percent by revenue."""

from __future__ import annotations

import duckdb
import numpy as np

from sfbench.realism.check import Check, Measured, Panel, Result, Series, columns, ratio
from sfbench.realism.statistics import Floats

# Firms of tech trades, whether tagged or not: who holds a tag has passed the test.
_FIRMS = """
    SELECT 100 * rd_spend::DOUBLE / revenue::DOUBLE AS rd,
           CASE WHEN revenue <= 50e6 THEN 5 WHEN revenue <= 200e6 THEN 4 ELSE 3 END AS floor
    FROM enterprise_year JOIN enterprise USING (enterprise_id) JOIN industry AS i USING (industry_code)
    WHERE revenue > 0 AND (i.htp IS NOT NULL OR i.hts IS NOT NULL OR i.pa IS NOT NULL OR i.se_classes <> '')"""
_WIDTH = 0.5  # percentage points on either side of a floor
_PLACEBO = 8.0  # no rule has a floor here


def _compute(connection: duckdb.DuckDBPyConnection) -> Result:
    firms = columns(connection, _FIRMS)
    figures = {f"bunching_{floor}": _density_ratio(firms["rd"][firms["floor"] == floor], floor) for floor in (5, 4, 3)}
    figures["bunching_placebo"] = _density_ratio(firms["rd"], _PLACEBO)
    return Result(figures, tuple(_panel(firms["rd"][firms["floor"] == floor], floor) for floor in (5, 4, 3)))


def _density_ratio(rd: Floats, cut: float) -> Measured:
    above = int(((rd >= cut) & (rd < cut + _WIDTH)).sum())
    below = int(((rd < cut) & (rd >= cut - _WIDTH)).sum())
    return Measured(ratio(above, below), above + below)


def _panel(rd: Floats, floor: int) -> Panel:
    edges = np.arange(0, 12.25, 0.25)
    bands = {
        5: ("收入不超过0.5亿元", "revenue to CNY 50m"),
        4: ("收入0.5至2亿元", "revenue CNY 50-200m"),
        3: ("收入超过2亿元", "revenue over CNY 200m"),
    }
    counts = np.histogram(rd, edges)[0] / max(len(rd), 1)
    series = Series(("企业年", "firm-years"), edges[:-1] + 0.125, counts, "bar")
    x, y = ("研发费用占收入比例(%)", "R&D, % of revenue"), ("占比", "share of firm-years")
    return Panel(bands[floor], x, y, (series,), marks=(floor,))


CHECK = Check(
    "bunching",
    "法定门槛上方聚集",
    "Bunching above legal floors",
    ("enterprise_year", "enterprise", "industry"),
    _compute,
)
