"""`bench run`: instances of a scenario, answers of methods to them, and the truth kept apart. Resumable.

OUT/instances/<digest>.npz holds what a method may see, OUT/truth/<digest>.npz what it may not, OUT/answers/ one JSON a
method. A method's process gets copies of the panels under numbers of no meaning in a folder of its own; names, seed and
truth stay behind. What an earlier run has made, of the same code and content, is taken over.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np

import sfbench.content as content
from sfbench.bench.card import Card
from sfbench.bench.instance import instance, posed, wished
from sfbench.bench.panels import panel_file
from sfbench.errors import SfbenchError
from sfbench.folders import PACKAGE
from sfbench.spec import Scenario
from sfbench.store.files import sha256, write_whole
from sfbench.world.variants import MAIN, NULL_TWIN

SECONDS, MEMORY = 60, 4 << 30  # of an instance; of a method's process, in bytes of address space
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One method's answer to one instance. kind: estimate, refusal or failed; att: the truth."""

    scenario: str
    variant: str
    seed: int
    method: str
    kind: str
    seconds: float
    att: float
    value: float | None = None
    low: float | None = None
    high: float | None = None
    claims: bool | None = None
    why: str = ""


def run(
    scenario: Scenario,
    *,
    variants: Sequence[str],
    methods: Sequence[str],
    seeds: Sequence[int],
    out: Path,
    jobs: int = 1,
    extra: tuple[Path, ...] = (),
    progress: Progress | None = None,
) -> list[Answer]:
    """Every method's answer to every instance, by variant, seed and method. Raises SfbenchError for a bad wish."""
    trial = posed(scenario)
    if importlib.util.find_spec("scipy") is None:
        raise SfbenchError("the methods of the bench need scipy", fix="pip install 'sfbench[bench-methods]'")
    found = {name: content.method(name, extra) for name in methods}
    for name, one in found.items():
        if one.spec.task != trial.task:
            raise SfbenchError(f"method {name!r} is for the task {one.spec.task!r}", where="--method", why=trial.task)
    for folder in ("instances", "truth", "answers"):
        (out / folder).mkdir(parents=True, exist_ok=True)
    wanted = [(variant, seed) for variant in variants for seed in seeds]
    digests = _instances(scenario, wanted, out, jobs, extra, progress)
    truths = [float(np.load(_files(out, digest)[1])["att"]) for digest in digests]
    answers = []
    for one in found.values():
        records = _answers(one, Card.of(trial, extra), digests, out)
        for (variant, seed), truth, record in zip(wanted, truths, records, strict=True):
            about: dict[str, Any] = {"variant": variant, "seed": seed, "method": one.spec.name, "att": truth}
            answers.append(Answer(scenario=scenario.name, **about, **record))
    return sorted(answers, key=lambda a: (a.variant, a.seed, a.method))


def _instances(
    scenario: Scenario,
    wanted: Iterable[tuple[str, int]],
    out: Path,
    jobs: int,
    extra: tuple[Path, ...],
    progress: Progress | None,
) -> list[str]:
    """Makes the instances that are not there; returns the digest of each."""
    work = partial(_make, scenario, out, extra)
    pairs = list(wanted)
    if jobs == 1:
        made = map(work, pairs)
        return [_counted(digest, place, len(pairs), progress) for place, digest in enumerate(made, 1)]
    with ProcessPoolExecutor(min(jobs, len(pairs)), mp_context=get_context("spawn")) as pool:
        return [_counted(digest, place, len(pairs), progress) for place, digest in enumerate(pool.map(work, pairs), 1)]


def _counted(digest: str, done: int, of: int, progress: Progress | None) -> str:
    if progress:
        progress(done, of)
    return digest


