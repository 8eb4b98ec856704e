"""Measure what a new month costs `sfbench evaluate --cache` against the whole, on a dataset that is there.

    python benchmarks/cache.py city                       # five months from 2025-10-31 on: full, with the cache, share
    python benchmarks/cache.py city --from 2024-03 --months 12

The first month fills the cache. CPU-seconds are of the whole process: start, imports, reading, output.
"""

from __future__ import annotations

import argparse
import datetime
import os
import tempfile
from pathlib import Path

from processes import sfbench


def month_ends(first: str, months: int) -> list[datetime.date]:
    """The ends of so many months from YYYY-MM on."""
    year, month = map(int, first.split("-"))
    numbers = range(year * 12 + month, year * 12 + month + months)
    return [datetime.date(n // 12, n % 12 + 1, 1) - datetime.timedelta(1) for n in numbers]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dataset", type=Path)
    parser.add_argument("--from", dest="first", default="2025-10", metavar="YYYY-MM")
    parser.add_argument("--months", type=int, default=5)
    wish = parser.parse_args()
    print("| as known on | full, CPU-s | with the cache, CPU-s | share | load |\n|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for day in month_ends(wish.first, wish.months):
            words = ("evaluate", wish.dataset, "--as-of", day, "--force", "--out", f"{folder}/figures.parquet")
            full, kept = sfbench(*words), sfbench(*words, "--cache", f"{folder}/cache")
            load = os.getloadavg()[0]
            print(f"| {day} | {full.cpu:.1f} | {kept.cpu:.1f} | {kept.cpu / full.cpu:.2f} | {load:.0f} |", flush=True)


if __name__ == "__main__":
    main()
