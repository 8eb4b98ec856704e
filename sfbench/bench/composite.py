"""Composite scores of banks for ranking tasks: indicators as a matrix, weighted as `sfbench assess` does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from sfbench.assess.aggregate.means import arithmetic
from sfbench.assess.context import Aggregate, Context, Weights
from sfbench.assess.normalise.scale import z
from sfbench.bench.effects.panel import Floats

if TYPE_CHECKING:
    import duckdb

Weighing = Callable[[Floats, Context], Weights]
Scaling = Callable[[Floats, Context], Floats]
Combining = Callable[[Floats, Floats, Context], Aggregate]
z_sample: Scaling = partial(z, ddof=1)


@dataclass(frozen=True, eq=False)
class Matrix:
    """key: the table of units; x: (units, indicators), the more the better; names of the indicators."""

    key: pa.Table
    x: Floats
    names: tuple[str, ...]


def matrix(con: duckdb.DuckDBPyConnection, sql: str, key: tuple[str, ...]) -> Matrix:
    """The query's columns beside the key as indicators, `pillar__name` each; null is the indicator's least."""
    found = con.sql(sql).to_arrow_table().sort_by([(name, "ascending") for name in key])
    names = tuple(name for name in found.column_names if name not in key)
    x = np.column_stack([found[name].cast(pa.float64()).to_numpy(zero_copy_only=False) for name in names])
    return Matrix(found.select(list(key)), np.where(np.isnan(x), np.nanmin(x, axis=0), x), names)


def composite(found: Matrix, weigh: Weighing, scale: Scaling = z_sample, combine: Combining = arithmetic) -> pa.Table:
    """The key with `score`: figures brought to one scale (z scores, ddof 1), weighted, combined (their mean)."""
    units, indicators = found.x.shape
    context = Context(
        names=found.names,
        pillars=tuple(name.partition("__")[0] for name in found.names),
        sign=np.ones(indicators),
        goalposts=np.full((indicators, 2), np.nan),
        history=np.empty((units, 0, indicators)),
        groups=np.zeros(units, np.int64),
        aside={},
        treated=found.x,
    )
    scaled = scale(found.x, context)
    combined = combine(scaled, weigh(scaled, context).values, context)
    return found.key.append_column("score", pa.array(combined.score))
