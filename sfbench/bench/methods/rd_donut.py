"""The jump at a floor without those who could have stretched over it, if the density says that some did."""

import numpy as np

from sfbench.bench.kit import Method, Refusal, density_test, floor_sample, regression_discontinuity

METHOD = Method(
    zh="断点回归(密度检验后去除门槛附近)",
    en="Donut after a density test",
    task="indicator",
    question="rate_at_floor",
    source="McCrary 2008; Barreca, Lindo and Waddell 2016",
)

NEAR, WIDE = 1.0, 4.0  # points of R&D ratio: who can stretch that far is left out; who is compared


def answer(con, card):
    """A wider window than without the hole, as it is extrapolated over it."""
    sample = floor_sample(con, card)
    near = sample.running[np.abs(sample.running - sample.cutoff) <= WIDE]
    heap = density_test(near, cutoff=sample.cutoff, level=card.level)
    heaped = not isinstance(heap, Refusal) and heap.claims
    return regression_discontinuity(sample, bandwidth=WIDE, donut=NEAR if heaped else 0.0, level=card.level)
