"""The risk signal of a copy: whether what lenders look at tells bad notes from good ones as it does in the original."""

from __future__ import annotations

from pathlib import Path

import duckdb
import numpy as np

from sfbench.errors import SfbenchError
from sfbench.store.read import open_dataset

CLASSES = ("borrower_size", "guarantee", "rate_kind", "product_class")
LEAST = 30  # bad notes of a class in the original, below which its share says little
_SHARES = f"""
WITH life AS (SELECT loan_id, bool_or(grade >= 'FQ03') AS bad FROM loan_balance GROUP BY loan_id),
cell AS (
    UNPIVOT (SELECT {", ".join(f"{name}::VARCHAR AS {name}" for name in CLASSES)}, bad
             FROM loan JOIN life USING (loan_id))
    ON {", ".join(CLASSES)} INTO NAME kind VALUE class
)
SELECT kind, class, count(*), count(*) FILTER (bad) FROM cell GROUP BY kind, class ORDER BY kind, class
"""


def risk_signal(original: Path, copy: Path) -> float:
    """Slope of the logarithms of the copy's bad shares on the original's, over the classes of each of `CLASSES`.

    A bad note is one that was ever graded FQ03 or worse. 1: as in the original; 0: the signal is lost; below 0: it is
    turned round. Classes are weighed by the original's notes and compared within their kind; those with fewer than
    `LEAST` bad notes, or without a note in the copy, are left out. Where no note of a class is bad in the copy, half a
    note counts as bad. NaN if no two classes of a kind are left. Raises SfbenchError without `loan` and `loan_balance`.
    """
    theirs, ours = _shares(original), _shares(copy)
    cells = [key for key, (_, bad) in theirs.items() if bad >= LEAST and key in ours]
    kinds = np.array([kind for kind, _ in cells])
    weight = np.array([theirs[key][0] for key in cells], np.float64)
    x, y = (np.log([max(side[key][1], 0.5) / side[key][0] for key in cells]) for side in (theirs, ours))
    for kind in np.unique(kinds):
        own = kinds == kind
        x[own] -= np.average(x[own], weights=weight[own])
        y[own] -= np.average(y[own], weights=weight[own])
    spread = float(np.sum(weight * x * x))
    return float(np.sum(weight * x * y)) / spread if spread > 0 else float("nan")


def _shares(folder: Path) -> dict[tuple[str, str], tuple[int, int]]:
    """(kind, class) -> (notes, bad notes)."""
    con = open_dataset(folder, tables=["loan", "loan_balance"])
    try:
        return {(kind, name): (notes, bad) for kind, name, notes, bad in con.execute(_SHARES).fetchall()}
    except duckdb.Error as error:
        raise SfbenchError("the risk signal cannot be worked out", where=str(folder), why=str(error)) from error
    finally:
        con.close()
