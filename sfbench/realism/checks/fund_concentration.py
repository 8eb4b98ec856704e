"""A few fund managers look after most of the money."""

from __future__ import annotations

import duckdb

from sfbench.realism.check import Check, Measured, Panel, Result, Series, columns
from sfbench.realism.statistics import gini, survivor, top_share

# Funds of funds are a few public ones, the same whatever the size of the city.
_MANAGERS = "SELECT sum(size)::DOUBLE AS size FROM fund WHERE kind <> 'fof' GROUP BY manager_id"


def _compute(connection: duckdb.DuckDBPyConnection) -> Result:
    size = columns(connection, _MANAGERS)["size"]
    top = top_share(size, 0.10)
    figures = {
        "aum_top_10": Measured(None if top is None else 100 * top, len(size)),
        "aum_gini": Measured(gini(size), len(size)),
    }
    title = ("管理人的基金认缴规模", "Committed fund size by manager")
    share = ("不低于该值的占比", "share at or above")
    series = Series(("管理人", "managers"), *survivor(size), "line")
    return Result(figures, (Panel(title, ("元", "CNY"), share, (series,), log_x=True, log_y=True),))


CHECK = Check("fund_concentration", "基金集中度", "Concentration of funds", ("fund",), _compute)
