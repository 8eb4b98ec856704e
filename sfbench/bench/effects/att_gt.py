"""Group-time effects ATT(g, t): the building block of Callaway and Sant'Anna (2021, Journal of Econometrics 225).

ATT(g, t) = change of cohort g from its base period to t, less the change of its controls. Assumes parallel trends
between cohort and controls (no covariates), no effect before start - anticipation, and no spillover on controls.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from sfbench.bench.effects.panel import Bools, Floats, Ints, Panel

Control = Literal["never", "not_yet", "last"]
Base = Literal["varying", "universal"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Cells:
    """Identified cells [k]: cohort g, period t, effect, influence function psi (units, k) (see `inference`).

    `missing`: the (g, t) with t >= g that are not identified: no base period or no control.
    """

    g: Ints
    t: Ints
    att: Floats
    psi: Floats
    missing: tuple[tuple[int, int], ...]

    @property
    def event(self) -> Ints:
        return self.t - self.g


def att_gt(panel: Panel, *, control: Control, base: Base) -> Cells:
    """All ATT(g, t) that the data identify, and the cells before treatment that test parallel trends.

    control  never: units never treated in the window. not_yet: units that are clean in t and in the base period.
             last: the last cohort before it is exposed (Sun and Abraham 2021, if no unit is never treated).
    base     of the cells before treatment. varying: the period before t; universal: the last one that is clean, in
             which the cell is 0 by construction. After treatment it is always the last clean period.
    """
    found: list[tuple[int, int, float, Floats]] = []
    missing: list[tuple[int, int]] = []
    for g in panel.cohorts:
        anchor = g - panel.anticipation - 1
        for t in range(panel.periods):
            exposed = t > anchor
            origin = anchor if exposed or base == "universal" else t - 1
            if origin < 0:
                missing += [(g, t)] if t >= g else []
                continue
            if origin == t:
                found.append((g, t, 0.0, np.zeros(panel.units)))
                continue
            others = _controls(panel, g, max(t, origin), control)
            if not others.any():
                missing += [(g, t)] if t >= g else []
                continue
            change = panel.y[:, t] - panel.y[:, origin]
            one, psi_one = _mean(change, panel.w, panel.start == g)
            zero, psi_zero = _mean(change, panel.w, others)
            found.append((g, t, one - zero, psi_one - psi_zero))
    psi = np.column_stack([cell[3] for cell in found]) if found else np.zeros((panel.units, 0))
    return Cells(
        g=np.array([cell[0] for cell in found], np.int64),
        t=np.array([cell[1] for cell in found], np.int64),
        att=np.array([cell[2] for cell in found], np.float64),
        psi=psi,
        missing=tuple(missing),
    )


def _controls(panel: Panel, g: int, until: int, control: Control) -> Bools:
    """(units,): may stand for cohort g up to period `until`."""
    clean: Bools = panel.clean[:, until] & (panel.start != g)
    if control == "never":
        clean = clean & panel.never
    elif control == "last":
        clean = clean & (panel.start == panel.start.max())
    return clean


def _mean(x: Floats, w: Floats, who: Bools) -> tuple[float, Floats]:
    """Weighted mean of some units and its influence function."""
    share = np.where(who, w, 0.0) / w[who].sum()
    mean = float(share @ x)
    return mean, share * (x - mean)
