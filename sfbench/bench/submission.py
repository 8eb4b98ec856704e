"""Answers that were worked out elsewhere: one Parquet file, scored against the truth of the instances it names."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

import sfbench.content as content
from sfbench.bench.card import Card
from sfbench.bench.numbers import no_answer, no_estimate, numbers
from sfbench.bench.questions import question
from sfbench.bench.run import Answer, answered, scored
from sfbench.bench.shelf import truth_of
from sfbench.errors import SfbenchError
from sfbench.spec import Question

NAME = "instance_id"


def submitted(file: Path, out: Path, extra: tuple[Path, ...] = ()) -> list[Answer]:
    """The scored answers of a submission; the method's name is the file's.

    Columns: `instance_id` (a folder of OUT/instances); of estimates `value` (null: refused), and `low`, `high` if there
    is an interval; of keys the question's key, `score`, and `flagged` if there is a verdict. Instances of the same
    scenarios that it leaves out have failed: they score as the question's naive method, which is run on them. Raises
    SfbenchError for a file that is none, or an unknown instance.
    """
    try:
        table = pq.read_table(file)
    except (OSError, pa.ArrowException) as error:
        fix = "give one Parquet file, with each column once"
        raise SfbenchError("the submission cannot be read", where=str(file), why=str(error), fix=fix) from error
    if NAME not in table.column_names or not table.num_rows:
        raise SfbenchError(f"a submission has rows with {NAME!r}", where=str(file), why=", ".join(table.column_names))
    posed = {path.stem for path in (out / "truth").glob("*.parquet")}
    instance, table = _names(table, file), table.drop_columns([NAME])
    named = dict.fromkeys(instance.to_pylist())
    for name in named:
        if name not in posed:
            fix = "give the --out of `sfbench bench pose` or `run`"
            raise SfbenchError(f"no instance {name!r} is posed there", where=str(out), fix=fix)
    facts = {name: truth_of(out, name) for name in sorted(posed)}
    mine = {facts[name][0]["scenario"] for name in named}
    answers = []
    for name, truth in facts.items():
        if truth[0]["scenario"] not in mine:
            continue
        asked = question(truth[0]["question"], extra)
        rows = table.filter(pc.equal(instance, name))
        record = scored(asked, _record(rows, bool(asked.key)), truth, rows)
        if record["kind"] == "failed":
            record |= {"figures": _naive(asked, truth[0]["card"], name, out, extra)}
        about = {key: truth[0][key] for key in ("scenario", "variant", "seed")}
        answers.append(Answer(method=file.stem, **about, **record))
    return answers


def _names(table: pa.Table, file: Path) -> pa.ChunkedArray:
    """The instances that rows are about, however the file writes texts."""
    try:
        return table[NAME].cast(pa.string())
    except pa.ArrowException as error:
        fix = "give names of folders of OUT/instances"
        raise SfbenchError(f"{NAME!r} is no text", where=str(file), why=str(error), fix=fix) from error


def _naive(asked: Question, told: str, name: str, out: Path, extra: tuple[Path, ...]) -> dict[str, float]:
    """What the question's naive method makes of an instance that was not answered."""
    if not asked.naive:
        return {}
    card = Card.from_json(json.loads((out / "cards" / f"{told}.json").read_text(encoding="utf-8")))
    (record,) = answered(content.method(asked.naive, extra), asked, card, [name], out)
    return dict(record["figures"])


def _record(rows: pa.Table, keys: bool) -> dict[str, Any]:
    """What the rows of one instance say, as the worker would have put it."""
    if not rows.num_rows:
        return no_answer("it was not answered") | {"seconds": 0.0}
    if keys:
        return {"kind": "table", "seconds": 0.0}
    if rows.num_rows > 1 or "value" not in rows.column_names:
        return no_estimate(rows.num_rows, rows.column_names) | {"seconds": 0.0}
    row = rows.to_pylist()[0]
    if row["value"] is None:
        return {"kind": "refusal", "why": "null", "seconds": 0.0}
    return numbers(row["value"], row.get("low"), row.get("high")) | {"seconds": 0.0}
