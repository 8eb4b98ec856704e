"""Measure `sfbench generate` and what reads its data, against the bounds that the project has set itself.

    python benchmarks/generate.py all            # everything but `memory`, `city` and `spots`
    python benchmarks/generate.py encode         # the whole process against encoding its tables
    python benchmarks/generate.py peers          # against Faker and Mimesis, per cell (pip install -e .[bench])
    python benchmarks/generate.py memory         # peak memory of a process at two scales (minutes)
    python benchmarks/generate.py city           # the whole city once: CPU-seconds and peak memory (minutes)
    python benchmarks/generate.py start          # --help and the tiny world
    python benchmarks/generate.py imports        # what the tiny world imports
    python benchmarks/generate.py jobs           # two jobs against one
    python benchmarks/generate.py checks         # metrics and suites
    python benchmarks/generate.py spots          # the functions that take the most time (cProfile)

CPU-seconds are compared, medians of `--rounds` runs, both sides of a ratio in turn; wall only where it is named. Only
`jobs` needs an idle machine. Each line is a row of the table in docs/benchmarks.md. The bounds are those of issues 2
(the first twelve tables, marked so) and 3 (all tables); what is marked `aim` is a target of the whole project.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
from functools import partial

import processes

MEMORY_BOUND, FLAT, JOBS_BOUND = 400, 1.25, 1.6  # MiB; large over small; one job over two, wall
CITY_BOUND = 150  # CPU-seconds at scale 1


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("all", *PARTS))
    parser.add_argument("--scale", type=float, default=0.2)
    parser.add_argument("--large", type=float, default=2.0, help="the larger scale of `memory`")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--count", type=int, default=20, help="how many lines `imports` and `spots` print")
    parser.add_argument("--firms", type=int, default=1000, help="firms of a peer's run, with six loans each")
    wish = parser.parse_args()
    load = os.getloadavg()[0]
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, load {load:.1f} at start")
    print("| what | measured | bound | reached |\n|---|---|---|---|")
    for name in PARTS if wish.what == "all" else (wish.what,):
        if wish.what != "all" or name not in ("memory", "city", "spots"):
            PARTS[name](wish)


def encode(wish: argparse.Namespace) -> None:
    import encode

    encode.report(wish.scale, wish.rounds)


def peers(wish: argparse.Namespace) -> None:
    import peers

    peers.report(wish.scale, wish.firms, wish.rounds)


def memory(wish: argparse.Namespace) -> None:
    """Only the standard library may be loaded here: see processes.py."""
    with processes.scratch() as folder:
        small = processes.generate(folder / "data", wish.scale)
        large = processes.generate(folder / "data", wish.large)
    for scale, cost in ((wish.scale, small), (wish.large, large)):
        figure = f"{cost.peak:.0f} MiB ({cost.cpu:.1f} CPU-s)"
        processes.line(f"peak memory at scale {scale:g}", figure, f"<= {MEMORY_BOUND} MiB", cost.peak <= MEMORY_BOUND)
    growth = large.peak / small.peak
    what = f"peak memory, {wish.large:g} over {wish.scale:g}"
    processes.line(what, f"{growth:.2f}x", f"<= {FLAT}x", growth <= FLAT)


def city(wish: argparse.Namespace) -> None:
    """Only the standard library may be loaded here, as for `memory`."""
    with processes.scratch() as folder:
        cost = processes.generate(folder / "data", 1)
    figure = f"{cost.cpu:.1f} CPU-s, {cost.wall:.0f} s wall"
    processes.line("generate the city (scale 1), all tables", figure, f"<= {CITY_BOUND} CPU-s", cost.cpu <= CITY_BOUND)
    fine = cost.peak <= MEMORY_BOUND
    processes.line("peak memory at scale 1", f"{cost.peak:.0f} MiB", f"<= {MEMORY_BOUND} MiB", fine)


def start(wish: argparse.Namespace) -> None:
    import start

    start.report(max(5, wish.rounds))


def imports(wish: argparse.Namespace) -> None:
    import start

    start.imports(wish.count)


def jobs(wish: argparse.Namespace) -> None:
    pairs = []
    with processes.scratch() as folder:
        for number in range(wish.rounds):
            pairs.append([processes.generate(folder / f"{number}-{n}", wish.scale, jobs=n) for n in (1, 2)])
    gain = statistics.median(one.wall / two.wall for one, two in pairs)
    extra = statistics.median(two.cpu / one.cpu for one, two in pairs)
    walls = [statistics.median(pair[n].wall for pair in pairs) for n in (0, 1)]
    figure = f"{gain:.2f}x ({walls[0]:.1f} s / {walls[1]:.1f} s wall, CPU {extra:.2f}x)"
    processes.line("one job over two, wall", figure, f">= {JOBS_BOUND}x (aim)", gain >= JOBS_BOUND)


def checks(wish: argparse.Namespace) -> None:
    """The bounds are those of the whole project; metrics and suites are still growing."""
    with processes.scratch() as folder:
        data = folder / "data"
        processes.generate(data, wish.scale)
        for what, call, bound in (("metrics", "evaluate", 6), ("suites", "validate", 20)):
            code = f"import sfbench; sfbench.{call}({str(data)!r})"
            cost = processes.repeated(wish.rounds, partial(processes.python, code))
            figure = f"{cost.cpu:.1f} CPU-s, {cost.wall:.1f} s wall, peak {cost.peak:.0f} MiB"
            processes.line(
                f"all {what} at {wish.scale:g}, whole process", figure, f"<= {bound} s CPU (aim)", cost.cpu <= bound
            )


def spots(wish: argparse.Namespace) -> None:
    import encode

    print("\n".join(encode.spots(wish.scale, wish.count)))


PARTS = {
    "encode": encode,
    "peers": peers,
    "start": start,
    "imports": imports,
    "jobs": jobs,
    "checks": checks,
    "memory": memory,
    "city": city,
    "spots": spots,
}

if __name__ == "__main__":
    main()
