"""What an estimator of a policy effect sees: outcomes of units over periods, and when each unit was first treated."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sfbench.errors import SfbenchError

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

NEVER = 1_000_000
"""The first treated period of a unit that is never treated."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Panel:
    """A balanced panel. Periods are 0, 1, ..., T - 1; treatment, once begun, does not end.

    y           (units, periods) float64, in the unit of the effect (a log, a share, yuan); no gaps.
    start       (units,) int64, first treated period: 0 = always treated, NEVER (or any period after the last) = not.
    cluster     (units,) int64, units of one cluster may depend on each other.
    weight      (units,) float64 > 0 or None: what a unit counts in every mean.
    anticipation  periods before `start` in which the unit may already react; they are never used as a base.
    """

    y: Floats
    start: Ints
    cluster: Ints
    weight: Floats | None = None
    anticipation: int = 0

    def __post_init__(self) -> None:
        if self.y.ndim != 2 or not self.y.size:
            raise SfbenchError("a panel needs outcomes of shape (units, periods)", where="Panel.y")
        if not np.isfinite(self.y).all():
            raise SfbenchError(
                f"{int((~np.isfinite(self.y)).sum())} outcomes are missing or infinite",
                where="Panel.y",
                fix="drop the units or fill the gaps before the estimator, and say how",
            )
        for name in ("start", "cluster", "weight"):
            column = getattr(self, name)
            if column is not None and column.shape != (self.units,):
                raise SfbenchError(
                    f"{column.shape} values for {self.units} units: there must be one a unit", where=f"Panel.{name}"
                )
        if (self.start < 0).any():
            raise SfbenchError("a first treated period is negative", where="Panel.start", fix="0 means always treated")
        if self.weight is not None and not (np.isfinite(self.weight) & (self.weight > 0)).all():
            raise SfbenchError("a weight is not a positive number", where="Panel.weight")
        if self.anticipation < 0:
            raise SfbenchError("anticipation is a number of periods, 0 or more", where="Panel.anticipation")

    @property
    def units(self) -> int:
        return int(self.y.shape[0])

    @property
    def periods(self) -> int:
        return int(self.y.shape[1])

    @property
    def w(self) -> Floats:
        """(units,) weights, 1 where none were given."""
        return np.ones(self.units) if self.weight is None else self.weight

    @property
    def treated(self) -> Bools:
        """(units, periods): the unit is treated in the period."""
        return np.arange(self.periods) >= self.start[:, None]

    @property
    def clean(self) -> Bools:
        """(units, periods): neither treated nor within reach of anticipation."""
        return np.arange(self.periods) < self.start[:, None] - self.anticipation

    @property
    def never(self) -> Bools:
        """(units,): not treated, and without anticipation, within the window."""
        return self.start - self.anticipation >= self.periods

    @property
    def cohorts(self) -> list[int]:
        """First treated periods within the window, ascending; 0 stands for the always treated."""
        return [int(g) for g in np.unique(self.start) if g < self.periods]

    def take(self, units: Bools | Ints) -> Panel:
        """The panel of some units."""
        weight = None if self.weight is None else self.weight[units]
        return replace(self, y=self.y[units], start=self.start[units], cluster=self.cluster[units], weight=weight)
