"""Draws that remember: what was drawn for the entities of one row while its block is made again."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sfbench.draws import Draw
from sfbench.draws.words import Index, Words, unsigned

_MOST = 4  # values of one purpose that are kept for an entity: a path by month has 144


@dataclass(frozen=True, slots=True)
class Drawn:
    """One draw: value = the word as a number in [0, 1)."""

    table: str
    purpose: str
    entity: int
    ordinal: int
    value: float


class Watch:
    """The entities (firm, note, request ... numbers) whose draws are kept."""

    def __init__(self, entities: set[int]) -> None:
        self.entities = np.array(sorted(entities), np.int64).view(np.uint64)
        self.drawn: list[Drawn] = []

    def draw(self, seed: int, table: str) -> Draw:
        """In place of `Draw(seed, table)`."""
        return _Traced(seed, table, self)

    def see(self, table: str, purpose: str, entity: Index, ordinal: Index, raw: Words) -> None:
        """Keep the words of watched entities, the first few of each."""
        entities, ordinals, words = np.broadcast_arrays(unsigned(entity), unsigned(ordinal), raw)
        hits = np.flatnonzero(np.isin(entities.reshape(-1), self.entities))
        for at in hits[:_MOST]:
            value = float(int(words.flat[at]) >> 11) * 2.0**-53
            self.drawn.append(Drawn(table, purpose, int(entities.flat[at]), int(ordinals.flat[at]), value))


class _Traced(Draw):
    """A draw whose words are seen by a watch."""

    __slots__ = ("_watch",)

    def __init__(self, seed: int, table: str, watch: Watch) -> None:
        super().__init__(seed, table)
        object.__setattr__(self, "_watch", watch)

    def words(self, purpose: str, entity: Index, ordinal: Index = 0) -> Words:
        raw = Draw.words(self, purpose, entity, ordinal)
        self._watch.see(self.table, purpose, entity, ordinal, raw)  # type: ignore[attr-defined]
        return raw
