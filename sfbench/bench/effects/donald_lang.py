"""Donald and Lang (2007, Review of Economics and Statistics 89): with few clusters, a t test with G - 2 degrees.

One number a cluster (mean after less mean before); the means of both groups are compared with a pooled variance. Exact
for any number of treated clusters, one included, if the clusters' changes are normal with one variance; any correlation
over time within a cluster is allowed. One date of treatment.
"""

from __future__ import annotations

import math

from sfbench.bench.effects.collapse import by_cluster, changes, one_date
from sfbench.bench.effects.estimate import Estimate, Refusal
from sfbench.bench.effects.inference import interval
from sfbench.bench.effects.panel import Panel

TOO_FEW = Refusal("a pooled variance needs at least three clusters", "合并方差至少需要三个聚类")


def donald_lang(panel: Panel, *, level: float = 0.95) -> Estimate | Refusal:
    """Difference in mean changes between treated and never treated clusters; every cluster counts the same."""
    clusters = by_cluster(panel)
    if isinstance(clusters, Refusal):
        return clusters
    date = one_date(clusters)
    if isinstance(date, Refusal):
        return date
    clusters = clusters.take((clusters.start == date) | clusters.never)
    change, treated = changes(clusters, date)
    one, zero = change[treated], change[~treated]
    if change.size < 3:
        return TOO_FEW
    squares = float(((one - one.mean()) ** 2).sum() + ((zero - zero.mean()) ** 2).sum())
    df = change.size - 2
    se = math.sqrt(squares / df * (1 / one.size + 1 / zero.size))
    return interval(float(one.mean() - zero.mean()), se, level=level, df=df)
