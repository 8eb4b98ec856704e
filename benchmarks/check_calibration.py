"""Check the calibration as the issue asks: the mean of 8 seeds at scale 0.2 against every figure that is judged.

    python benchmarks/check_calibration.py [--scale 0.2] [--seeds 8] [--jobs 2] [--write]

`--write` puts the standard deviations into datasets/calibration/spread.csv and the table into
docs/reference/calibration.md. Exit code 1 if a judged mean is off by more than its tolerance and two standard errors,
or a single seed by more than three standard deviations.
"""

from __future__ import annotations

import argparse
import math
import statistics
import tempfile
from pathlib import Path

import sfbench
from sfbench.world.calibration_report import STANDARD_DEVIATIONS, TOLERANCE, YOY_POINTS, Row, compare

ROOT = Path(__file__).parent.parent


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=float, default=0.2)
    parser.add_argument("--seeds", type=int, default=8)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--write", action="store_true")
    wish = parser.parse_args()
    worlds = [rows(wish.scale, seed, wish.jobs) for seed in range(wish.first, wish.first + wish.seeds)]
    lines = [
        "| figure | as of | published | mean | deviation | sd of one seed | judged | fine |",
        "|---|---|---|---|---|---|---|---|",
    ]
    spreads, bad = [], []
    for same in zip(*worlds, strict=True):
        line, sd, fine = judge(list(same))
        lines.append(line)
        spreads.append((same[0].key, sd))
        if not fine:
            bad.append(same[0].key)
    print("\n".join(lines))
    print(f"{len(spreads)} figures, {sum(r.judged for r in worlds[0])} judged, outside: {', '.join(bad) or 'none'}")
    if wish.write:
        write(lines, spreads, wish.scale, wish.seeds)
    return 1 if bad else 0


def rows(scale: float, seed: int, jobs: int) -> list[Row]:
    """The comparison of one world."""
    with tempfile.TemporaryDirectory() as folder:
        sfbench.generate("baseline", scale=scale, seed=seed, out=folder, jobs=jobs)
        with sfbench.open(folder) as connection:
            return compare(connection, scale)


def judge(same: list[Row]) -> tuple[str, float, bool]:
    """Table line, standard deviation over seeds of the deviation, and whether the criterion holds.

    A world without a row for a figure that grows with the scale has none of it: -100 %.
    """
    row = same[0]
    points = row.unit.startswith("%")
    deviations = [-100.0 if r.deviation is None else r.deviation for r in same if r.deviation is not None or not points]
    values = [r.simulated or 0.0 for r in same if r.deviation is not None or not points]
    mean, sd = statistics.fmean(deviations), statistics.stdev(deviations)
    tolerance = YOY_POINTS if points else TOLERANCE.get(row.confidence, math.inf)
    chance = max(sd, row.sampling_sd)  # a small count has its own sampling error
    fine = abs(mean) <= max(tolerance, 2 * chance / math.sqrt(len(deviations)))
    one = max(tolerance, STANDARD_DEVIATIONS * chance)
    fine &= all(abs(deviation) <= one for deviation in deviations)
    fine &= not (row.cap and any(r.within is False for r in same))
    fine |= not row.judged
    unit = "pt" if points else "%"
    cells = [
        row.key,
        row.as_of.split(" (")[0],
        row.stated or f"{row.published:g}",
        f"{statistics.fmean(values):.4g}" + (" % of rows" if row.stated else ""),
        f"{mean:+.2f} {unit}",
        f"{sd:.2f}",
    ]
    return "| " + " | ".join([*cells, "yes" if row.judged else "prior", "yes" if fine else "**no**"]) + " |", sd, fine


def write(lines: list[str], spreads: list[tuple[str, float]], scale: float, seeds: int) -> None:
    """spread.csv and the page of the docs."""
    head = "# source: benchmarks/check_calibration.py\n# note: sd over seeds at scale 0.2, percent or points\n"
    body = "".join(f"{key},{sd:.3f}\n" for key, sd in spreads)
    target = ROOT / "datasets" / "calibration" / "spread.csv"
    target.write_text(head + "# licence: Apache-2.0 (own work)\nkey,sd\n" + body, encoding="utf-8")
    page = [
        "# Calibration",
        "",
        f"Mean over {seeds} seeds at scale {scale:g}, by `python benchmarks/check_calibration.py --write`.",
        "Deviations of levels in percent, of percentages in points. Figures from memory are priors and not judged.",
        "A rule without a number is the percent of rows that keep it. Sources: `datasets/calibration/facts.csv`; the",
        "figure that answers each: `datasets/calibration/expressed/`; what no table can answer, and why:",
        "`datasets/calibration/not_expressed.csv`.",
        "",
        *lines,
    ]
    (ROOT / "docs" / "reference" / "calibration.md").write_text("\n".join(page) + "\n", encoding="utf-8")


if __name__ == "__main__":
    raise SystemExit(main())
