"""Debt, losses and growth of firms: spread out, with a few insolvent, and steadier for the large."""

from __future__ import annotations

import duckdb
import numpy as np

from sfbench.realism.check import Check, Measured, Panel, Result, Series, columns, ratio
from sfbench.realism.statistics import Floats

_FIRMS = """
    SELECT 100 * (1 - net_assets::DOUBLE / total_assets::DOUBLE) AS debt, profit < 0 AS loss
    FROM enterprise_year WHERE total_assets > 0"""
_GROWTH = """
    SELECT b.year, ln(b.revenue::DOUBLE / a.revenue::DOUBLE) AS growth, a.revenue::DOUBLE AS revenue
    FROM enterprise_year AS a JOIN enterprise_year AS b ON b.enterprise_id = a.enterprise_id AND b.year = a.year + 1
    WHERE a.revenue > 0 AND b.revenue > 0"""


def _compute(connection: duckdb.DuckDBPyConnection) -> Result:
    firms, steps = columns(connection, _FIRMS), columns(connection, _GROWTH)
    debt, growth, revenue = firms["debt"], steps["growth"], steps["revenue"]
    many = len(debt)
    cuts = np.quantile(revenue, (0.25, 0.75)) if len(revenue) else np.zeros(2)
    small, large = growth[revenue <= cuts[0]], growth[revenue >= cuts[1]]
    median, high = np.quantile(debt, (0.5, 0.9)) if many else (None, None)
    figures = {
        "debt_ratio_median": Measured(median, many),
        "debt_ratio_p90": Measured(high, many),
        "insolvent_share": Measured(ratio(100 * float((debt > 100).sum()), many), many),
        "loss_share": Measured(ratio(100 * float(firms["loss"].sum()), many), many),
        "growth_sd": Measured(_spread(growth), len(growth)),
        "growth_sd_small_to_large": Measured(ratio(_spread(small), _spread(large)), min(len(small), len(large))),
    }
    edges = np.arange(0, 151, 5)
    counts = 100 * np.histogram(debt, edges)[0] / max(many, 1)
    bars = Series(("企业年", "firm-years"), edges[:-1] + 2.5, counts, "bar")
    share = ("占比(%)", "% of firm-years")
    years = np.unique(steps["year"])
    parts = (("上四分位", "upper quartile", 0.75), ("中位数", "median", 0.5), ("下四分位", "lower quartile", 0.25))
    lines = tuple(
        Series((zh, en), years, [100 * np.quantile(growth[steps["year"] == year], q) for year in years], "line")
        for zh, en, q in parts
    )
    panels = (
        Panel(("资产负债率", "Debt to assets"), ("%", "%"), share, (bars,)),
        Panel(("营业收入增速", "Growth of revenue"), ("年", "year"), ("%(对数)", "% (log)"), lines),
    )
    return Result(figures, panels)


def _spread(growth: Floats) -> float:
    return float(growth.std()) if len(growth) else 0.0


CHECK = Check("leverage", "杠杆与周期", "Leverage, losses and growth", ("enterprise_year",), _compute)
