"""Callaway and Sant'Anna (2021, Journal of Econometrics 225): effects under staggered treatment, without bad controls.

Assumes parallel trends (with the never treated, or with all not yet treated), limited anticipation of known length, no
spillover. No assumption on how the effect differs between cohorts or grows.
"""

from __future__ import annotations

from sfbench.bench.effects.aggregate import Kind, Shares, aggregate
from sfbench.bench.effects.att_gt import Base, Cells, Control, att_gt
from sfbench.bench.effects.estimate import NO_BASE, NO_CONTROL, NO_TREATED, ONE_CLUSTER, Estimate, Refusal
from sfbench.bench.effects.inference import Multiplier, from_influence, interval, multiplier_se
from sfbench.bench.effects.panel import Floats, Panel


def callaway_santanna(
    panel: Panel,
    *,
    level: float = 0.95,
    control: Control = "not_yet",
    kind: Kind = "simple",
    shares: Shares = "estimated",
    unidentified: str = "drop",
    small_sample: bool = True,
    bootstrap: Multiplier | None = None,
    draws: int = 999,
    seed: int = 0,
) -> Estimate | Refusal:
    """The overall effect of `kind` (see `aggregate`).

    unidentified  of cells without control or base period: "drop" them and say so, or "refuse" the whole.
    bootstrap     multiplier bootstrap over clusters in place of the analytic error (`draws`, `seed`).
    """
    cells = att_gt(panel, control=control, base="varying")
    refused = refusal(panel, cells, unidentified=unidentified)
    if refused is not None:
        return refused
    found = aggregate(panel, cells, kind=kind, shares=shares)
    notes = dropped(cells)
    if bootstrap is None:
        return from_influence(
            found.overall, found.overall_psi, panel.cluster, level=level, small_sample=small_sample, notes=notes
        )
    if (panel.cluster == panel.cluster[0]).all():
        return ONE_CLUSTER
    se = multiplier_se(found.overall_psi, panel.cluster, kind=bootstrap, draws=draws, seed=seed)
    return interval(
        found.overall, se, level=level, notes=(*notes, f"{bootstrap} bootstrap, {draws} draws, seed {seed}")
    )


def cell(
    panel: Panel,
    g: int,
    t: int,
    *,
    level: float = 0.95,
    control: Control = "not_yet",
    base: Base = "varying",
    small_sample: bool = True,
) -> Estimate | Refusal:
    """One ATT(g, t), or why it is not identified."""
    cells = att_gt(panel, control=control, base=base)
    at = (cells.g == g) & (cells.t == t)
    if not at.any():
        return NO_BASE if g - panel.anticipation < 1 else NO_CONTROL
    value, psi = float(cells.att[at][0]), _column(cells, int(at.argmax()))
    return from_influence(value, psi, panel.cluster, level=level, small_sample=small_sample)


def refusal(panel: Panel, cells: Cells, *, unidentified: str) -> Refusal | None:
    """Why no overall figure can be given; None if it can."""
    if not panel.cohorts:
        return NO_TREATED
    if not (cells.t >= cells.g).any():
        return NO_CONTROL if any(g - panel.anticipation > 0 for g in panel.cohorts) else NO_BASE
    if cells.missing and unidentified == "refuse":
        names = ", ".join(f"({g}, {t})" for g, t in cells.missing)
        return Refusal(f"effects (g, t) not identified: {names}", f"以下处理效应 (g, t) 不可识别：{names}")
    return None


def dropped(cells: Cells) -> tuple[str, ...]:
    if not cells.missing:
        return ()
    names = ", ".join(f"({g}, {t})" for g, t in cells.missing)
    return (f"not part of the estimate, as not identified: cells (g, t) {names}",)


def _column(cells: Cells, k: int) -> Floats:
    out: Floats = cells.psi[:, k]
    return out