def _make(scenario: Scenario, out: Path, extra: tuple[Path, ...], pair: tuple[str, int]) -> str:
    variant, seed = pair
    trial = posed(scenario)
    facts = [wished(scenario, variant, seed, extra).digest, variant, trial.first, trial.last, trial.anticipation]
    facts += [panel_file(trial.panel, extra).sql, _code("instance.py", "panels.py")]
    digest = hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:20]
    seen, hidden = _files(out, digest)
    if seen.is_file() and hidden.is_file():
        return digest
    if variant == NULL_TWIN:  # the main variant's twin, with its register: no world of its own
        with np.load(_files(out, _make(scenario, out, extra, (MAIN, seed)))[1]) as main:
            untreated, start, unit, att = main["y0"], main["start"], main["unit"], 0.0
            treated = untreated
    else:
        made = instance(scenario, variant, seed, extra)
        untreated, treated = made.untreated, made.observed.y
        start, unit, att = made.observed.start, made.unit, made.att
    _save(hidden, y0=untreated, y1=treated, start=start, unit=unit, att=att)
    _save(seen, y=treated, start=start, cluster=np.arange(len(start)))
    return digest


def _files(out: Path, digest: str) -> tuple[Path, Path]:
    """Where an instance's observables lie, and its truth."""
    return out / "instances" / f"{digest}.npz", out / "truth" / f"{digest}.npz"


def _save(path: Path, **arrays: Any) -> None:
    """Written aside and renamed: a file that is there is whole."""
    partial_path = path.with_name(f".{path.stem}.{os.getpid()}.npz")
    np.savez(partial_path, **arrays)
    partial_path.replace(path)


def _answers(method: content.MethodContent, card: Card, digests: Sequence[str], out: Path) -> list[dict[str, Any]]:
    """The records of one method: those kept, and the others from a process of its own."""
    code = hashlib.sha256(Path(method.spec.where).read_bytes() + json.dumps(card.to_json()).encode())
    code.update(_code("worker.py", "effects").encode())
    kept = out / "answers" / f"{method.spec.name}-{code.hexdigest()[:20]}.json"
    known: dict[str, dict[str, Any]] = json.loads(kept.read_text(encoding="utf-8")) if kept.is_file() else {}
    missing = [digest for digest in dict.fromkeys(digests) if digest not in known]
    if missing:
        known |= dict(zip(missing, _worked(method, card, missing, out), strict=True))
        write_whole(kept, json.dumps(known, ensure_ascii=False).encode())
    return [known[digest] for digest in digests]


def _worked(method: content.MethodContent, card: Card, digests: Sequence[str], out: Path) -> list[dict[str, Any]]:
    """Runs the worker; an instance that its process did not live to answer has failed."""
    with tempfile.TemporaryDirectory(prefix="sfbench-method-") as name:
        folder = Path(name)
        panels = [str(folder / f"{number}.npz") for number in range(len(digests))]
        for digest, path in zip(digests, panels, strict=True):
            shutil.copyfile(_files(out, digest)[0], path)
        own = folder / Path(method.spec.where).name
        shutil.copyfile(method.spec.where, own)
        wish = {"method": str(own), "card": card.to_json(), "panels": panels, "seconds": SECONDS, "memory": MEMORY}
        (folder / "wish.json").write_text(json.dumps(wish | {"out": str(folder / "answers.jsonl")}), encoding="utf-8")
        words = [sys.executable, "-m", "sfbench.bench.worker", str(folder / "wish.json")]
        environment = {"PATH": os.environ.get("PATH", ""), "PYTHONPATH": str(PACKAGE.parent), "OMP_NUM_THREADS": "1"}
        ended = subprocess.run(words, cwd=folder, env=environment, capture_output=True, text=True, check=False)
        answers = folder / "answers.jsonl"
        lines = answers.read_text(encoding="utf-8").splitlines() if answers.is_file() else []
        records: list[dict[str, Any]] = [json.loads(line) for line in lines]
        if ended.returncode and not records:
            why = ended.stderr.strip().splitlines()[-1] if ended.stderr.strip() else f"code {ended.returncode}"
            raise SfbenchError(f"method {method.spec.name!r} does not run", where=method.spec.where, why=why)
        dead = {"kind": "failed", "why": f"its process ended with code {ended.returncode}", "seconds": 0.0}
        return records + [dead] * (len(digests) - len(records))


def _code(*names: str) -> str:
    """Hash of files of this package: answers of other code are not taken over."""
    here = PACKAGE / "bench"
    found = ([here / name] if name.endswith(".py") else sorted(here.glob(f"{name}/*.py")) for name in names)
    files = [file for group in found for file in group]
    return hashlib.sha256("".join(sha256(file) for file in files).encode()).hexdigest()[:16]
