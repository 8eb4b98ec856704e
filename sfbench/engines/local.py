"""This machine: one process, or several that take parts in turn. The result is the same."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

import sfbench.content as content
from sfbench.engines.budget import funded
from sfbench.engines.pool import spread
from sfbench.engines.report import labels_of, make, merge, publish, publish_settled
from sfbench.engines.truth import truth_of
from sfbench.errors import SfbenchError
from sfbench.kit import Block, Columns
from sfbench.spec import Table
from sfbench.store.arrow import batch
from sfbench.store.labels import NAME as LABELS
from sfbench.store.labels import Labels
from sfbench.store.manifest import FileEntry, Manifest, TableEntry
from sfbench.store.staging import Staging
from sfbench.store.write import TableWriter
from sfbench.version import __version__
from sfbench.world import blocks
from sfbench.world.plan import Plan
from sfbench.world.seal import commitment

Progress = Callable[[int, int], None]  # parts done, parts in all


def generate(
    plan: Plan, out: Path, *, jobs: int = 1, force: bool = False, twin: bool = False, progress: Progress | None = None
) -> Manifest:
    """Carry the plan out into the folder `out` and return its manifest.

    `out/truth` is what only a judge may see (`sfbench.engines.truth`). With `twin` the same world without the
    scenario's levers is a dataset of its own in `out/truth/twin`, against which effects are taken.

    Resumes what a killed run of the same plan left. Raises SfbenchError (and leaves no dataset that looks whole) if a
    generator fails or the folder cannot be written.
    """
    if jobs < 1:
        raise SfbenchError(f"--jobs {jobs} is less than 1", where="--jobs", fix="give 1 or more")
    if twin and all(lever.stays for lever in plan.scenario.levers):
        why = f"scenario {plan.scenario.name!r} has no lever: its twin would be itself"
        raise SfbenchError("there is no twin to make", where="--twin", why=why, fix="choose a scenario with levers")
    plan = funded(plan, jobs)
    with Staging(out, plan.digest, force) as staging:
        done: dict[int, Mapping[str, FileEntry]] = {}
        states: dict[str, blocks.State] = {}  # merged as parts come: sums of integers know no order

        def finished(part: int, entries: Mapping[str, FileEntry], sums: Mapping[str, blocks.State]) -> None:
            done[part] = entries
            merge(plan, states, sums)
            if progress:
                progress(len(done), plan.parts)

        for part in range(plan.parts):
            found = staging.done(part)
            if found is not None:
                finished(part, found.entries, found.states)
        waiting = [part for part in range(plan.parts) if part not in done]
        for part, (entries, sums) in spread(partial(_part, plan, staging.folder), waiting, jobs):
            staging.record(part, entries, sums)
            finished(part, entries, sums)
        labels = labels_of(plan)
        whole = _whole(plan, staging.folder, states, labels)
        tables = {
            name: TableEntry.of([whole[name]] if name in whole else [done[p][name] for p in range(plan.parts)])
            for name in plan.tables
        }
        manifest = _manifest(plan, tables)
        for part in range(plan.parts):
            if LABELS in done[part]:
                labels.join(pq.read_table(staging.folder / done[part][LABELS].path))
        if twin:
            generate(plan.twin, staging.twin, jobs=jobs, force=True)
        hidden = {name: [done[p][name] for p in range(plan.parts)] for name in plan.truths}
        book = labels.table() if plan.scenario.faults else None
        staging.commit(manifest, truth_of(plan, manifest, staging.folder, book, hidden, staging.twin if twin else None))
        return manifest


def _part(plan: Plan, folder: Path, part: int) -> tuple[dict[str, FileEntry], dict[str, blocks.State]]:
    """Make a fixed run of blocks and write one file a table."""
    small, known = blocks.prelude(plan), content.tables(plan.content)
    mine = [n for n in (*plan.tables, *plan.truths) if known[n].spec.stage == "block"]
    writers = {name: TableWriter(folder, known[name].spec, part) for name in mine}
    states, labels = dict[str, blocks.State](), labels_of(plan)
    try:
        for block in plan.part(part):
            merge(plan, states, _block(plan, block, small, part, writers, labels))
        entries = {name: writer.close() for name, writer in writers.items()}
        return entries | ({LABELS: labels.write(folder, part)} if labels.blocks else {}), states
    except BaseException:
        for writer in writers.values():
            writer.discard()
        raise


def _block(
    plan: Plan,
    block: Block,
    small: Mapping[str, Columns],
    part: int,
    writers: Mapping[str, TableWriter],
    labels: Labels,
) -> dict[str, blocks.State]:
    """Write one block and return its settle states; a function, or two blocks would be held while the next is made."""
    known, made = content.tables(plan.content), make(plan, block, small, wanted=writers)
    for name, writer in writers.items():
        columns, sheet = publish(plan, known[name].spec, made.tables[name], made.sheets.get(name), made.tables)
        with _told(known[name].spec, block):
            writer.write(batch(known[name].spec, columns))
        if sheet is not None:
            labels.add(sheet, part, block.index)
    return made.states


@contextmanager
def _told(table: Table, block: Block) -> Iterator[None]:
    """Says of a column that cannot be stored which block made it, and where it is to be put right."""
    try:
        yield
    except SfbenchError as error:
        why = error.why or f"made in block {block.index}, firms {block.first} to {block.first + block.count - 1}"
        fix = error.fix or f"correct the generator {table.where}"
        raise SfbenchError(error.what, where=error.where, why=why, fix=fix) from error


def _whole(plan: Plan, folder: Path, states: Mapping[str, blocks.State], labels: Labels) -> dict[str, FileEntry]:
    """Write the tables that are not made block by block: prelude and settle tables, one file each."""
    small, known = blocks.prelude(plan), content.tables(plan.content)
    entries = {}
    for name in plan.tables:
        spec = known[name].spec
        if spec.stage == "prelude":
            columns, sheet = publish(plan, spec, small[name])
        elif spec.stage == "settle":
            columns, sheet = publish_settled(plan, spec, states, small)
        else:
            continue
        with TableWriter(folder, spec, 0) as writer:
            writer.write(batch(spec, columns))
            entries[name] = writer.close()
        if sheet is not None:
            labels.add(sheet, 0, 0)
    return entries


def _manifest(plan: Plan, tables: Mapping[str, TableEntry]) -> Manifest:
    scenario = plan.scenario
    return Manifest(
        version=__version__,
        scenario={
            "name": scenario.name,
            "title_zh": scenario.title_zh,
            "title_en": scenario.title_en,
            "chain": list(scenario.chain),
            "changed": dict(scenario.changed),
        },
        scale=plan.scale,
        seed=None if plan.salt else plan.seed,
        seed_commitment=commitment(plan.seed, plan.salt) if plan.salt else "",
        tables=tables,
        plan=plan.digest,
        as_of=_iso(plan.as_of),
        since=_iso(plan.since),
        until=_iso(plan.until),
        lineage=lineage(plan, tables),
    )


def lineage(plan: Plan, tables: Iterable[str]) -> dict[str, dict[str, Any]]:
    """The file that makes each table and the tables that it reads, for these tables and all that lie behind them."""
    known = content.tables(plan.content)
    found: dict[str, dict[str, Any]] = {}
    waiting = list(tables)
    while waiting:
        name = waiting.pop()
        if name not in found:
            spec = known[name].spec
            found[name] = {"generator": f"generators/{Path(spec.where).name}", "from": list(spec.needs)}
            waiting += spec.needs
    return dict(sorted(found.items()))


def _iso(day: int | None) -> str | None:
    import datetime

    return None if day is None else (datetime.date(1970, 1, 1) + datetime.timedelta(day)).isoformat()
