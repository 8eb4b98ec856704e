"""Quality of a synthesiser: which rows of what it made are those that it learned from."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from sfbench.bench.posed import Posed
from sfbench.bench.truth import connection, run_truth, span_of
from sfbench.bench.worlds import Worlds
from sfbench.draws import Draw
from sfbench.errors import SfbenchError
from sfbench.spec import Question, Task, Trial

TASK = Task(
    zh="合成数据质量",
    en="Synthesiser quality",
    asks_zh="合成文件每行一个分数，越高越像抄自训练行；可另给判定",
    asks_en="a score for each row of the synthetic file, the higher the likelier it is copied; perhaps `flagged`",
    answer="marks",
    headline="f1",
)

FILES = ("learned", "held_out", "synthetic")


def pose(question: Question, worlds: Worlds, trial: Trial) -> Posed:
    """Three files of rows without names or numbers: learned from, held out, and synthetic, in an order by chance.

    The question's SQL gives `file`, `label` and what a row says, from `seen` tables and `labels`. The synthetic rows
    are other firms of the same city: an ideal synthesiser, which knows how things are and no firm, but for the copies
    that the scenario plants. Raises SfbenchError if a file is empty.
    """
    tables = {f"{name}__seen": table for name, table in worlds.seen.items()}
    with connection(tables | {"labels": worlds.labels}) as held:
        held.execute("CREATE SCHEMA seen")
        for name in worlds.seen:
            held.execute(f"CREATE VIEW seen.{name} AS FROM {name}__seen")
        rows = run_truth(held, question, span_of(trial))
    order = np.argsort(Draw(worlds.plan.seed, "bench.synthesiser").uniform("order", np.arange(rows.num_rows)))
    rows = rows.take(order)
    file = rows["file"].to_pylist()
    parts = {name: rows.filter(pa.array([one == name for one in file])) for name in FILES}
    for name, part in parts.items():
        if not part.num_rows:
            raise SfbenchError(f"the file {name!r} has no row", where=question.where, fix="raise bench.scale")
    number = pa.array(np.arange(parts["synthetic"].num_rows))
    shown = {name: part.drop_columns(["file", "label"]) for name, part in parts.items()}
    shown["synthetic"] = shown["synthetic"].append_column("row", number)
    return Posed(shown, pa.table({"row": number, "label": parts["synthetic"]["label"]}))
