"""Banks with every figure that a built-in method asks for."""

from __future__ import annotations

import numpy as np

from sfbench.assess import Panel
from sfbench.assess.find import find_method

UNITS, PERIODS = 14, 9
GROUPS = ("state_owned", "local") * (UNITS // 2)


def banks(name: str, **columns: dict[int, object]) -> Panel:
    """14 banks over nine periods, every figure of every indicator there; `columns` sets figures of banks, all periods.

    Figures are between 40 and 60, but that each bank's own grow: no outlier, no zero, no tie.
    """
    own = find_method(name)
    rng = np.random.default_rng(7)
    values = rng.uniform(40, 60, (UNITS, PERIODS, len(own.indicators))) * np.linspace(0.8, 1.2, PERIODS)[:, None]
    for column, figures in columns.items():
        for unit, figure in figures.items():
            values[unit, :, list(own.indicators).index(column)] = figure
    names = tuple(f"U{u}" for u in range(UNITS))
    periods = tuple(f"P{p}" for p in range(PERIODS))
    return Panel(
        units=names, names=names, groups=GROUPS, periods=periods, indicators=tuple(own.indicators), values=values
    )
