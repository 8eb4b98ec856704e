"""Instances on disk: what a method may see in OUT/instances/<digest>/, what it may not in OUT/truth/<digest>.parquet.

The digest is of the content and of the code that makes it, so what an earlier run has made is taken over. Cards lie in
OUT/cards.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cache, partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from sfbench.bench.card import Card
from sfbench.bench.instance import instances, posed, variants_of, wished
from sfbench.bench.posed import Posed
from sfbench.bench.questions import question
from sfbench.errors import SfbenchError
from sfbench.folders import PACKAGE
from sfbench.spec import Scenario
from sfbench.store.files import sha256, write_whole
from sfbench.store.unwritable import unwritable

FOLDERS = ("instances", "truth", "answers", "cards", "results")
# What shapes an instance beside the content that its plan names.
_OWN = ("instance.py", "posed.py", "shelf.py", "tasks", "truth.py", "worlds.py")
_MAKES = ("kit.py", "draws", "engines", "reporting", "spec", "world", *(f"bench/{name}" for name in _OWN))
Progress = Callable[[int, int], None]  # seeds done, seeds in all


def pose(
    scenario: Scenario,
    *,
    variants: Sequence[str],
    seeds: Sequence[int],
    out: Path,
    jobs: int = 1,
    extra: tuple[Path, ...] = (),
    progress: Progress | None = None,
) -> dict[tuple[str, int], str]:
    """Make the instances, for methods that run elsewhere: (variant, seed) -> its name under OUT/instances.

    OUT/cards holds the task cards. Raises SfbenchError for a scenario that poses no task, fewer than one job, or an OUT
    that cannot be written.
    """
    if jobs < 1:
        raise SfbenchError(f"--jobs {jobs} is less than 1", where="--jobs", fix="give 1 or more")
    _furnish(out)
    told = cards(scenario, variants, extra)
    for name, card in told.values():
        text = json.dumps(card.to_json(), ensure_ascii=False, indent=1).encode()
        path = out / "cards" / f"{name}.json"
        if not path.is_file() or path.read_bytes() != text:
            write_whole(path, text)
    named = {variant: name for variant, (name, _) in told.items()}
    return _instances(scenario, named, tuple(seeds), out, jobs, extra, progress)


def _furnish(out: Path) -> None:
    for folder in FOLDERS:
        try:
            (out / folder).mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise unwritable(out, str(error)) from error


def cards(scenario: Scenario, variants: Sequence[str], extra: tuple[Path, ...] = ()) -> dict[str, tuple[str, Card]]:
    """Variant -> (name of its file, card). The name is the scenario's, and says where a span ends that is cut short."""
    found, usual = {}, posed(scenario).last
    for name in variants:
        trial = posed(wished(scenario, name, 0, extra).scenario)
        card = Card.of(trial, extra)
        found[name] = scenario.name if trial.last == usual else f"{scenario.name}_until_{card.last}", card
    return found


def _instances(
    scenario: Scenario,
    variants: Mapping[str, str],
    seeds: tuple[int, ...],
    out: Path,
    jobs: int,
    extra: tuple[Path, ...],
    progress: Progress | None,
) -> dict[tuple[str, int], str]:
    """Makes the instances that are not there; returns the digest of each. `variants`: with their cards' names."""
    work = partial(_make, scenario, variants, out, extra)
    if jobs == 1:
        made = _counted(map(work, seeds), len(seeds), progress)
    else:
        with ProcessPoolExecutor(min(jobs, len(seeds)), mp_context=get_context("spawn")) as pool:
            made = _counted(pool.map(work, seeds), len(seeds), progress)
    return {
        (variant, seed): digests[place]
        for place, variant in enumerate(variants)
        for seed, digests in zip(seeds, made, strict=True)
    }


def _counted(made: Iterable[list[str]], of: int, progress: Progress | None) -> list[list[str]]:
    out = []
    for digests in made:
        out.append(digests)
        if progress:
            progress(len(out), of)
    return out


def _make(scenario: Scenario, variants: Mapping[str, str], out: Path, extra: tuple[Path, ...], seed: int) -> list[str]:
    """Digests of the instances of a seed; those that are not there are made."""
    digests = {variant: _digest(scenario, variant, seed, extra) for variant in variants}
    missing = tuple(variant for variant in variants if not _truth_file(out, digests[variant]).is_file())
    for variant, made in instances(scenario, missing, seed, extra):
        about = {"scenario": scenario.name, "variant": variant, "seed": seed, "question": posed(scenario).question}
        about["card"] = variants[variant]
        save(made, out, digests[variant], about)
    return list(digests.values())


def content_of(scenario: Scenario, extra: tuple[Path, ...] = ()) -> str:
    """Hash of what a scenario poses in all its variants, whatever the seed, and of what methods are told of it."""
    told = cards(scenario, variants_of(scenario, extra), extra)
    facts = [[_digest(scenario, name, 0, extra), card.to_json()] for name, (_, card) in told.items()]
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:20]


def _digest(scenario: Scenario, variant: str, seed: int, extra: tuple[Path, ...]) -> str:
    wish = wished(scenario, variant, seed, extra)
    trial = posed(wish.scenario)
    facts = [wish.digest, variant, trial.first, trial.last]
    facts += [question(trial.question, extra).sql, code_of(*_MAKES)]
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:20]


def _truth_file(out: Path, digest: str) -> Path:
    return out / "truth" / f"{digest}.parquet"


def save(made: Posed, out: Path, digest: str, about: Mapping[str, Any]) -> None:
    """Written aside and renamed, the truth last: where it is, the instance is whole. What it is stands in the truth."""
    seen = out / "instances" / digest
    aside = out / "instances" / f".{digest}.{os.getpid()}"
    aside.mkdir()
    for name, table in made.seen.items():
        pq.write_table(table.replace_schema_metadata(), aside / f"{name}.parquet", compression="zstd")
    if seen.is_dir():  # of a run that was killed before the truth was there
        shutil.rmtree(seen)
    aside.replace(seen)
    facts = json.dumps({**about, "value": made.value, "identified": made.identified})
    path = _truth_file(out, digest)
    partial_path = path.with_name(f".{digest}.{os.getpid()}")
    pq.write_table(made.truth.replace_schema_metadata({"sfbench.instance": facts}), partial_path, compression="zstd")
    partial_path.replace(path)


def truth_of(out: Path, digest: str) -> tuple[dict[str, Any], pa.Table]:
    """({scenario, variant, seed, question, card and the figure that is asked for}, the table of the truth)."""
    table = pq.read_table(_truth_file(out, digest))
    facts: dict[str, Any] = json.loads((table.schema.metadata or {})[b"sfbench.instance"])
    return facts, table


def code_of(*names: str) -> str:
    """Hash of files and folders of sfbench: what other code has made or answered is not taken over.

    Methods are left out: the file of each counts for its own answers.
    """
    return _code_of(PACKAGE, names)


@cache
def _code_of(package: Path, names: tuple[str, ...]) -> str:
    """Read once a process, as code does not change under it."""
    places = [package / name for name in names]
    files = [file for place in places for file in ([place] if place.is_file() else sorted(place.rglob("*.py")))]
    own = package / "bench" / "methods"
    known = [f"{file.relative_to(package).as_posix()} {sha256(file)}" for file in files if own not in file.parents]
    return hashlib.sha256("\n".join(known).encode()).hexdigest()[:16]
