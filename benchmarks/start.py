"""How long the small things take: `--help`, the tiny world, and which imports they pay for."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from functools import partial

import encode
import processes

TINY = "import sfbench; sfbench.generate('baseline', scale='tiny', out={out!r}, force=True)"


def report(rounds: int) -> None:
    """Medians over whole processes; CPU-seconds stand against the bound, wall is beside them.

    Everything runs once before it is measured: the first run of a checkout compiles it.
    """
    processes.sfbench("--help")
    helped = processes.repeated(2 * rounds, lambda: processes.sfbench("--help"))
    processes.line(
        "sfbench --help", f"{helped.cpu:.3f} CPU-s ({helped.wall:.3f} s wall)", "<= 0.25 s", helped.cpu <= 0.25
    )
    with processes.scratch() as folder:
        processes.generate(folder / "tiny", "tiny")
        for what, tables, bound in (("all tables", None, 1.5), ("the twelve tables of issue 2", encode.SLICE, 1.2)):
            tiny = processes.repeated(rounds, partial(processes.generate, folder / "tiny", "tiny", tables=tables))
            figure = f"{tiny.cpu:.2f} CPU-s ({tiny.wall:.2f} s wall)"
            processes.line(f"generate --scale tiny, {what}", figure, f"<= {bound:g} s", tiny.cpu <= bound)
        in_python = processes.repeated(rounds, lambda: processes.python(TINY.format(out=str(folder / "tiny"))))
    processes.line("the same from Python", f"{in_python.cpu:.2f} CPU-s ({in_python.wall:.2f} s wall)", "", None)


def imports(count: int) -> None:
    """Self time by package of what `generate --scale tiny` imports, as `python -X importtime` sees it."""
    with processes.scratch() as folder:
        command = [sys.executable, "-X", "importtime", "-c", TINY.format(out=str(folder / "tiny"))]
        lines = subprocess.run(command, check=True, capture_output=True, text=True).stderr.splitlines()
    spent: Counter[str] = Counter()
    for text in lines:
        cells = text.removeprefix("import time:").split("|")
        if len(cells) == 3 and cells[0].strip().isdigit():
            module = cells[2].strip()
            parts = module.split(".")
            spent[".".join(parts[:2]) if parts[0] in ("pyarrow", "sfbench", "numpy") else parts[0]] += int(cells[0])
    processes.line("all imports of tiny", f"{sum(spent.values()) / 1e6:.3f} s", "", None)
    for name, microseconds in spent.most_common(count):
        processes.line(f"import {name}", f"{microseconds / 1e3:.1f} ms", "", None)
