"""Parquet: one plain file per table, zstd, with the metadata of the declarations; without sfbench's manifest."""

from __future__ import annotations

import pyarrow.parquet as pq

from sfbench.store.formats._format import Format, Wishes, files
from sfbench.store.formats._source import Source


def write(source: Source, out: str, wishes: Wishes) -> None:
    """A file per table."""
    for table, path in files(source, out, ".parquet"):
        reader = source.reader(table.name)
        with pq.ParquetWriter(path, reader.schema, compression="zstd") as writer:
            for batch in reader:
                writer.write_batch(batch)


FORMAT = Format(zh="Parquet", en="Parquet, one plain file per table", holds="tables", write=write, suffix=".parquet")
