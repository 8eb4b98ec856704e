"""Runs a command as a process of its own and says what it cost. Only the standard library is imported here.

The kernel counts a child's peak memory from the fork on, so a child of a fat parent looks fat: a script that measures
memory must not hold tables itself.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

# -P: without the working directory on its path, so that PYTHONPATH says which code is measured.
_PYTHON = (sys.executable, "-P", "-c")
SFBENCH = (*_PYTHON, "import sys; from sfbench.cli import main; sys.exit(main())")
_KIB_A_MIB = 1024 if sys.platform.startswith("linux") else 1024 * 1024  # macOS counts bytes


class Cost(NamedTuple):
    """What a process and the processes that it waited for cost; the peak is that of the largest of them."""

    cpu: float  # seconds, user and system
    wall: float  # seconds
    peak: float  # MiB


def run(command: Sequence[str]) -> Cost:
    """Run to the end, output thrown away (errors stay visible). Raises SystemExit if the command fails."""
    null = os.open(os.devnull, os.O_WRONLY)
    begun = time.perf_counter()
    # As on a user's machine, where Python keeps what it has compiled.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    child = os.posix_spawnp(command[0], list(command), environment, file_actions=[(os.POSIX_SPAWN_DUP2, null, 1)])
    _, status, usage = os.wait4(child, 0)
    wall = time.perf_counter() - begun
    os.close(null)
    if status:
        raise SystemExit(f"exit {os.waitstatus_to_exitcode(status)}: {' '.join(command)}")
    return Cost(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss / _KIB_A_MIB)


def python(code: str) -> Cost:
    """Run Python code in a fresh interpreter of this environment."""
    return run([*_PYTHON, code])


def sfbench(*words: object) -> Cost:
    """Run the command line, e.g. `sfbench("generate", "baseline", "--scale", 0.2, "--out", folder)`."""
    return run([*SFBENCH, *map(str, words)])


def repeated(times: int, once: Callable[[], Cost]) -> Cost:
    """Field-wise medians of several runs, except the peak: the largest that was seen."""
    costs = [once() for _ in range(times)]
    middle = [statistics.median(values) for values in zip(*costs, strict=True)]
    return Cost(middle[0], middle[1], max(cost.peak for cost in costs))


@contextmanager
def scratch() -> Iterator[Path]:
    """A folder for outputs that is gone afterwards; TMPDIR says where."""
    with tempfile.TemporaryDirectory(prefix="sfbench-benchmark-") as folder:
        yield Path(folder)


def generate(out: Path, scale: float | str, *, jobs: int = 1, tables: str | None = None) -> Cost:
    """`sfbench generate baseline` as a process."""
    only = () if tables is None else ("--tables", tables)
    return sfbench("generate", "baseline", "--scale", scale, "--jobs", jobs, "--out", out, "--force", *only)


def line(what: str, figure: str, bound: str, fine: bool | None) -> None:
    """Print one measured figure against its bound as a row of a Markdown table."""
    verdict = "" if fine is None else "yes" if fine else "**no**"
    print(f"| {what} | {figure} | {bound} | {verdict} |", flush=True)
