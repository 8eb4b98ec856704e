"""Difference in differences with spillover: far units are the controls, near ones have an effect of their own.

Clarke (2017, MPRA paper 81604); Butts (2021, arXiv:2105.03737). Assumes that it is known whom the policy can reach (the
neighbours of treated districts, say), that it reaches no one else, and parallel trends of all three groups. The net
effect counts what was only moved: credit that came from the neighbours is not credit created.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from sfbench.bench.effects.aggregate import aggregate
from sfbench.bench.effects.att_gt import Control, att_gt
from sfbench.bench.effects.estimate import Estimate, Refusal
from sfbench.bench.effects.identified import Unidentified, refusal, remarks
from sfbench.bench.effects.inference import from_influence
from sfbench.bench.effects.panel import Bools, Floats, Ints, Panel

NO_NET = Refusal("the spillover is not identified, so the net effect is not", "溢出效应不可识别，故净效应亦不可识别")


@dataclass(frozen=True, slots=True, kw_only=True)
class Spillover:
    """direct: on treated cells. near: on cells of near units. net: direct + all spillover, per treated cell."""

    direct: Estimate | Refusal
    near: Estimate | Refusal
    net: Estimate | Refusal


def spillover(
    panel: Panel,
    *,
    reached: Ints,
    level: float = 0.95,
    control: Control = "not_yet",
    unidentified: Unidentified = "drop",
    small_sample: bool = True,
) -> Spillover:
    """Effects by Callaway and Sant'Anna, each against far units; cells count as their unit's weight.

    reached (units,) int64, first period in which the policy can spill over to an untreated unit, NEVER for far ones;
    not read for treated units. The net effect is that on the sum of y over units.
    """
    treated = panel.start < panel.periods
    near = ~treated & (reached < panel.periods)

    def part(group: Bools, start: Ints) -> tuple[float, Floats, tuple[str, ...]] | Refusal:
        keep = group | (~treated & ~near)
        some = replace(panel, start=start).take(keep)
        cells = att_gt(some, control=control, base="varying")
        refused = refusal(some, cells, unidentified=unidentified)
        if refused is not None:
            return refused
        found = aggregate(some, cells, kind="simple", shares="fixed")
        psi: Floats = np.zeros(panel.units)
        psi[keep] = found.overall_psi
        return found.overall, psi, remarks(some, cells)

    def answer(found: tuple[float, Floats, tuple[str, ...]] | Refusal) -> Estimate | Refusal:
        if isinstance(found, Refusal):
            return found
        value, psi, notes = found
        return from_influence(value, psi, panel.cluster, level=level, small_sample=small_sample, notes=notes)

    direct, moved = part(treated, panel.start), part(near, reached)
    if isinstance(direct, Refusal) or isinstance(moved, Refusal):
        return Spillover(
            direct=answer(direct), near=answer(moved), net=direct if isinstance(direct, Refusal) else NO_NET
        )
    age = np.arange(panel.periods)
    own = float(panel.w @ panel.treated.sum(axis=1))
    other = float(panel.w @ (near[:, None] & (age >= reached[:, None])).sum(axis=1))
    ratio = other / own  # cells of near units for each treated cell
    net = (direct[0] + ratio * moved[0], direct[1] + ratio * moved[1], (*direct[2], *moved[2]))
    return Spillover(direct=answer(direct), near=answer(moved), net=answer(net))
