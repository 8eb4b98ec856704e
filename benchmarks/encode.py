"""The whole of `generate` against the bare encoding of the tables that it makes, and where its CPU goes."""

from __future__ import annotations

import shutil
import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import processes

BOUND = 3.0  # of issues 2 (its twelve tables) and 3 (all tables)
SLICE = (  # the tables of issue 2
    "month,district,industry,institution,product,enterprise,"
    "enterprise_tag,credit_application,loan,loan_balance,loan_flow,bank_month"
)


def report(scale: float, rounds: int) -> None:
    """Ratios for all tables and for the first slice of twelve, then where the CPU goes."""
    with processes.scratch() as folder:
        for what, tables in (("all tables", None), ("the twelve tables of issue 2", SLICE)):
            pairs = [_pair(folder, scale, tables) for _ in range(rounds)]
            ratios = [whole / encode for whole, encode, _ in pairs]
            wholes, encodes, rates = zip(*pairs, strict=True)
            whole, encode, rate = map(statistics.median, (wholes, encodes, rates))
            ratio, spread = statistics.median(ratios), f"{min(ratios):.2f} to {max(ratios):.2f}"
            least = min(wholes) / min(encodes)  # what other load on the machine disturbs least
            figure = f"{ratio:.2f} ({whole:.2f} / {encode:.2f} CPU-s; {spread}; least of each side {least:.2f})"
            processes.line(f"generate {scale:g} / encode-only, {what}", figure, f"<= {BOUND:g}", ratio <= BOUND)
        processes.line("reference encode, loan rows per CPU-s", f"{rate:.2f} M of 42 columns", "the reference", None)
        for name, share in shares(folder / "shares", scale).items():
            if share >= 0.01:
                processes.line(f"CPU inside generate: {name}", f"{share:.1%}", "", None)


def _pair(folder: Path, scale: float, tables: str | None) -> tuple[float, float, float]:
    """CPU-seconds of the whole process and of encode-only of its tables after it; million loan rows per CPU-second."""
    shutil.rmtree(folder / "data", ignore_errors=True)  # or the run would pay for removing the last one
    whole = processes.generate(folder / "data", scale, tables=tables).cpu
    seconds, rows = encode_only(folder / "data", folder / "again.parquet")
    return whole, sum(seconds.values()), rows["loan"] / seconds["loan"] / 1e6


def encode_only(dataset: Path, out: Path) -> tuple[dict[str, float], dict[str, int]]:
    """(CPU-seconds, rows) by table of writing the dataset's batches once more: one row group a block, no hashes.

    A file's batches are in memory before the clock runs; codes are Arrow dictionaries and money is decimal64, as in
    `generate`.
    """
    import pyarrow.parquet as pq

    import sfbench.content as content
    from sfbench.store import write
    from sfbench.store.arrow import raw_schema
    from sfbench.store.manifest import read

    known = content.tables()
    seconds: dict[str, float] = {}
    rows: dict[str, int] = {}
    for name, entry in read(dataset).tables.items():
        spec = known[name].spec
        seconds[name], rows[name] = 0.0, entry.rows
        for file in entry.files:
            stored = pq.ParquetFile(dataset / file.path)
            groups = range(stored.metadata.num_row_groups)
            batches = [_as_made(stored.read_row_group(i), raw_schema(spec)) for i in groups]
            begun = time.process_time()
            with pq.ParquetWriter(out, raw_schema(spec), **write._options(spec, next(iter(batches), None))) as writer:
                for batch in batches:
                    writer.write_batch(batch, row_group_size=batch.num_rows)
            seconds[name] += time.process_time() - begun
            out.unlink()
    return seconds, rows


def _as_made(table: Any, schema: Any) -> Any:
    return table.cast(schema).combine_chunks().to_batches()[0]


def shares(out: Path, scale: float) -> dict[str, float]:
    """Shares of the CPU inside one process of `generate`, by clocks around its steps (no profiler); they sum to 1."""
    import pyarrow.parquet as pq

    from sfbench.engines import local
    from sfbench.store import write
    from sfbench.world import blocks
    from sfbench.world.plan import plan

    clock = Clock()
    clock.around(blocks, "_call", lambda table, *_: f"simulate {table.spec.name}")
    clock.around(blocks, "settle", lambda *_: "simulate settle")
    clock.around(local, "_seen", lambda *_: "dtypes and cut by date")
    clock.around(local, "batch", lambda *_: "Arrow batches and their checks")
    clock.around(write, "column_hashes", lambda *_: "logical hashes")
    clock.around(write, "sha256", lambda *_: "SHA-256 of files")
    clock.around(pq.ParquetWriter, "write_batch", lambda *_: "encode")
    clock.around(pq.ParquetWriter, "close", lambda *_: "encode")
    begun = time.process_time()
    try:
        local.generate(plan("baseline", scale=scale), out)
    finally:
        clock.off()
    total = time.process_time() - begun
    spent = dict(sorted(clock.spent.items(), key=lambda item: -item[1]))
    simulation = sum(seconds for name, seconds in spent.items() if name.startswith("simulate"))
    grouped = {"simulation, all tables": simulation} | spent | {"other": total - sum(spent.values())}
    return {name: seconds / total for name, seconds in grouped.items()}


class Clock:
    """Adds up CPU-seconds inside functions, each without the clocked functions that it calls."""

    def __init__(self) -> None:
        self.spent: defaultdict[str, float] = defaultdict(float)
        self._inner = [0.0]
        self._replaced: list[tuple[Any, str, Any]] = []

    def around(self, owner: Any, name: str, label: Callable[..., str]) -> None:
        """Put a clock around `owner.name`; `label` names the entry from the arguments."""
        original = getattr(owner, name)

        def clocked(*args: Any, **options: Any) -> Any:
            begun = time.process_time()
            self._inner.append(0.0)
            try:
                return original(*args, **options)
            finally:
                whole = time.process_time() - begun
                self.spent[label(*args)] += whole - self._inner.pop()
                self._inner[-1] += whole

        self._replaced.append((owner, name, original))
        setattr(owner, name, clocked)

    def off(self) -> None:
        """Take all clocks away."""
        for owner, name, original in self._replaced:
            setattr(owner, name, original)


def spots(scale: float, count: int) -> Iterator[str]:
    """The functions with the most time of their own while generating, by cProfile: where to look, not how long."""
    import cProfile
    import pstats

    from sfbench.engines.local import generate
    from sfbench.world.plan import plan

    with processes.scratch() as folder, cProfile.Profile() as profile:
        generate(plan("baseline", scale=scale), folder / "data")
    stats = pstats.Stats(profile).get_stats_profile().func_profiles
    for name, one in sorted(stats.items(), key=lambda item: -item[1].tottime)[:count]:
        where = f"{Path(one.file_name).name}:{one.line_number} {name}"
        yield f"{one.tottime:7.3f} s of its own, {one.cumtime:7.3f} s with callees, {one.ncalls:>9} calls  {where}"
