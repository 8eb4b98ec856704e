"""`bench run`: answers of methods to the instances of a scenario, and how good they are. Resumable.

OUT/answers/ holds one JSON a method. A method's process gets copies of the tables under numbers of no meaning in a
folder of its own; names, seed and truth stay behind. What an earlier run has answered, of the same code, is taken over.
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
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

import sfbench.content as content
from sfbench.bench.card import Card
from sfbench.bench.figures import of_estimate, of_marks, of_ranking
from sfbench.bench.instance import posed
from sfbench.bench.numbers import in_one_line, no_answer
from sfbench.bench.questions import question
from sfbench.bench.shelf import Progress, cards, code_of, content_of, pose, truth_of
from sfbench.bench.tasks import task
from sfbench.errors import SfbenchError
from sfbench.folders import PACKAGE
from sfbench.spec import Question, Scenario
from sfbench.store.files import write_whole

SECONDS, MEMORY = 60, 4 << 30  # of an instance; of a method's process, in bytes of address space


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One method's answer to one instance. kind: estimate, table, refusal or failed; truth: the figure that was asked
    for (None where keys are); figures: how good the answer is (`sfbench.bench.figures`). world, code: hashes of the
    scenario's content and of the method, which tell what an earlier answer was to and by."""

    scenario: str
    variant: str
    seed: int
    method: str
    kind: str
    seconds: float
    truth: float | None = None
    value: float | None = None
    low: float | None = None
    high: float | None = None
    why: str = ""
    figures: Mapping[str, float] = field(default_factory=dict)
    world: str = ""
    code: str = ""


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
    """Every method's answer to every instance, by variant, seed and method; one that failed has the figures of the
    question's naive method. Raises SfbenchError for a bad wish.
    """
    asked = question(posed(scenario).question, extra)
    if importlib.util.find_spec("scipy") is None:
        raise SfbenchError("the bench needs scipy", fix="pip install 'sfbench[bench-methods]'")
    found = {name: content.method(name, extra) for name in methods}
    if not found:
        fix = f"give --method FILE, or --content with one for {asked.name!r} ({asked.task})"
        raise SfbenchError("no method answers the question", where="--method", fix=fix)
    called = [one.spec.name for one in found.values()]
    for name, one in found.items():
        if called.count(one.spec.name) > 1:  # their answers could not be told apart
            fix = "give the files other names, or run one at a time"
            raise SfbenchError(f"two methods are called {one.spec.name!r}", where="--method", fix=fix)
        if not answers_to(one, asked):
            what = f"the question {one.spec.question!r}" if one.spec.question else f"the task {one.spec.task!r}"
            fix = f"choose one for {asked.name!r} ({asked.task})"
            raise SfbenchError(f"method {name!r} is for {what}", where="--method", fix=fix)
    world = content_of(scenario, extra)
    digests = pose(scenario, variants=variants, seeds=seeds, out=out, jobs=jobs, extra=extra, progress=progress)
    told = cards(scenario, variants, extra)

    def said(one: content.MethodContent, pairs: Container[tuple[str, int]]) -> Iterator[Answer]:
        # A variant at a time: beside the null twin of its seed an instance would show its effect.
        for name, (_, card) in told.items():
            mine = [pair for pair in digests if pair[0] == name and pair in pairs]
            records = answered(one, asked, card, [digests[pair] for pair in mine], out)
            for (variant, seed), record in zip(mine, records, strict=True):
                about: dict[str, Any] = {"variant": variant, "seed": seed, "method": one.spec.name}
                yield Answer(scenario=scenario.name, **about, **record, world=world, code=_written(one))

    answers = [answer for one in found.values() for answer in said(one, digests)]
    blank = {(a.variant, a.seed) for a in answers if a.kind == "failed"}
    if blank and asked.naive:  # it is run for them if nobody asked for it: what fails is never left blank
        answers = stood_in(answers, said(content.method(asked.naive, extra), blank))
    return sorted(answers, key=lambda a: (a.variant, a.seed, a.method))


def stood_in(answers: Iterable[Answer], naive: Iterable[Answer]) -> list[Answer]:
    """The answers, those that failed with the figures that a naive method has of the instance, where it has any."""
    figures = {(a.scenario, a.variant, a.seed): a.figures for a in naive}
    return [
        replace(a, figures=figures.get((a.scenario, a.variant, a.seed), a.figures)) if a.kind == "failed" else a
        for a in answers
    ]


def answers_to(method: content.MethodContent, asked: Question) -> bool:
    """Whether a method is made for a question."""
    return method.spec.task == asked.task and method.spec.question in ("", asked.name)


