"""Weights that nobody knows to the per cent: each of a pipeline's weights scattered around its value."""

from __future__ import annotations

import numpy as np

from sfbench.assess.assessment import Assessment
from sfbench.assess.panel import Floats
from sfbench.assess.spec import Method, Step


def factors(method: Method, replicates: int, seed: int) -> Floats:
    """[replicate, scored indicator] uniform within 1 plus and minus `weight_spread`; all 1 where it is 0.

    The draws are of a stream of their own, so that the choices of steps stay the same without them.
    """
    draws = np.random.default_rng([seed, 1]).random((replicates, len(method.scored)))
    return 1 + method.weight_spread * (2 * draws - 1)


def scattered(method: Method, made: Assessment, own: Floats) -> tuple[Method, Floats]:
    """The method with the weights that `made` came to, times `own` [scored indicator], sum 1 again; and the weights.

    Weights that differ between units (benefit of the doubt) are each unit's best already, and stay: the method comes
    back as it is, with NaN for the weights.
    """
    weights = np.full(len(method.scored), np.nan)
    if (made.weights != made.weights[0]).any():
        return method, weights
    places = [method.scored.index(name) for name in made.indicators]
    scaled = made.weights[0] * own[places]
    weights[places] = scaled / scaled.sum()
    values = dict(zip(made.indicators, weights[places].tolist(), strict=True))
    return method.with_step("weights", Step("given", {"values": values})), weights
