"""Measure what each mart and each metric of `sfbench evaluate` costs, on a dataset that is there.

    python benchmarks/metrics.py city             # every mart and metric, CPU and wall seconds, the costly first
    python benchmarks/metrics.py city --rounds 3  # medians of three evaluations
    python benchmarks/metrics.py city --whole     # the whole process as well: start, imports and output included

CPU-seconds of a mart or metric are those of the thread that runs its queries; the whole counts all threads, so on two
cores that are free its wall time is a little over half of its CPU. Wall seconds of parts overlap. The peak is the
process's maximum resident set.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import processes

from sfbench.metrics import runner
from sfbench.metrics.builder import Builder
from sfbench.metrics.mart import Mart
from sfbench.metrics.session import Session
from sfbench.spec import Metric
from sfbench.store import manifest
from sfbench.store.read import open_dataset

WHOLE = "evaluation, data opened"


class Clock:
    """CPU and wall seconds by name, from any thread."""

    def __init__(self) -> None:
        self.spent: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])

    @contextmanager
    def __call__(self, name: str) -> Iterator[None]:
        begun = time.thread_time(), time.perf_counter()
        try:
            yield
        finally:
            self.spent[name][0] += time.thread_time() - begun[0]
            self.spent[name][1] += time.perf_counter() - begun[1]


def timed(clock: Clock, kind: str, work: Callable[[Any, Any], None]) -> Callable[[Any, Any], None]:
    """The method of a session or builder that makes a metric or mart, with the clock running."""

    def method(self: object, made: Metric | Mart) -> None:
        with clock(f"{kind} {made.id}"):
            work(self, made)

    return method


def once(folder: Path) -> dict[str, list[float]]:
    """Name of a mart or metric to [CPU, wall] in seconds."""
    scale = manifest.read(folder).scale
    connection = open_dataset(folder)
    clock = Clock()
    begun = time.process_time(), time.perf_counter()
    with (
        patch.object(Session, "add", timed(clock, "metric", Session.add)),
        patch.object(Builder, "create", timed(clock, "mart", Builder.create)),
    ):
        runner.evaluate(connection, scale=scale)
    whole = [time.process_time() - begun[0], time.perf_counter() - begun[1]]
    parts = sum(cpu for cpu, _ in clock.spent.values())
    clock.spent |= {WHOLE: whole, "the rest: headers, verdicts, long table": [whole[0] - parts, 0.0]}
    connection.close()
    return dict(clock.spent)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--least", type=float, default=0.05, help="CPU-seconds below which a line is not printed")
    parser.add_argument("--whole", action="store_true")
    wish = parser.parse_args()
    print(f"load {os.getloadavg()[0]:.1f} at start\n| what | CPU-s | wall s |\n|---|---|---|")
    if wish.whole:
        whole = processes.repeated(wish.rounds, lambda: processes.sfbench("evaluate", wish.folder))
        print(f"| whole process, peak {whole.peak:.0f} MiB | {whole.cpu:.2f} | {whole.wall:.2f} |", flush=True)
    runs = [once(wish.folder) for _ in range(wish.rounds)]
    middle = {name: [statistics.median(run[name][place] for run in runs) for place in (0, 1)] for name in runs[0]}
    small = {name: cost for name, cost in middle.items() if cost[0] < wish.least}
    for name, (cpu, wall) in sorted(middle.items(), key=lambda item: -item[1][0]):
        if name not in small:
            print(f"| {name} | {cpu:.2f} | {wall:.2f} |")
    print(f"| {len(small)} smaller ones | {sum(c for c, _ in small.values()):.2f} | |")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"| peak memory of this process, MiB | {peak:.0f} | |")


if __name__ == "__main__":
    main()
