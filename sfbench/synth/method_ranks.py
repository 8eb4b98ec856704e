"""Does the bench rank methods on the copy as on the original? Both folders pose its questions, of themselves.

A question is posed if both folders hold its tables and its truth stands in them: nothing of planted faults, of twins or
of a policy's register. With `enterprise`, `loan` and `loan_balance` these are few, so the figure is coarse: it says
whether a choice between methods that was made on the copy would have been made on the original.
"""

from __future__ import annotations

import math
import re
import tempfile
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

from sfbench import content
from sfbench.bench.card import Card
from sfbench.bench.posed import Posed
from sfbench.bench.questions import question
from sfbench.bench.ranks import lost
from sfbench.bench.run import answered, answers_to
from sfbench.bench.shelf import save
from sfbench.bench.tasks import module, task
from sfbench.bench.truth import connection, known_by, run_truth, span_of
from sfbench.content.sql_head import named_parameters
from sfbench.spec import Question, Trial
from sfbench.store.read import open_dataset, present_files

SIDES = ("original", "copy")
_HIDDEN = re.compile(r"\btwin\.|\blabels\b|\bregister\b")  # what only a simulated world has
Losses = dict[str, dict[str, tuple[float, float]]]  # question -> method -> loss on the original, on the copy


def method_ranks(original: Path, copy: Path) -> float:
    """Kendall's tau of the methods' losses on the two: `tau` of `losses`."""
    return tau(losses(original, copy))


def tau(found: Losses) -> float:
    """Kendall's tau-b over all pairs of methods of one question; NaN if one side tells no pair apart."""
    pairs = [
        (_sign(one[0], other[0]), _sign(one[1], other[1]))
        for by_method in found.values()
        for one, other in combinations(by_method.values(), 2)
    ]
    apart = math.sqrt(math.prod(sum(abs(pair[side]) for pair in pairs) for side in (0, 1)))
    return sum(one * other for one, other in pairs) / apart if apart else math.nan


def losses(original: Path, copy: Path) -> Losses:
    """What each method loses, of the questions that both folders pose. A method that fails loses all."""
    folders = dict(zip(SIDES, (original, copy), strict=True))
    present = set(present_files(original)) & set(present_files(copy))
    found: Losses = {}
    for asked, trial in _questions(present):
        made = {side: _posed(folder, asked, trial) for side, folder in folders.items()}
        if all(_answerable(one, asked) for one in made.values()):
            found[asked.name] = _tried(asked, trial, made)
    return found


def _questions(present: set[str]) -> Iterator[tuple[Question, Trial]]:
    """The questions that these tables answer, with the first scenario's span that asks them."""
    seen = set[str]()
    for name in content.scenario_names():
        trial = content.scenario(name).trial
        if trial is None or trial.question in seen:
            continue
        seen.add(trial.question)
        asked = question(trial.question)
        known = present.issuperset((*asked.tables, *asked.also)) and not _HIDDEN.search(asked.sql)
        if known and not hasattr(module(asked.task), "pose"):
            yield asked, trial


def _posed(folder: Path, asked: Question, trial: Trial) -> Posed:
    """The question as a folder poses it: what it holds is what is seen and what is real."""
    names = (*asked.tables, *asked.also)
    con = open_dataset(folder, tables=names)
    try:
        tables = {name: con.sql(f'FROM "{name}"').to_arrow_table() for name in names}
    finally:
        con.close()
    span = span_of(trial)
    with connection(tables) as held:
        for world in ("seen", "real"):
            held.execute(f"CREATE SCHEMA {world}")
            for name in names:
                held.execute(f'CREATE VIEW {world}."{name}" AS FROM main."{name}"')
        truth = run_truth(held, asked, {name: span[name] for name in named_parameters(asked.sql)})
    seen = {name: tables[name] for name in asked.tables}
    value = None if asked.key else truth["value"][0].as_py()
    return Posed(known_by(seen, span["last"], ()) if asked.foresight else seen, truth, value)


def _answerable(made: Posed, asked: Question) -> bool:
    """Rows of the span are there."""
    return made.truth.num_rows > 1 if asked.key else made.value is not None


def _tried(asked: Question, trial: Trial, made: dict[str, Posed]) -> dict[str, tuple[float, float]]:
    headline = task(asked.task).headline
    methods = [content.method(name) for name in content.method_names()]
    with tempfile.TemporaryDirectory(prefix="sfbench-ranks-") as passing:
        out = Path(passing)
        for name in ("instances", "truth", "answers"):
            (out / name).mkdir()
        for side, one in made.items():
            save(one, out, side, {"question": asked.name})
        found = {}
        for method in methods:
            if answers_to(method, asked):
                records = answered(method, asked, Card.of(trial), SIDES, out)
                first, second = (lost(record["figures"], headline) for record in records)
                found[method.spec.name] = (first, second)
    return found


def _sign(one: float, other: float) -> int:
    return (one > other) - (one < other)
