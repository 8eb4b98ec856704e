"""From ATT(g, t) to the named estimand: Callaway and Sant'Anna (2021, Journal of Econometrics), section 3.

Only cells with t >= g are averaged: an effect of anticipation is no part of any figure here. Every kind is a mean of
cells with weights N_g * c(g, t), or a plain mean of such means; cohort sizes N_g are sums of unit weights.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from sfbench.bench.effects.att_gt import Cells
from sfbench.bench.effects.panel import Bools, Floats, Ints, Panel

Kind = Literal["simple", "group", "calendar", "dynamic"]
Shares = Literal["estimated", "fixed"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Aggregate:
    """`key` (g of group, t of calendar, t - g of dynamic; empty for simple), its figures, and the overall one."""

    key: Ints
    att: Floats
    psi: Floats  # (units, key)
    overall: float
    overall_psi: Floats


def aggregate(panel: Panel, cells: Cells, *, kind: Kind, shares: Shares, leads: bool = False) -> Aggregate:
    """Average the cells; there must be at least one with t >= g.

    simple    every treated unit and period counts the same: the cell-weighted effect on the treated.
    group     mean over periods within a cohort; overall by cohort size: every treated unit counts the same.
    calendar  mean over cohorts within a period; overall, periods count the same.
    dynamic   mean over cohorts at equal age t - g (the event study; `leads` adds negative ages); overall, ages >= 0
              count the same.
    shares    estimated: cohort sizes are sampled and their error is part of psi, as in the paper. fixed: they are not.
    """
    post = cells.t >= cells.g
    if kind == "simple":
        att, psi = _mix(panel, cells, post, np.ones(post.size), shares)
        return Aggregate(
            key=np.empty(0, np.int64), att=np.empty(0), psi=psi[:, :0], overall=float(att[0]), overall_psi=psi[:, 0]
        )
    label = {"group": cells.g, "calendar": cells.t, "dynamic": cells.event}[kind]
    keys = np.unique(label if leads and kind == "dynamic" else label[post])
    parts = [_mix(panel, cells, (label == key) & (post | leads), np.ones(post.size), shares) for key in keys]
    att = np.concatenate([part[0] for part in parts])
    psi = np.column_stack([part[1] for part in parts])
    if kind == "group":
        within = 1.0 / np.array([((cells.g == g) & post).sum() or 1 for g in cells.g])
        whole, whole_psi = _mix(panel, cells, post, within, shares)
        return Aggregate(key=keys, att=att, psi=psi, overall=float(whole[0]), overall_psi=whole_psi[:, 0])
    after = keys >= 0
    return Aggregate(
        key=keys, att=att, psi=psi, overall=float(att[after].mean()), overall_psi=psi[:, after].mean(axis=1)
    )


def _mix(panel: Panel, cells: Cells, use: Bools, factor: Floats, shares: Shares) -> tuple[Floats, Floats]:
    """Mean of the cells `use` with weights N_g * factor: (1,) and its influence function (units, 1)."""
    sizes = np.array([panel.w[panel.start == g].sum() for g in cells.g[use]])
    c, att = factor[use], cells.att[use]
    total = float(sizes @ c)
    mean = float(sizes * c @ att) / total
    psi = cells.psi[:, use] @ (sizes * c) / total
    if shares == "estimated":
        member = panel.start[:, None] == cells.g[use]
        psi = psi + panel.w * (member @ (c * (att - mean))) / total
    return np.array([mean]), psi[:, None]
