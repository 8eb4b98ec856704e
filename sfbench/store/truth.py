"""The folder `truth/` of a dataset: its private manifest and the tables that only a judge may see."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from sfbench.errors import SfbenchError
from sfbench.store.files import write_whole

FOLDER, NAME, TWIN = "truth", "truth/manifest.json", "truth/twin"
TABLES = ("units", "cells", "estimands", "labels", "links", "missing")
FORMAT = 1


@dataclass(frozen=True, eq=False)
class Truth:
    """`record` becomes `truth/manifest.json`, each table (one of TABLES) `truth/<name>.parquet`."""

    record: Mapping[str, Any]
    tables: Mapping[str, pa.Table] = field(default_factory=dict)

    def write(self, folder: Path) -> None:
        """Write it into the folder of a dataset. Raises OSError."""
        (folder / FOLDER).mkdir(exist_ok=True)
        text = json.dumps({"schema_version": FORMAT, **self.record}, ensure_ascii=False, indent=1, sort_keys=True)
        write_whole(folder / NAME, text.encode() + b"\n")
        for name, table in self.tables.items():
            pq.write_table(table, folder / FOLDER / f"{name}.parquet", compression="zstd")


def read_record(path: Path) -> dict[str, Any]:
    """The private manifest in a file. Raises SfbenchError if it is missing or none."""
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        fix = "check the path"
        raise SfbenchError("the private manifest cannot be read", where=str(path), why=str(error), fix=fix) from error
    if not isinstance(record, dict) or record.get("schema_version") != FORMAT:
        fix = "give the truth/manifest.json of a dataset"
        raise SfbenchError("the file is no private manifest", where=str(path), fix=fix)
    return record
