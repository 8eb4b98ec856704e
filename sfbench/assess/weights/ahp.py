"""Analytic hierarchy process: weights from pairwise comparisons, and whether these contradict each other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

import numpy as np

from sfbench.assess.context import Context, Note, Weights
from sfbench.assess.options import Names, Within
from sfbench.assess.panel import Floats
from sfbench.errors import SfbenchError

Ratio = Annotated[float, Within(1 / 9 - 1e-9, 9 + 1e-9)]  # Saaty's scale, from 1/9 to 9
Comparisons = Annotated[Mapping[str, Annotated[Mapping[str, Ratio], Names("scored")]], Names("scored")]

# Mean consistency index of random matrices of 1 to 15 rows. Saaty, The Analytic Hierarchy Process (1980).
RANDOM_INDEX = (0, 0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49, 1.51, 1.48, 1.56, 1.57, 1.59)
ACCEPTED = 0.1  # a consistency ratio above it asks for new judgements (Saaty 1980)


def ahp(n: Floats, context: Context, *, comparisons: Comparisons, by: Literal["eigenvector", "geometric"]) -> Weights:
    """Weights from pairs compared, `{a: {b: 3}}`: a is 3 times as important as b; each pair once, in either order.

    `by` eigenvector: the principal one (Saaty 1977); geometric: geometric means of rows (Crawford and Williams 1985).
    A note gives the consistency ratio, and says so where it is above 0.1.
    """
    matrix = judgements(comparisons, context.names)
    weights = principal(matrix)[0] if by == "eigenvector" else _geometric(matrix)
    ratio = consistency(matrix)
    en, zh = f"consistency ratio {abs(ratio):.3f}", f"一致性比率{abs(ratio):.3f}"  # -0.000 is a rounding error
    if ratio > ACCEPTED:
        en = f"{en} is above {ACCEPTED}: the comparisons contradict each other"
        zh = f"{zh}大于{ACCEPTED}：两两比较前后矛盾"
    return Weights(weights, (Note("weights", en, zh),))


def judgements(comparisons: Mapping[str, Mapping[str, float]], names: tuple[str, ...]) -> Floats:
    """The reciprocal matrix [indicator, indicator]. SfbenchError for a pair that is missing or given twice."""
    place = {name: i for i, name in enumerate(names)}
    matrix = np.full((len(names), len(names)), np.nan)
    np.fill_diagonal(matrix, 1)
    for a, row in comparisons.items():
        for b, ratio in row.items():
            if a not in place or b not in place:
                continue  # an indicator without any figure was left out
            if np.isfinite(matrix[place[a], place[b]]):
                raise SfbenchError(f"{a} and {b} are compared twice", fix="give each pair once")
            matrix[place[a], place[b]], matrix[place[b], place[a]] = ratio, 1 / ratio
    missing = [f"{names[i]}-{names[j]}" for i, j in zip(*np.nonzero(np.isnan(matrix)), strict=True) if i < j]
    if missing:
        raise SfbenchError(f"pairs are not compared: {', '.join(missing)}", fix="give each pair once")
    return matrix


def principal(matrix: Floats) -> tuple[Floats, float]:
    """(principal eigenvector with sum 1, its eigenvalue) of a positive matrix."""
    values, vectors = np.linalg.eig(matrix)
    first = int(np.argmax(values.real))
    vector = np.abs(vectors[:, first].real)
    return vector / vector.sum(), float(values[first].real)


def consistency(matrix: Floats) -> float:
    """Saaty's consistency ratio: ((largest eigenvalue - n) / (n - 1)) / random index; 0 for one or two indicators."""
    n = len(matrix)
    if n > len(RANDOM_INDEX):
        raise SfbenchError(
            f"{n} indicators are compared in pairs",
            why=f"the random index is known to {len(RANDOM_INDEX)}",
            fix="compare fewer, or weigh by pillars",
        )
    return 0.0 if n < 3 else (principal(matrix)[1] - n) / (n - 1) / RANDOM_INDEX[n - 1]


def _geometric(matrix: Floats) -> Floats:
    means = np.exp(np.log(matrix).mean(axis=1))
    return np.asarray(means / means.sum())


KINDS = {"ahp": ahp}
