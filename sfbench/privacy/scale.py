"""Firms as points: numbers by their rank among the original's, words as corners, so that no heavy tail rules.

Two firms that differ in one word lie as far apart as two whose ranks in one number differ by all of the range.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sfbench.privacy.frame import Floats, Frame, Words

Points = NDArray[np.float32]
CHUNK = 1024  # rows whose distances to all others are held at a time
MOST_WORDS = 60  # rarer words share one corner


@dataclass(frozen=True, slots=True)
class Scale:
    """Sorted numbers and words of the original."""

    numbers: dict[str, Floats]
    words: dict[str, Words]

    @classmethod
    def of(cls, original: Frame) -> Scale:
        """Fitted to the original's columns."""
        numbers = {name: np.sort(column[~np.isnan(column)]) for name, column in original.numbers.items()}
        return cls(numbers, {name: _frequent(column) for name, column in original.words.items()})

    def points(self, frame: Frame) -> Points:
        """float32 (rows, dimensions) of a frame with the same columns."""
        parts = []
        for name, known in self.numbers.items():
            column = frame.numbers[name]
            null = np.isnan(column)
            low = np.searchsorted(known, column, side="left")
            high = np.searchsorted(known, column, side="right")
            rank = np.where(null, 0.5, (low + high) / 2 / max(len(known), 1))
            parts += [rank, null / 2.0] if null.any() or len(known) < frame.rows else [rank, np.zeros(len(rank))]
        for name, words in self.words.items():
            said = frame.words[name]
            place = np.minimum(np.searchsorted(words, said), max(len(words) - 1, 0))
            match = (words[place] == said) if len(words) else np.zeros(frame.rows, np.bool_)
            corners = np.zeros((frame.rows, len(words) + 1))
            corners[np.arange(frame.rows), np.where(match, place, len(words))] = np.sqrt(0.5)
            parts += list(corners.T)
        return np.stack(parts, axis=1).astype(np.float32) if parts else np.zeros((frame.rows, 0), np.float32)


def nearest(of: Points, among: Points, k: int = 1, *, itself: bool = False) -> tuple[Floats, NDArray[np.int64]]:
    """(distances, rows) of the k nearest points of `among`, each (rows, k), nearest first.

    itself: the two are the same points, and a point is no neighbour of itself.
    """
    distances = np.empty((len(of), k))
    rows = np.empty((len(of), k), np.int64)
    lengths = np.einsum("ij,ij->i", among, among)
    k = min(k, max(len(among) - itself, 1))
    for start in range(0, len(of), CHUNK):
        part = of[start : start + CHUNK]
        squared = np.einsum("ij,ij->i", part, part)[:, None] + lengths - 2 * (part @ among.T)
        if itself:
            squared[np.arange(len(part)), np.arange(start, start + len(part))] = np.inf
        first = np.argpartition(squared, k - 1, axis=1)[:, :k]
        # Anew from the differences: two equal points are 0 apart, which what is left of large sums is not.
        apart = part[:, None, :] - among[first]
        held = np.einsum("ijk,ijk->ij", apart, apart)
        if itself:
            held[first == np.arange(start, start + len(part))[:, None]] = np.inf
        order = np.argsort(held, axis=1, kind="stable")
        rows[start : start + len(part), :k] = np.take_along_axis(first, order, axis=1)
        distances[start : start + len(part), :k] = np.sqrt(np.take_along_axis(held, order, axis=1))
    return distances[:, :k], rows[:, :k]


def _frequent(column: Words) -> Words:
    kinds, number = np.unique(column, return_counts=True)
    if len(kinds) <= MOST_WORDS:
        return kinds
    return np.sort(kinds[np.argsort(-number, kind="stable")[:MOST_WORDS]])
