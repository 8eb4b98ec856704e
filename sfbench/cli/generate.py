"""`sfbench generate`: a scenario becomes a dataset on disk."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sfbench.cli import options as o
from sfbench.cli.content import folders
from sfbench.cli.progress import parts_bar
from sfbench.cli.say import pick, print_json, size
from sfbench.errors import SfbenchError

if TYPE_CHECKING:
    from sfbench.store.manifest import Manifest
    from sfbench.world.plan import Plan


def generate(
    scenario: o.Scenario,
    scale: o.Scale = "tiny",
    seed: o.CitySeed = "0",
    out: o.OutFolder = Path("out"),
    jobs: o.Jobs = 1,
    tables: o.Tables = None,
    as_of: o.AsOf = None,
    since: o.Since = None,
    until: o.Until = None,
    force: o.Force = False,
    twin: o.Twin = False,
    content: o.Content = None,
    as_json: o.Json = False,
    lang: o.Lang = "en",
) -> None:
    """Make a dataset of a scenario.

    Writes OUT/manifest.json, OUT/data/<table>/*.parquet and OUT/truth/; run again, it resumes what was stopped.
    A private seed is drawn: the manifest commits to it by a salted hash, OUT/truth/manifest.json opens it.
    """
    wish = wished(scenario, scale, seed, tables, as_of, since, until, content)
    started = time.perf_counter()
    made = carry_out(wish, out, jobs=jobs, force=force, twin=twin)
    facts = summary(made, out)
    if as_json:
        print_json(facts)
        return
    print(sentence(facts, time.perf_counter() - started, lang))
    if sys.stdout.isatty():
        print(f"{pick(lang, 'next: ', '下一步：')}sfbench evaluate {out}   sfbench validate {out}")


def wished(
    scenario: str,
    scale: str,
    seed: str,
    tables: list[str] | None = None,
    as_of: str | None = None,
    since: str | None = None,
    until: str | None = None,
    content: list[Path] | None = None,
) -> Plan:
    """The plan of a command line. Raises SfbenchError for bad wishes."""
    days = [o.day_number(*pair) for pair in (("--as-of", as_of), ("--from", since), ("--to", until))]
    from sfbench.world.plan import plan
    from sfbench.world.seal import PRIVATE

    number = seed if seed == PRIVATE else o.whole_number("--seed", seed)

    return plan(
        scenario,
        scale=scale,
        seed=number,
        tables=o.names("--tables", tables),
        as_of=days[0],
        since=days[1],
        until=days[2],
        extra=folders(content),
    )


def carry_out(wish: Plan, out: Path, *, jobs: int, force: bool, twin: bool = False) -> Manifest:
    """Make the dataset, with a progress bar on a terminal."""
    from sfbench.engines import generate as run

    if out.exists() and not out.is_dir():
        raise SfbenchError(
            "the output is a file", where=str(out), why="a dataset is a folder", fix="choose another --out"
        )
    with parts_bar(f"{wish.scenario.name} {wish.scale:g}") as progress:
        return run(wish, out, jobs=jobs, force=force, twin=twin, progress=progress)


def summary(made: Manifest, out: Path) -> dict[str, Any]:
    """What was made, for JSON."""
    return {
        "out": str(out),
        "scenario": made.scenario["name"],
        "scale": made.scale,
        "seed": made.shown_seed,
        **({"seed_commitment": made.seed_commitment} if made.seed_commitment else {}),
        "rows": sum(entry.rows for entry in made.tables.values()),
        "bytes": sum(entry.bytes for entry in made.tables.values()),
        "fingerprint": made.fingerprint,
        "tables": {name: entry.rows for name, entry in made.tables.items()},
    }


def sentence(facts: dict[str, Any], seconds: float, lang: o.Language) -> str:
    """The result line."""
    name, tables, held = facts["scenario"], len(facts["tables"]), size(facts["bytes"])
    en = f"{name}, scale {facts['scale']:g}, seed {facts['seed']}: {tables} tables, {facts['rows']:,} rows, {held}"
    zh = f"{name}，规模{facts['scale']:g}，种子{facts['seed']}：{tables}张表，{facts['rows']:,}行，{held}"
    return f"{facts['out']}" + pick(
        lang, f": {en}, {seconds:.1f} s (synthetic)", f"：{zh}，{seconds:.1f}秒（合成数据）"
    )
