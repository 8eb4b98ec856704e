"""Write datasets/calibration/quantile.csv: the only place where exp and log touch the model's distributions.

python benchmarks/make_quantiles.py
"""

from __future__ import annotations

import csv
import math
from pathlib import Path

import numpy as np

from sfbench.draws.quantiles import lognormal_table, normal_table, to_rows

TARGET = Path(__file__).parent.parent / "datasets" / "calibration" / "quantile.csv"


def exponential_table(points: int = 1025, cap: float = 0.9999) -> np.ndarray:
    """Exponential quantiles of mean 1, cut at `cap`."""
    p = np.clip(np.arange(points) / (points - 1), 0, cap)
    table = np.array([-math.log1p(-x) for x in p])
    return table / ((table[1:] + table[:-1]).sum() / 2 / (points - 1))


def main() -> None:
    tables = {"normal": normal_table(), "exponential": exponential_table()}
    tables |= {f"lognormal_{sigma}": lognormal_table(sigma) for sigma in (0.3, 0.5, 0.8, 0.9, 1.1)}
    with TARGET.open("w", encoding="utf-8", newline="") as out:
        out.write("# source: benchmarks/make_quantiles.py (quantiles of named distributions, mean 1 or variance 1)\n")
        out.write("# source_zh: benchmarks/make_quantiles.py（各分布的分位数，均值1或方差1）\n")
        out.write("# licence: Apache-2.0 (own work)\n")
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(("table", "point", "value"))
        for name, table in tables.items():
            writer.writerows(to_rows(name, table))


if __name__ == "__main__":
    main()