def answered(
    method: content.MethodContent, asked: Question, card: Card, digests: Sequence[str], out: Path
) -> list[dict[str, Any]]:
    """The scored records of one method: those kept, and the others from a process of its own."""
    code = hashlib.sha256(_written(method).encode() + json.dumps(card.to_json()).encode())
    kept = out / "answers" / f"{method.spec.name}-{code.hexdigest()[:20]}.json"
    known: dict[str, dict[str, Any]] = json.loads(kept.read_text(encoding="utf-8")) if kept.is_file() else {}
    missing = [digest for digest in dict.fromkeys(digests) if digest not in known]
    if missing:
        known |= dict(zip(missing, _worked(method, asked, card, missing, out), strict=True))
        write_whole(kept, json.dumps(known, ensure_ascii=False).encode())
    return [known[digest] for digest in digests]


def _written(method: content.MethodContent) -> str:
    """Hash of a method's file and of the code that it may use."""
    code = hashlib.sha256(Path(method.spec.where).read_bytes())
    code.update(code_of("assess", "bench", "privacy").encode())  # of which `sfbench.bench.kit` hands out
    return code.hexdigest()[:20]


def _worked(
    method: content.MethodContent, asked: Question, card: Card, digests: Sequence[str], out: Path
) -> list[dict[str, Any]]:
    """Runs the worker; where its process ends on an instance, that one has failed and another process goes on."""
    with tempfile.TemporaryDirectory(prefix="sfbench-method-") as name:
        folder = Path(name)
        places = [folder / str(number) for number in range(len(digests))]
        for digest, place in zip(digests, places, strict=True):
            shutil.copytree(out / "instances" / digest, place)
        own = folder / Path(method.spec.where).name
        shutil.copyfile(method.spec.where, own)
        wish: dict[str, Any] = {"method": str(own), "card": card.to_json(), "seconds": SECONDS, "memory": MEMORY}
        wish |= {"out": str(folder / "answers.jsonl")}
        records: list[dict[str, Any]] = []
        while left := places[len(records) :]:
            records += _process(method, folder, wish | {"instances": [str(place) for place in left]})
        return [
            scored(asked, record, truth_of(out, digest), _table(place / "answer.parquet"))
            for record, digest, place in zip(records, digests, places, strict=True)
        ]


def _process(method: content.MethodContent, folder: Path, wish: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Records of one process, up to the instance that it did not live to answer, which has failed.

    Raises SfbenchError for a method that ends the process before it is asked anything.
    """
    (folder / "wish.json").write_text(json.dumps(wish), encoding="utf-8")
    answers = Path(wish["out"])
    answers.unlink(missing_ok=True)
    words = [sys.executable, "-m", "sfbench.bench.worker", str(folder / "wish.json")]
    environment = {"PATH": os.environ.get("PATH", ""), "PYTHONPATH": str(PACKAGE.parent), "OMP_NUM_THREADS": "1"}
    ended = subprocess.run(words, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    if not answers.is_file():
        why = ended.stderr.strip().splitlines()[-1] if ended.stderr.strip() else f"code {ended.returncode}"
        raise SfbenchError(f"method {method.spec.name!r} does not run", where=method.spec.where, why=why)
    records = [json.loads(line) for line in answers.read_text(encoding="utf-8").splitlines()]
    slow = "Timeout (" in ended.stderr  # so the worker's watch ends a process that its alarm could not stop
    why = f"it took longer than {wish['seconds']} s" if slow else f"its process ended with code {ended.returncode}"
    dead = no_answer(why) | {"seconds": 0.0}
    return records if len(records) == len(wish["instances"]) else [*records, dead]


def scored(
    asked: Question, record: dict[str, Any], truth: tuple[dict[str, Any], pa.Table], table: pa.Table | None
) -> dict[str, Any]:
    """A record with its figures; `table` is the answer of keys. An answer that cannot be scored has failed."""
    value, keys = truth[0]["value"], truth[1]
    figures: dict[str, float] = {}
    if record["kind"] == "estimate" and value is not None:
        figures = of_estimate(asked, value, record["value"], record.get("low"), record.get("high"))
        figures |= {"misjudged": float(not truth[0]["identified"])}
    elif record["kind"] == "refusal" and value is not None:
        figures = {"misjudged": float(truth[0]["identified"])} | ({} if asked.relative else {"claims": 0.0})
    elif record["kind"] == "table" and table is not None:
        figure = of_marks if task(asked.task).answer == "marks" else of_ranking
        try:
            figures = figure(asked, keys, table)
        except SfbenchError as error:
            record = no_answer(in_one_line(error)) | {"seconds": record["seconds"]}
    return record | {"truth": value, "figures": figures}


def _table(path: Path) -> pa.Table | None:
    return pq.read_table(path) if path.is_file() else None
