"""Share scoring: a mean of capped category scores, rounded, as the Basel Committee scores systemic importance."""

from __future__ import annotations

import numpy as np

from sfbench.assess.context import Aggregate, Context, Note
from sfbench.assess.options import Positive, SomePillars
from sfbench.assess.panel import Floats


def share_scoring(n: Floats, w: Floats, context: Context, *, caps: SomePillars | None, step: Positive) -> Aggregate:
    """Weighted mean of pillar scores, each at most its cap, rounded half up to a multiple of `step`.

    BCBS SCO40: five categories of 20 %, substitutability at most 500 basis points, whole basis points. A pillar weighs
    as its indicators do together; contributions are of the capped, not rounded score.
    """
    parts = n * w
    notes: tuple[Note, ...] = ()
    for pillar, cap in (caps or {}).items():
        own = np.array([name == pillar for name in context.pillars])
        weight = w[own].sum()
        if not weight > 0:
            continue  # the pillar had no figures, or counts for nothing
        score = parts[:, own].sum(axis=1) / weight
        over = score > cap
        parts[:, own] *= np.where(over, cap / np.where(over, score, 1), 1)[:, None]
        if over.any():
            en, zh = (
                f"{pillar} capped at {cap:g} for {over.sum()} units",
                f"{over.sum()}家机构的{pillar}按上限{cap:g}计",
            )
            notes += (Note("aggregate", en, zh),)
    return Aggregate(np.floor(parts.sum(axis=1) / step + 0.5 + 1e-9) * step, parts, False, notes)


KINDS = {"share_scoring": share_scoring}
