"""Arrow IPC files (Feather 2), zstd, with the metadata of the declarations, for pyarrow, polars, pandas, R, Julia."""

from __future__ import annotations

import pyarrow as pa

from sfbench.store.formats._format import Format, Wishes, files
from sfbench.store.formats._source import Source


def write(source: Source, out: str, wishes: Wishes) -> None:
    """A file per table."""
    options = pa.ipc.IpcWriteOptions(compression="zstd")
    for table, path in files(source, out, ".arrow"):
        reader = source.reader(table.name)
        with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, reader.schema, options=options) as writer:
            for batch in reader:
                writer.write_batch(batch)


FORMAT = Format(zh="Arrow IPC", en="Arrow IPC (Feather 2)", holds="tables", write=write, suffix=".arrow")
