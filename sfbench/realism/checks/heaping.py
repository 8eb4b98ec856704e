"""Amounts that people agree on lie at round numbers; amounts that come about do not, and no value is everybody's."""

from __future__ import annotations

import duckdb
import numpy as np

from sfbench.realism.check import Check, Measured, Panel, Result, Series, Words, columns, ratio
from sfbench.realism.statistics import Ints, round_share

_PRINCIPAL = "SELECT (100 * amount)::BIGINT AS cents FROM loan"
_ACCOUNTS = """
    SELECT (100 * revenue)::BIGINT AS revenue, (100 * total_assets)::BIGINT AS assets FROM enterprise_year
    WHERE revenue > 0"""


def _compute(connection: duckdb.DuckDBPyConnection) -> Result:
    principal = columns(connection, _PRINCIPAL)["cents"].astype(np.int64)
    accounts = {name: cells.astype(np.int64) for name, cells in columns(connection, _ACCOUNTS).items()}
    revenue, assets = accounts["revenue"], accounts["assets"]
    amounts: tuple[tuple[str, Words, Ints], ...] = (
        ("principal_round", ("贷款本金", "loan principals"), principal),
        ("revenue_round", ("营业收入", "revenue"), revenue),
    )
    figures = {key: Measured(_percent(round_share(cents, 2)), len(cents)) for key, _, cents in amounts}
    figures |= {
        f"{name}_commonest": Measured(_commonest(cents), len(cents))
        for name, cents in (("revenue", revenue), ("assets", assets))
    }
    digits = np.arange(1, 9)
    series = tuple(
        Series(name, digits, [_percent(round_share(cents, int(d))) or 0.0 for d in digits], "line")
        for _, name, cents in amounts
    )
    title = ("金额的有效数字位数", "Significant digits of amounts")
    panel = Panel(title, ("位数不多于", "digits at most"), ("占比(%)", "% of amounts"), series)
    return Result(figures, (panel,))


def _percent(share: float | None) -> float | None:
    return None if share is None else 100 * share


def _commonest(cents: Ints) -> float | None:
    """Share of the one value that occurs most often, in percent."""
    counts = np.unique(cents, return_counts=True)[1]
    return ratio(100 * int(counts.max(initial=0)), len(cents))


CHECK = Check("heaping", "整数聚集", "Heaping at round amounts", ("loan", "enterprise_year"), _compute)
