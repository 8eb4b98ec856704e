"""Oracle of the group `markets` (two bond targets, measures 5, 6 and 10), written from its definitions.

Plain Python over rows read with polars; it shares no code with sfbench.
"""

from __future__ import annotations

from pathlib import Path

from . import markets_bonds, markets_border, markets_equity
from .markets_base import Figures, Key, World


def figures(folder: Path) -> dict[Key, float | None]:
    """All figures of a dataset folder by (metric, component, period, cut, cut_value)."""
    world, out = World(folder), Figures()
    markets_bonds.figures(world, out)
    markets_equity.figures(world, out)
    markets_border.figures(world, out)
    return dict(out)
