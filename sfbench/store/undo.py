"""Takes every label back: the dataset as it would have been reported without a fault, cell for cell."""

from __future__ import annotations

import dataclasses
import hashlib
import io
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.json as pj
import pyarrow.parquet as pq

import sfbench.content as content
from sfbench.draws.text import vocabulary_array
from sfbench.errors import SfbenchError
from sfbench.kit import Bools, Ints
from sfbench.reporting.cells import flags, mask, places, replace
from sfbench.spec import Column, Table
from sfbench.store import manifest
from sfbench.store.arrow import raw_schema, schema
from sfbench.store.labels import Blocks, blocks
from sfbench.store.manifest import FileEntry, Manifest, TableEntry
from sfbench.store.staging import Staging
from sfbench.store.write import TableWriter


def undo(dataset: Path | str, out: Path | str, extra: tuple[Path, ...] = (), *, force: bool = False) -> Manifest:
    """Write the clean dataset of one with planted faults to `out` and return its manifest.

    Raises SfbenchError if `dataset` is none, or holds no labels.
    """
    folder, target = Path(dataset), Path(out)
    made = manifest.read(folder)
    labels = read_labels(folder)
    known, rows = content.tables(extra), blocks(labels)
    digest = hashlib.sha256(f"undone {made.plan} {made.fingerprint}".encode()).hexdigest()[:16]
    with Staging(target, digest, force) as staging:
        tables = {}
        for name, entry in made.tables.items():
            if name in rows:
                mine = of_table(labels, name)
                spec = known[name].spec
                files = [_file(folder, staging.folder, spec, i, file, mine, rows) for i, file in enumerate(entry.files)]
                tables[name] = TableEntry.of(files)
            else:
                tables[name] = entry
                for file in entry.files:
                    (staging.folder / file.path).parent.mkdir(parents=True, exist_ok=True)
                    shutil.copyfile(folder / file.path, staging.folder / file.path)
        clean = dataclasses.replace(made, tables=tables, plan=digest)
        staging.commit(clean)
        return clean


def read_labels(folder: Path | str) -> pa.Table:
    """The labels of a dataset. Raises SfbenchError if it has none."""
    path = Path(folder) / "truth" / "labels.parquet"
    if not path.is_file():
        why = "its scenario plants no faults, or the truth was taken away"
        raise SfbenchError("the dataset has no labels", where=str(path), why=why, fix="generate `dirty_feeds`")
    return pq.read_table(path)


def of_table(labels: pa.Table, name: str) -> pa.Table:
    """The labels of one table."""
    return labels.filter(pc.equal(labels["table"], vocabulary_array([name])[0]))


def _file(
    folder: Path, target: Path, table: Table, part: int, file: FileEntry, labels: pa.Table, rows: Blocks
) -> FileEntry:
    with TableWriter(target, table, part) as writer:
        for restored in clean_blocks(folder, table, part, file, labels, rows):
            writer.write(_raw(table, restored))
        return writer.close()


def clean_blocks(
    folder: Path, table: Table, part: int, file: FileEntry, labels: pa.Table, rows: Blocks
) -> Iterator[dict[str, Any]]:
    """The clean columns of each block of a file that bears faults, codes as text; `labels` are those of the table."""
    found = pq.ParquetFile(folder / file.path).read().select(schema(table).names)
    plain = pa.table({c.name: _plain(found.column(c.name).combine_chunks()) for c in table.columns})
    start = 0
    for block, clean_rows, planted_rows in rows[table.name][str(part)]:
        mine = labels.filter(pc.equal(labels["block"], block)).combine_chunks()
        yield _restored(table, plain.slice(start, planted_rows).combine_chunks(), mine, clean_rows)
        start += planted_rows


def _restored(table: Table, planted: pa.Table, labels: pa.Table, rows: int) -> dict[str, Any]:
    """Columns of the clean block as text or plain values, in clean order."""
    row, place = _places(labels["row"]), _places(labels["planted_row"])
    whole = _column(labels, "column", pc.is_null) & ~_column(labels, "decoy")
    lost, added, moved = whole & (place < 0), whole & (row < 0), whole & (row >= 0) & (place >= 0)
    source = np.full(rows, -1)
    source[row[moved]] = place[moved]
    waiting, standing = np.ones(rows, np.bool_), np.ones(planted.num_rows, np.bool_)
    waiting[row[lost | moved]] = False
    standing[place[added | moved]] = False
    source[waiting] = np.flatnonzero(standing)
    gone = np.flatnonzero(source < 0)
    index = places(np.maximum(source, 0))
    # An empty block has no row to take in place of a lost one.
    taken = {
        name: planted.column(name).combine_chunks().take(index) if planted.num_rows else None
        for name in planted.column_names
    }
    if gone.size:
        texts = rows_of(labels.filter(mask(lost)), table)
        order = np.argsort(row[lost], kind="stable")
        for column in table.columns:
            cells = _typed(column, texts.column(column.name).combine_chunks().take(places(order)))
            taken[column.name] = cells if taken[column.name] is None else replace(taken[column.name], gone, cells)
    names = labels["column"].combine_chunks()
    for column in table.columns:
        mine = pc.fill_null(pc.equal(names, vocabulary_array([column.name])[0]), False)
        at = np.flatnonzero(flags(mine))
        if at.size:
            at = at[np.argsort(row[at], kind="stable")]
            texts = labels["true_value"].combine_chunks().take(places(at))
            taken[column.name] = replace(taken[column.name], row[at], _typed(column, texts))
    return {name: cells for name, cells in taken.items() if cells is not None}


def rows_of(labels: pa.Table, table: Table) -> pa.Table:
    """Whole rows from JSON, every cell as text."""
    lines = "\n".join(labels["true_value"].to_pylist()).encode()
    wanted = pa.schema([(column.name, pa.string()) for column in table.columns])
    options = pj.ParseOptions(explicit_schema=wanted, unexpected_field_behavior="error")
    return pj.read_json(io.BytesIO(lines), pj.ReadOptions(block_size=max(len(lines), 1)), options)


def _plain(cells: Any) -> Any:
    return cells.cast(pa.string()) if pa.types.is_dictionary(cells.type) else cells


def _typed(column: Column, texts: Any) -> Any:
    kinds = {"key": pa.int64(), "count": pa.int64(), "date": pa.date32(), "flag": pa.bool_(), "number": pa.float64()}
    kinds |= {"money": pa.decimal128(18, 2), "rate": pa.decimal128(10, 5)}
    return texts.cast(kinds.get(column.kind, pa.string()))


def _raw(table: Table, columns: dict[str, Any]) -> pa.RecordBatch:
    """A batch as the writer wants it: codes as positions, decimals narrow."""
    arrays = []
    for column, field in zip(table.columns, raw_schema(table), strict=True):
        cells = columns.get(column.name)
        if cells is None:
            cells = pa.nulls(0, field.type)
        elif column.kind == "code":
            words = vocabulary_array([code.code for code in column.values])
            places = pc.index_in(cells, value_set=words).cast(field.type.index_type)
            cells = pa.DictionaryArray.from_arrays(places, words)
        arrays.append(cells.cast(field.type) if cells.type != field.type else cells)
    return pa.RecordBatch.from_arrays(arrays, schema=raw_schema(table))


def _column(labels: pa.Table, name: str, ask: Callable[[Any], Any] = lambda cells: cells) -> Bools:
    return flags(ask(labels[name].combine_chunks()))


def _places(column: Any) -> Ints:
    return np.asarray(pc.fill_null(column, -1).combine_chunks().to_numpy())
