"""Least squares with unit and period effects on a part of a panel, by eliminating the units: O(units * periods^2)."""

from __future__ import annotations

import numpy as np

from sfbench.bench.effects.panel import Bools, Floats


class TwoWay:
    """The normal equations Z'WZ of unit and period dummies over the cells `use` (units, periods), weight w (units,).

    Units without a cell get effect 0 and are to be left out by the caller.
    """

    def __init__(self, use: Bools, w: Floats) -> None:
        self.m = use * w[:, None]
        self.rows = self.m.sum(axis=1)
        safe = np.where(self.rows > 0, self.rows, 1.0)
        self.share = self.m / safe[:, None]
        self.safe = safe
        self.schur = np.diag(self.m.sum(axis=0)) - self.m.T @ self.share

    @property
    def connected(self) -> bool:
        """All period effects are comparable: units link every period that has a cell to every other."""
        seen = int((self.m.sum(axis=0) > 0).sum())
        scale = max(float(np.abs(self.schur).max()), 1e-300)
        return int(np.linalg.matrix_rank(self.schur / scale, tol=1e-9)) == seen - 1

    def solve(self, unit: Floats, period: Floats) -> tuple[Floats, Floats]:
        """(a, b) with Z'WZ (a, b) = (unit, period), the right sides: sums by unit and by period."""
        right = period - self.share.T @ unit
        b = np.asarray(np.linalg.lstsq(self.schur, right, rcond=1e-10)[0], np.float64)
        a: Floats = np.where(self.rows > 0, unit / self.safe - self.share @ b, 0.0)
        return a, b

    def fit(self, y: Floats) -> Floats:
        """(units, periods): fitted unit + period effects, also where no cell was used."""
        x = self.m * y
        a, b = self.solve(x.sum(axis=1), x.sum(axis=0))
        out: Floats = a[:, None] + b
        return out
