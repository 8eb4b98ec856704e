"""Writes one Parquet file of a table, a row group per batch."""

from __future__ import annotations

import base64
import os
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from sfbench.errors import SfbenchError
from sfbench.spec import Table
from sfbench.store.arrow import raw_schema, schema
from sfbench.store.files import IN_PROGRESS, sha256
from sfbench.store.logical import chained, column_hashes
from sfbench.store.manifest import FileEntry

_DELTA = frozenset({"key", "count", "date"})  # a tenth smaller than plain and no slower (docs/benchmarks.md)
# Codes and texts have no use for min and max: every row group holds nearly all of them, and they cost a tenth.
_BOUNDS = frozenset({"key", "count", "date", "money", "rate", "number"})
# A column gets a dictionary if its first rows repeat this often on average: balances stay what they were from month to
# month, and are read in a third of the time. Keys are no quicker so, and a flag is one bit.
_SAMPLE, _REPEATS, _PLAIN = 4096, 4, frozenset({"key", "flag"})


class TableWriter:
    """Writes `folder/data/<table>/part-NNNNN.parquet`, which is there after `close` and not before.

    `folder` is the root of the dataset, or of its staging area. As a context manager it discards the file on an error.
    Raises SfbenchError if the file cannot be written.
    """

    def __init__(self, folder: Path, table: Table, part: int) -> None:
        self._table = table
        self._relative = f"data/{table.name}/part-{part:05d}.parquet"
        self._path = folder / self._relative
        self._temporary = self._path.with_name(self._path.name + IN_PROGRESS)
        self._writer: pq.ParquetWriter | None = None
        self._rows = 0
        self._groups = 0
        self._hashes = chained((), [c.name for c in table.columns])

    def write(self, batch: pa.RecordBatch) -> None:
        """Append a batch of `arrow.batch` as one row group; an empty batch leaves no trace."""
        if batch.num_rows == 0:
            return
        try:
            writer = self._writer or self._open(batch)
            writer.write_batch(batch, row_group_size=batch.num_rows)
        except OSError as error:
            raise self._failed(error) from error
        new = column_hashes(batch)
        self._hashes = {name: chain.then(new[name]) for name, chain in self._hashes.items()}
        self._rows += batch.num_rows
        self._groups += 1

    def close(self) -> FileEntry:
        """Finish the file (a table without rows has a file too) and say what it holds."""
        try:
            writer = self._writer or self._open(None)
            writer.close()
            os.replace(self._temporary, self._path)
            size, digest = self._path.stat().st_size, sha256(self._path)
        except OSError as error:
            raise self._failed(error) from error
        hashes = {name: chain.hex for name, chain in self._hashes.items()}
        return FileEntry(self._relative, self._rows, size, self._groups, digest, hashes)

    def discard(self) -> None:
        """Give the file up and remove what was written."""
        if self._writer is not None:
            self._writer.close()
        self._temporary.unlink(missing_ok=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if kind is not None:
            self.discard()

    def _open(self, first: pa.RecordBatch | None) -> pq.ParquetWriter:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._writer = pq.ParquetWriter(self._temporary, raw_schema(self._table), **_options(self._table, first))
        self._writer.add_key_value_metadata(_marks(self._table))
        return self._writer

    def _failed(self, error: OSError) -> SfbenchError:
        return SfbenchError(
            "the file cannot be written", where=str(self._path), why=str(error), fix="check disk and rights"
        )


@cache
def _marks(table: Table) -> dict[str, str]:
    """The schema for readers and its metadata, as a file names them.

    It shows decimal128 (see store.arrow), though the file is encoded from decimal64 without a copy.
    """
    public = schema(table)
    encoded = base64.b64encode(public.serialize().to_pybytes()).decode()
    return {"ARROW:schema": encoded} | {key.decode(): value.decode() for key, value in public.metadata.items()}


def _options(table: Table, first: pa.RecordBatch | None) -> dict[str, Any]:
    kinds = {column.name: column.kind for column in table.columns}
    words = [n for n, kind in kinds.items() if kind == "code" or (kind not in _PLAIN and _repeats(first, n))]
    return {
        "compression": "zstd",
        "compression_level": 1,
        "use_dictionary": words,
        "column_encoding": {n: "DELTA_BINARY_PACKED" for n, k in kinds.items() if k in _DELTA and n not in words},
        "write_statistics": [n for n, kind in kinds.items() if kind in _BOUNDS],
        "store_decimal_as_integer": True,
        "store_schema": False,  # written by hand in `_open`
        "write_batch_size": 16384,  # 5 % faster than the default of 1024
    }


def _repeats(first: pa.RecordBatch | None, name: str) -> bool:
    if first is None:
        return False
    sample = first.column(first.schema.get_field_index(name)).slice(0, _SAMPLE)
    return bool(pc.count_distinct(sample).as_py() * _REPEATS <= len(sample))
