"""Results on disk: one Parquet of answers a scenario, `OUT/results/<scenario>.parquet`, from which boards are made."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from sfbench.bench.run import Answer
from sfbench.errors import SfbenchError

SCHEMA = pa.schema(
    [
        *((name, pa.string()) for name in ("scenario", "variant")),
        ("seed", pa.int64()),
        *((name, pa.string()) for name in ("method", "kind")),
        *((name, pa.float64()) for name in ("truth", "value", "low", "high")),
        ("why", pa.string()),
        ("seconds", pa.float64()),
        ("figures", pa.map_(pa.string(), pa.float64())),
        *((name, pa.string()) for name in ("world", "code")),
    ]
)


def keep(answers: list[Answer], out: Path) -> Path:
    """Write the answers of one scenario, beside those of earlier runs to the same folder.

    A new answer takes the place of the old one of its variant, seed and method. Old ones are dropped if the scenario is
    another by now, or their method is.
    """
    path = out / "results" / f"{answers[0].scenario}.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    worlds, codes = {a.world for a in answers}, {(a.method, a.code) for a in answers}
    methods, new = {a.method for a in answers}, {_key(a) for a in answers}
    old = [
        answer
        for answer in _before(path)
        if answer.world in worlds
        and (answer.method not in methods or (answer.method, answer.code) in codes)
        and _key(answer) not in new
    ]
    table = pa.Table.from_pylist([asdict(answer) for answer in sorted([*old, *answers], key=_key)], SCHEMA)
    aside = path.with_suffix(".tmp")
    pq.write_table(table, aside, compression="zstd")
    aside.replace(path)  # a run that is killed leaves what was there
    return path


def _key(answer: Answer) -> tuple[str, int, str]:
    return answer.variant, answer.seed, answer.method


def _before(path: Path) -> list[Answer]:
    """What earlier runs have left; nothing of what another release wrote."""
    try:
        return _read(path) if path.is_file() else []
    except SfbenchError:
        return []


def kept(out: Path) -> list[Answer]:
    """The answers of all scenarios. Raises SfbenchError if there are none, or a file is none of ours."""
    files = sorted((out / "results").glob("*.parquet"))
    if not files:
        raise SfbenchError("no results are here", where=str(out), fix="first `sfbench bench run SCENARIO --out DIR`")
    return [answer for file in files for answer in _read(file)]


def _read(file: Path) -> list[Answer]:
    try:
        table = pq.read_table(file)
    except (OSError, pa.ArrowException) as error:
        raise SfbenchError("the results cannot be read", where=str(file), why=str(error)) from error
    if table.schema.names != SCHEMA.names:
        raise SfbenchError("the file holds no results of the bench", where=str(file), fix="run the bench again")
    return [Answer(**row | {"figures": dict(row["figures"])}) for row in table.to_pylist()]
