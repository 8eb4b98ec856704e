"""Callaway and Sant'Anna (2021, Journal of Econometrics 225): effects under staggered treatment, without bad controls.

Assumes parallel trends (with the never treated, or with all not yet treated), limited anticipation of known length, no
spillover. No assumption on how the effect differs between cohorts or grows.
"""

from __future__ import annotations

from sfbench.bench.effects.aggregate import Kind, Shares, aggregate
from sfbench.bench.effects.att_gt import Base, Control, att_gt
from sfbench.bench.effects.estimate import NO_BASE, NO_CONTROL, ONE_TREATED, Estimate, Refusal
from sfbench.bench.effects.identified import Unidentified, overall, refusal, remarks
from sfbench.bench.effects.inference import Multiplier, from_influence, interval, multiplier_se, treated_clusters
from sfbench.bench.effects.panel import Panel


def callaway_santanna(
    panel: Panel,
    *,
    level: float = 0.95,
    control: Control = "not_yet",
    kind: Kind = "simple",
    shares: Shares = "estimated",
    unidentified: Unidentified = "drop",
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
    if bootstrap is None:
        return overall(panel, cells, found, panel.cluster, level=level, small_sample=small_sample)
    notes = remarks(panel, cells)
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
    if treated_clusters(panel.take(panel.start == g)) < 2:
        return ONE_TREATED
    k = int(at.argmax())
    return from_influence(float(cells.att[k]), cells.psi[:, k], panel.cluster, level=level, small_sample=small_sample)
