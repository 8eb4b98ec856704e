"""Funds lose before they gain: pooled net IRR and distributions to paid-in by age of the fund (the J-curve)."""

from __future__ import annotations

import duckdb
import numpy as np

from sfbench.realism.check import Check, Measured, Panel, Result, Series, columns, ratio
from sfbench.realism.statistics import irr

# Money by fund and full year of age; a fund counts up to the last full year that the data show.
_FLOWS = """
    WITH last AS (SELECT max(quarter) AS day FROM fund_cash_flow)
    SELECT f.fund_id, date_diff('month', f.founded_on, c.quarter) // 12 AS age,
           date_diff('month', f.founded_on, last.day) // 12 AS seen,
           sum(c.called)::DOUBLE AS called, sum(c.distributed)::DOUBLE AS distributed,
           arg_max(c.nav, c.quarter)::DOUBLE AS nav
    FROM fund_cash_flow AS c JOIN fund AS f USING (fund_id), last
    WHERE c.quarter >= f.founded_on AND f.founded_on >= (SELECT min(quarter) FROM fund_cash_flow)
    GROUP BY ALL"""
_YEARS = 10


def _compute(connection: duckdb.DuckDBPyConnection) -> Result:
    found = columns(connection, _FLOWS)
    ages = np.arange(1, _YEARS + 1)
    funds = [len(np.unique(found["fund_id"][found["seen"] >= age])) for age in ages]
    pooled = [_pooled(found, int(age)) for age in ages]
    dpi, rate = [one[0] for one in pooled], [one[1] for one in pooled]
    known = [i for i in range(_YEARS) if rate[i] is not None]
    lowest = min(known, key=lambda i: rate[i] or 0.0) if known else None
    figures = {
        "fund_dpi_5": Measured(dpi[4], funds[4]),
        "fund_dpi_8": Measured(dpi[7], funds[7]),
        "fund_irr_2": Measured(rate[1], funds[1]),
        "fund_irr_8": Measured(rate[7], funds[7]),
        "fund_trough": Measured(None if lowest is None else float(ages[lowest]), funds[0]),
    }
    age = ("基金年龄(年)", "age of the fund in years")
    shown = [np.nan if value is None else value for value in rate]
    money = [np.nan if value is None else value for value in dpi]
    panels = (
        Panel(("净内部收益率", "Net IRR"), age, ("% / 年", "% a year"), (Series(("汇总", "pooled"), ages, shown),)),
        Panel(("分配与实缴之比", "DPI"), age, ("倍", "times"), (Series(("汇总", "pooled"), ages, money),)),
    )
    return Result(figures, panels)


def _pooled(found: dict[str, np.ndarray], age: int) -> tuple[float | None, float | None]:
    """(DPI, IRR in percent) at the end of that year of age, over all funds that have reached it."""
    rows = (found["seen"] >= age) & (found["age"] < age)
    year = found["age"][rows].astype(int)
    called, paid = (np.bincount(year, found[name][rows], minlength=age) for name in ("called", "distributed"))
    flows = np.append(paid - called, float(found["nav"][rows][year == age - 1].sum()))
    found_rate = irr(flows)
    dpi = ratio(float(paid.sum()), float(called.sum()))
    return dpi, None if found_rate is None else 100 * found_rate


CHECK = Check("fund_curves", "基金J曲线", "J-curves of funds", ("fund", "fund_cash_flow"), _compute)
