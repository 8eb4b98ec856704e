"""A tree over the columns of a table, chosen privately: which pairs say most beyond what their columns say alone."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from sfbench.synth.budget import Budget
from sfbench.synth.columns import Floats, Ints

ABOVE = -1  # the part of the tree that holds the parent's columns, and what hangs on them


def joint(given: Ints, codes: Ints, shape: tuple[int, int], weight: Floats) -> Floats:
    """Weights of rows by two columns."""
    cells = np.bincount(given * shape[1] + codes, weight, minlength=shape[0] * shape[1])
    return np.asarray(cells.reshape(shape), np.float64)


def chosen(
    shares: Mapping[str, Floats],
    own: Sequence[str],
    placed: Sequence[str],
    codes: Mapping[str, Ints],
    weight: Floats,
    sigma: float,
    budget: Budget,
    rho: float,
    most: float,
) -> list[tuple[str, str]]:
    """(given, column) until all columns `own` hang together, or on the others of `shares`, which are the parent's.

    The score of a pair is the L1 distance of its counts from those that independence would give, less what noise of
    `sigma` would put there (as AIM scores: McKenna, Mullins, Sheldon and Miklau 2022). A firm that is replaced moves
    the counts by at most 2 `most` and their row sums by as much: the score has a sensitivity of 4 `most`. Each choice
    costs `rho`. `placed` columns hang on the parent already.
    """
    above = [name for name in shares if name not in own]
    part = {name: at for at, name in enumerate(own)} | dict.fromkeys([*above, *placed], ABOVE)
    names = [*above, *own]
    pairs = [(one, other) for at, one in enumerate(names) for other in names[at + 1 :] if other in own]
    scores = np.array([_score(one, other, shares, codes, weight, sigma) for one, other in pairs])
    edges = list[tuple[str, str]]()
    while len({*part.values()}) > 1:
        free = np.flatnonzero([part[one] != part[other] for one, other in pairs])
        one, other = pairs[free[budget.best(scores[free], rho, 4 * most)]]
        edges.append((one, other))
        kept, gone = sorted((part[one], part[other]))
        part = {name: kept if at == gone else at for name, at in part.items()}
    return edges


def _score(
    one: str, other: str, shares: Mapping[str, Floats], codes: Mapping[str, Ints], weight: Floats, sigma: float
) -> float:
    counts = joint(codes[one], codes[other], (len(shares[one]), len(shares[other])), weight)
    expected = counts.sum(axis=1)[:, None] * shares[other]
    return float(np.abs(counts - expected).sum() - math.sqrt(2 / math.pi) * sigma * counts.size)


def walked(edges: Sequence[tuple[str, str]], names: Sequence[str], known: Sequence[str]) -> list[tuple[str, int]]:
    """(column, place of the edge that leads to it; -1 for a root) in an order in which each can be drawn."""
    done, out = set(known), list[tuple[str, int]]()
    while len(out) < len(names):
        steps = [(at, ends) for at, ends in enumerate(edges) if (ends[0] in done) != (ends[1] in done)]
        if not steps:
            out.append((next(name for name in names if name not in done), -1))
        for at, ends in steps:
            new = [name for name in ends if name not in done]
            out += [(name, at) for name in new]
            done |= set(new)
        done.add(out[-1][0])
    return out
