"""What estimators see that compare units once: covariates, or a running variable with a cutoff."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sfbench.bench.effects.panel import Bools, Floats, Ints
from sfbench.errors import SfbenchError


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CrossSection:
    """y (units,) outcome (a level, or a change of a panel's), treated (units,), x (units, k) covariates from before."""

    y: Floats
    treated: Bools
    x: Floats
    cluster: Ints

    def __post_init__(self) -> None:
        _check("CrossSection", y=self.y, treated=self.treated, x=self.x, cluster=self.cluster)
        if self.x.ndim != 2:
            raise SfbenchError("covariates need the shape (units, k)", where="CrossSection.x")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Cutoff:
    """y (units,) outcome, running (units,); units with running >= cutoff are eligible.

    taken (units,) 0 or 1: who was treated; None: everyone who is eligible, and no one else.
    """

    y: Floats
    running: Floats
    cutoff: float
    cluster: Ints
    taken: Floats | None = None

    def __post_init__(self) -> None:
        taken = self.y if self.taken is None else self.taken
        _check("Cutoff", y=self.y, running=self.running, cluster=self.cluster, taken=taken)


def _check(where: str, **columns: Floats | Ints | Bools) -> None:
    units = len(columns["y"])
    for name, column in columns.items():
        if len(column) != units:
            raise SfbenchError(f"{len(column)} values for {units} units", where=f"{where}.{name}")
        if not np.isfinite(column).all():
            raise SfbenchError("a value is missing or infinite", where=f"{where}.{name}", fix="drop the unit first")
