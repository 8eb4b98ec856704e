"""A privacy budget under zero-concentrated differential privacy, and the two mechanisms that spend it.

Neighbours: one firm, with all that hangs on it, is replaced by another; the number of firms is public. The rows of a
firm are weighted so that they add up to at most `most` (`weights`). Let a and b be what the two firms give to a
marginal: vectors without negative entries whose entries add up to at most `most`, so each has an L2 norm of at most
`most`. The marginal changes by b - a, and |b - a|^2 = |a|^2 + |b|^2 - 2ab <= 2 most^2: the L2 sensitivity is sqrt(2)
most, the L1 sensitivity 2 most. (2 most in L2 would be right only if a count could fall in the cell where it rises.)

Gaussian noise of standard deviation sigma costs rho = (sensitivity / sigma)^2 / 2 (Bun and Steinke 2016, "Concentrated
differential privacy", Prop. 1.6); costs add up (Lemma 1.7), and rho gives epsilon = rho + 2 sqrt(rho ln(1 / delta))
(Prop. 1.3). The exponential mechanism with epsilon costs epsilon^2 / 8 (Cesar and Rogers 2021, "Bounding,
concentrating, and truncating"). Noise is drawn in floating point by NumPy's generator, which is no cryptographic one.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from sfbench.synth.columns import Floats, Ints

LONGEST = 256  # rows of a firm in one table that count at all


def rho_of(epsilon: float, delta: float) -> float:
    """The zero-concentrated budget whose (epsilon, delta) is as stated."""
    root = math.sqrt(math.log(1 / delta) + epsilon) - math.sqrt(math.log(1 / delta))
    return root * root


def sigma_of(rho: float, most: float) -> float:
    """Standard deviation of the noise on each cell of a marginal to which a firm gives at most `most`."""
    return math.sqrt(2) * most / math.sqrt(2 * rho)


def weights(firms: Ints, most: float) -> Floats:
    """A weight for each row, at most 1: those of a firm are equal and add up to at most `most`."""
    order = np.argsort(firms, kind="stable")
    owner = firms[order]
    first = np.searchsorted(owner, owner)
    number = np.minimum(np.searchsorted(owner, owner, side="right") - first, LONGEST)
    out = np.empty(len(firms))
    out[order] = np.where(np.arange(len(firms)) - first < LONGEST, np.minimum(1.0, most / np.maximum(number, 1)), 0.0)
    return out


def threshold(sigma: float, most: float, delta: float) -> float:
    """The noisy count from which a word may be told that nobody declared.

    A firm holds at most `LONGEST` words that no other holds, each with a weight of at most `most`; two neighbours,
    twice as many. That one of them gets over the threshold has a probability of at most `delta` (union bound).
    """
    return most + sigma * NormalDist().inv_cdf(1 - delta / (2 * LONGEST))


@dataclass
class Budget:
    """What may be spent, what is spent, and the source of noise."""

    rho: float
    random: np.random.Generator
    spent: float = 0.0

    def noisy(self, counts: NDArray[np.float64], rho: float, most: float) -> tuple[Floats, float]:
        """(a marginal with Gaussian noise, the noise's standard deviation). A firm gives at most `most` to it."""
        self._spend(rho)
        sigma = sigma_of(rho, most)
        return counts + self.random.normal(0.0, sigma, counts.shape), sigma

    def best(self, scores: Floats, rho: float, sensitivity: float) -> int:
        """The place of a high score: the exponential mechanism, by Gumbel noise."""
        self._spend(rho)
        epsilon = math.sqrt(8 * rho)
        return int(np.argmax(scores * epsilon / (2 * sensitivity) + self.random.gumbel(size=len(scores))))

    def _spend(self, rho: float) -> None:
        self.spent += rho
        if self.spent > self.rho * (1 + 1e-9):
            raise ValueError(f"{self.spent} of a budget of {self.rho}")  # a mistake in the plan, never the user's
