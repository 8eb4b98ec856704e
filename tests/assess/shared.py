"""Methods and panels for tests, made in a line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from sfbench.assess import Indicator, Method, Panel, Step
from sfbench.assess.context import Context
from sfbench.assess.panel import Floats

LAST, NONE = Step("last"), Step("none")


def indicator(**other: Any) -> Indicator:
    values = {"zh": "指标", "en": "an indicator", "metric": "m", "component": "c", "cut": "bank", "direction": "up"}
    return Indicator(**values | {"role": "scored", "pillar": "all", "period": LAST, "transform": NONE} | other)


def method(indicators: Mapping[str, Indicator] | Sequence[str], **steps: Any) -> Method:
    """A method that leaves figures alone and adds them up with equal weights, but for `steps`."""
    if not isinstance(indicators, Mapping):
        indicators = {name: indicator() for name in indicators}
    values: dict[str, Any] = {"name": "test", "title_zh": "测试", "title_en": "test", "caption": "c", "source": "s"}
    values |= {"confidence": "high", "official": False, "period": "quarter", "empty": Step("refuse")}
    values |= {"missing": Step("drop"), "outliers": NONE, "normalise": NONE, "peers": Step("together")}
    values |= {"weights": Step("equal"), "aggregate": Step("arithmetic"), "bands": NONE}
    return Method(**values | {"exclude": (), "adjust": (), "veto": ()} | steps, indicators=indicators)


def panel(
    values: Any, indicators: Sequence[str] | None = None, units: Sequence[str] | None = None, groups: Any = None
) -> Panel:
    """`values` [unit, indicator] of one period, or [unit, period, indicator]."""
    x = np.asarray(values, float)
    x = x[:, None] if x.ndim == 2 else x
    names = tuple(units or (f"U{u}" for u in range(len(x))))
    return Panel(
        units=names,
        names=names,
        groups=tuple(groups or ["all"] * len(x)),
        periods=tuple(f"P{p}" for p in range(x.shape[1])),
        indicators=tuple(indicators or (f"i{i}" for i in range(x.shape[2]))),
        values=x,
    )


def context(x: Floats, **other: Any) -> Context:
    """What a step sees of a matrix in which more is better."""
    units, columns = np.shape(x)
    values: dict[str, Any] = {"names": tuple(f"i{i}" for i in range(columns)), "pillars": ("all",) * columns}
    values |= {"sign": np.ones(columns), "goalposts": np.full((columns, 2), np.nan)}
    values |= {"history": np.empty((units, 0, columns)), "groups": np.zeros(units, int), "aside": {}, "treated": x}
    return Context(**values | other)


def oecd() -> Panel:
    """The first 23 countries of OECD/JRC Handbook (2008), table A.2; TEL and ELE as decimal logs, as printed."""
    lines = (Path(__file__).parent / "oecd_tai.csv").read_text(encoding="utf-8").splitlines()
    rows = [line.split(",") for line in lines if not line.startswith("#")]
    return panel([[float(v) for v in row[1:]] for row in rows[1:]], rows[0][1:], [row[0] for row in rows[1:]])


TEMPLATE: dict[str, Any] = yaml.safe_load("""
title_zh: 测试
title_en: Test
caption: c
source: s
confidence: high
official: false
period: quarter
indicators:
  volume:
    {zh: 量, en: volume, metric: m, component: c, cut: bank, direction: up, role: scored, pillar: size, period: last,
     transform: none}
  risk:
    {zh: 险, en: risk, metric: m, component: r, cut: bank, direction: down, role: scored, pillar: quality, period: last,
     transform: none}
exclude: none
empty: refuse
missing: drop
outliers: none
normalise: {kind: z, ddof: 1}
peers: together
weights: equal
aggregate: arithmetic
adjust: none
veto: none
bands: none
""")
