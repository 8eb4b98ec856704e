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
    ]
)


def keep(answers: list[Answer], out: Path) -> Path:
    """Write the answers of one scenario; those of an earlier run to the same file are replaced."""
    folder = out / "results"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{answers[0].scenario}.parquet"
    pq.write_table(pa.Table.from_pylist([asdict(answer) for answer in answers], SCHEMA), path, compression="zstd")
    return path


def kept(out: Path) -> list[Answer]:
    """The answers of all scenarios. Raises SfbenchError if there are none, or a file is none of ours."""
    files = sorted((out / "results").glob("*.parquet"))
    if not files:
        raise SfbenchError("no results are here", where=str(out), fix="first `sfbench bench run SCENARIO --out DIR`")
    found: list[Answer] = []
    for file in files:
        try:
            table = pq.read_table(file)
        except (OSError, pa.ArrowException) as error:
            raise SfbenchError("the results cannot be read", where=str(file), why=str(error)) from error
        if table.schema.names != SCHEMA.names:
            raise SfbenchError("the file holds no results of the bench", where=str(file), fix="run the bench again")
        found += [Answer(**row | {"figures": dict(row["figures"])}) for row in table.to_pylist()]
    return found
