"""`marginals_dp`: differentially private marginals, each pair raked to its columns. NumPy only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from sfbench.synth import marginals
from sfbench.synth.columns import Floats
from sfbench.synth.learned import Tables
from sfbench.synth.noisy import Measured, Pair
from sfbench.synth.parts import Parts
from sfbench.synth.projection import raked

ABOUT = "columns and a tree of pairs with Gaussian noise, a stated budget (epsilon, delta) per firm"
ABOUT_ZH = "单列与两列树形边际，加高斯噪声，每家企业有明示的隐私预算(epsilon, delta)"
OPTIONS = marginals.OPTIONS
LEAST = 1e-3  # of what independence would give: keeps every group that a column has within reach


def fit(tables: Tables, options: Mapping[str, Any]) -> Parts:
    """`epsilon`, `delta`: budget of the whole model; `rows_per_firm`: what a firm's rows of a table weigh at most."""
    return marginals.fit_with(_estimate, tables, options)


def _estimate(one: Measured) -> list[Floats]:
    return [pair.counts if pair.money else _raked(one, pair) for pair in one.pairs]


def _raked(one: Measured, pair: Pair) -> Floats:
    """Shares that are not negative, with the margins measured alone (of a parent's column: the pair's own)."""
    columns = _whole(one.alone[pair.column].grouped())
    rows = _whole(one.alone[pair.given].grouped() if pair.given in one.alone else pair.counts.sum(axis=1) / one.total)
    return raked(np.maximum(pair.counts / one.total, LEAST * np.outer(rows, columns)), rows, columns)


def _whole(shares: Floats) -> Floats:
    positive = np.maximum(shares, 1e-9)
    return np.asarray(positive / positive.sum(), np.float64)


draw = marginals.draw
