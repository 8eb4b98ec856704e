"""The board: what was run into a folder, scenario by scenario, then average ranks by task; as a page or a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

import sfbench.content as content
from sfbench.assess.writers.facts import Both
from sfbench.bench.page import page
from sfbench.bench.questions import question
from sfbench.bench.ranks import Ranking, ranking
from sfbench.bench.results import kept
from sfbench.bench.run import Answer
from sfbench.bench.score import Score, best_first, scores
from sfbench.bench.tasks import task
from sfbench.errors import SfbenchError
from sfbench.spec import Question, Scenario
from sfbench.store.files import write_whole
from sfbench.words import Language


@dataclass(frozen=True, slots=True)
class Board:
    """tables: of each scenario its title and scores, best first within a variant; rankings: of each task."""

    tables: tuple[tuple[Both, tuple[Score, ...]], ...]
    rankings: tuple[tuple[Both, Ranking], ...]

    def records(self) -> list[dict[str, Any]]:
        """Ranks as records."""
        return [{"task": words[1]} | asdict(one) for words, found in self.rankings for one in found.ranks]


def board(folder: Path, extra: tuple[Path, ...] = ()) -> Board:
    """Gather what was run. Raises SfbenchError if there is nothing, or of scenarios that are not known any more."""
    answers = kept(folder)
    posed: dict[str, tuple[Scenario, Question]] = {}
    for name in dict.fromkeys(answer.scenario for answer in answers):
        if name not in content.scenario_names(extra):
            fix = "give --content FOLDER with its file in scenarios/, or another DIR"
            raise SfbenchError(f"scenario {name!r}, which was run here, is not known", where=str(folder), fix=fix)
        found = content.scenario(name, extra)
        if found.trial is None:
            raise SfbenchError(
                f"scenario {name!r} poses no task any more", where=str(folder), fix="run the bench again"
            )
        posed[name] = found, question(found.trial.question, extra)
    tables = []
    for name, (scenario, asked) in posed.items():
        mine = scores([answer for answer in answers if answer.scenario == name])
        ordered = best_first(mine, task(asked.task).headline)
        tables.append(((scenario.title_zh, scenario.title_en), tuple(ordered)))
    return Board(tuple(tables), tuple(_rankings(answers, {name: asked for name, (_, asked) in posed.items()})))


def _rankings(answers: Sequence[Answer], asked: dict[str, Question]) -> list[tuple[Both, Ranking]]:
    """Of each task, methods that answered alike; methods of different questions of a task meet nowhere."""
    out = []
    for group in dict.fromkeys((one.task, "" if one.task == "policy_effect" else one.name) for one in asked.values()):
        mine = {name: one for name, one in asked.items() if one.task == group[0] and group[1] in ("", one.name)}
        found = ranking((answer for answer in answers if answer.scenario in mine), task(group[0]).headline)
        if found is not None:
            words = task(group[0])
            of = next(((f"：{one.zh}", f": {one.en}") for one in asked.values() if one.name == group[1]), ("", ""))
            out.append(((words.zh + of[0], words.en + of[1]), found))
    return out


def write(found: Board, path: Path, lang: Language) -> None:
    """Write the board as `.html` or the scores as `.parquet`. Raises SfbenchError for another ending."""
    if path.suffix == ".html":
        write_whole(path, page(found.tables, found.rankings, lang).encode())
    elif path.suffix == ".parquet":
        rows = [
            {"scenario": one.scenario, "variant": one.variant, "method": one.method, "instances": one.instances}
            | {"refusals": one.refusals, "failures": one.failures, "figure": name, "mean": mean, "se": se}
            for _, scored in found.tables
            for one in scored
            for name, (mean, se) in one.figures.items()
        ]
        pq.write_table(pa.Table.from_pylist(rows), path, compression="zstd")
    else:
        raise SfbenchError(
            f"a board is no {path.suffix or 'file without an ending'}", where="--out", fix="give FILE.html"
        )
