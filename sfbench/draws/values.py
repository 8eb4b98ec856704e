"""Words become values: value = f(seed, table, purpose, entity, ordinal), and nothing else.

A purpose names a word, whichever method reads it: give each decision its own purpose, and a child of an entity its
own ordinal. Two decisions with one purpose, entity and ordinal are the same draw.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from sfbench.draws.keys import key
from sfbench.draws.tables import Choice, Floats, Integers, Quantiles
from sfbench.draws.words import Index, Words, words
from sfbench.errors import SfbenchError

# 0-d arrays, as in draws.words: most calls are short
_UNIT = np.array(2.0**-53)
_SCALE = 2.0**53
_SPARE_BITS = np.array(11, np.uint64)

_purpose_key = lru_cache(maxsize=4096)(key)


@dataclass(frozen=True, slots=True)
class Draw:
    """The draws of one table of one world. Every method is vectorised over entity and ordinal, which broadcast."""

    seed: int
    table: str

    def words(self, purpose: str, entity: Index, ordinal: Index = 0) -> Words:
        """Raw uint64 words."""
        return words(_purpose_key("draw", self.seed, self.table, purpose), entity, ordinal)

    def _bits(self, purpose: str, entity: Index, ordinal: Index) -> Integers:
        raw = self.words(purpose, entity, ordinal)
        np.right_shift(raw, _SPARE_BITS, raw)
        return raw.view(np.int64)

    def uniform(self, purpose: str, entity: Index, ordinal: Index = 0) -> Floats:
        """Uniform float64 in [0, 1): the top 53 bits of the word, times 2**-53."""
        return np.asarray(np.multiply(self._bits(purpose, entity, ordinal), _UNIT))

    def below(self, purpose: str, entity: Index, n: Integers | int, ordinal: Index = 0) -> Integers:
        """Uniform int64 in [0, n); n is a scalar or broadcasts. Bias under n * 2**-53. Raises SfbenchError if n < 1.

        floor(u * n) never reaches n: u <= 1 - 2**-53, and the product rounds to the float below n at most (n < 2**53).
        """
        smallest = n if isinstance(n, int) else np.min(n, initial=1)
        if smallest < 1:
            raise SfbenchError(f"cannot draw {purpose!r} below {smallest}", where=self.table, fix="give n >= 1")
        return np.asarray((self.uniform(purpose, entity, ordinal) * n).astype(np.int64))

    def between(
        self, purpose: str, entity: Index, low: Integers | int, high: Integers | int, ordinal: Index = 0
    ) -> Integers:
        """Uniform int64 in [low, high], both ends included; raises SfbenchError if high < low."""
        return np.asarray(low + self.below(purpose, entity, high - low + 1, ordinal))

    def chance(self, purpose: str, entity: Index, p: Floats | float, ordinal: Index = 0) -> NDArray[np.bool_]:
        """True with probability p (scalar or broadcast): uniform < p, so raising p turns no True into False.

        Both sides are compared on the 2**53 scale: a power of two rounds nothing, and a scalar p costs one step less.
        """
        return np.asarray(self._bits(purpose, entity, ordinal) < p * _SCALE)

    def choice(self, purpose: str, entity: Index, table: Choice, ordinal: Index = 0) -> Integers:
        """The int64 index of a weighted category; the same as table.at(uniform)."""
        return table.at_bits(self._bits(purpose, entity, ordinal))

    def quantile(self, purpose: str, entity: Index, table: Quantiles, ordinal: Index = 0) -> Floats:
        """A float64 of the table's distribution; the same as table.at(uniform)."""
        return table.at(self.uniform(purpose, entity, ordinal))
