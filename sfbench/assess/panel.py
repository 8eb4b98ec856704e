"""What is assessed: units by period by indicator, with NaN where nothing was reported."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sfbench.errors import SfbenchError

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


class NotAssessable(SfbenchError):
    """The data do not bear the method: neither it nor the command is wrong. `fix` is what helps who assesses."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """`values[unit, period, indicator]` in each indicator's own unit; periods run from old to new.

    `groups` names each unit's peer group. The last period is the one that is assessed; earlier ones are its history.
    """

    units: tuple[str, ...]
    names: tuple[str, ...]
    groups: tuple[str, ...]
    periods: tuple[str, ...]
    indicators: tuple[str, ...]
    values: Floats

    def __post_init__(self) -> None:
        shape = (len(self.units), len(self.periods), len(self.indicators))
        if self.values.shape != shape or 0 in shape:
            raise SfbenchError(
                f"a panel of {shape} units, periods and indicators holds values of shape {self.values.shape}",
                fix="give values[unit, period, indicator], at least one of each",
            )
        if not len(self.units) == len(self.names) == len(self.groups):
            raise SfbenchError("a panel needs one name and one peer group for each unit")
        for what, ids in (("unit", self.units), ("period", self.periods), ("indicator", self.indicators)):
            twice = sorted({name for name in ids if ids.count(name) > 1})
            if twice:
                raise SfbenchError(f"{what} {twice[0]!r} stands twice in the panel")
        if np.isinf(self.values).any():
            raise SfbenchError("a panel holds an infinite value", fix="a figure that is not known is NaN")

    def until(self, period: str) -> Panel:
        """The panel as it stood at `period`, which becomes the assessed one."""
        if period not in self.periods:
            raise SfbenchError(f"no period {period!r} in the panel", fix=f"known: {', '.join(self.periods)}")
        last = self.periods.index(period) + 1
        return replace(self, periods=self.periods[:last], values=self.values[:, :last])
