"""Rates of `sfbench export`: rows per CPU-second and per second, and peak memory. `python benchmarks/exports.py DIR`.

DIR is a dataset with `loan_balance`. The child process is measured as a whole: start, imports, reading, writing.
`--postgres ADDRESS` measures the load of a server as well (wall time: the server works in processes of its own).
"""

from __future__ import annotations

import argparse
import os
import tempfile
from pathlib import Path

import pyarrow.parquet as pq
from processes import SFBENCH, run

FORMATS = {"csv": "", "dat": "", "jsonl": "", "arrow": "", "parquet": "", "duckdb": ".duckdb", "sqlite": ".sqlite"}
FORMATS |= {"postgres-sql": ".sql", "mysql-sql": ".sql", "xlsx": ".xlsx", "delta": "", "iceberg": ""}


def main() -> None:
    """A line of a Markdown table per format."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("dataset", type=Path)
    parser.add_argument("--formats", default=",".join(FORMATS))
    parser.add_argument("--table", default="loan_balance")
    parser.add_argument("--postgres", default="")
    given = parser.parse_args()
    files = (given.dataset / "data" / given.table).glob("*.parquet")
    rows = sum(pq.read_metadata(file).num_rows for file in files)
    print(f"{given.table}: {rows:,} rows, load {os.getloadavg()[0]:.1f}")
    print("| format | CPU-s | wall s | rows per CPU-s | rows per s | peak MiB |\n|---|---|---|---|---|---|")
    wanted = [(form, FORMATS[form]) for form in given.formats.split(",") if form]
    with tempfile.TemporaryDirectory() as home:
        for form, suffix in wanted:
            report(form, rows, export(given, form, f"{home}/{form}{suffix}"))
    if given.postgres:
        report("postgres", rows, export(given, "postgres", given.postgres, "--force"))


def export(given: argparse.Namespace, form: str, out: str, *more: str) -> object:
    """What one export costs."""
    words = ["export", str(given.dataset), "--format", form, "--tables", given.table, "--out", out, *more]
    return run([*SFBENCH, *words])


def report(form: str, rows: int, cost: object) -> None:
    """One line."""
    cells = (f"{cost.cpu:.1f}", f"{cost.wall:.1f}", f"{rows / cost.cpu:,.0f}", f"{rows / cost.wall:,.0f}")
    print(f"| {form} | {' | '.join(cells)} | {cost.peak:.0f} |", flush=True)


if __name__ == "__main__":
    main()
