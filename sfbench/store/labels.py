"""The truth about planted faults, `truth/labels.parquet`: what differs between the clean table and the reported one.

A label is a cell that differs (`column` is its name), or a row that was lost, added or moved (`column` is null). It
names the row by its primary key as text and by its place: `row` in the clean block, `planted_row` in the reported one
(null where there is no such row). Values are text as an export shows them; of a lost or added row, all of it as JSON.
A decoy is a sound row that looks like the fault: nothing about it differs.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from sfbench.draws.text import vocabulary_array
from sfbench.kit import Columns, Ints
from sfbench.reporting.cells import Positions, mask, places, take, unequal
from sfbench.reporting.sheet import FOLLOWED, NONE, Sheet
from sfbench.spec import Fault, Table, Wish
from sfbench.store.arrow import batch, in_memory
from sfbench.store.files import sha256
from sfbench.store.manifest import FileEntry

NAME = "truth/labels"  # of the file, without suffix; no table is called so
SCHEMA = pa.schema(
    [
        ("table", pa.string()),
        ("key", pa.string()),
        ("column", pa.string()),
        ("fault", pa.string()),
        ("class", pa.string()),
        ("mechanism", pa.int64()),
        ("true_value", pa.string()),
        ("planted_value", pa.string()),
        ("group_id", pa.int64()),
        ("severity", pa.string()),
        ("decoy", pa.bool_()),
        ("block", pa.int64()),
        ("row", pa.int64()),
        ("planted_row", pa.int64()),
    ]
)
CONSEQUENCE = "consequence"  # of a sum over rows that bear a fault: no fault of its own
Blocks = dict[str, dict[str, list[list[int]]]]  # table -> number of its file -> [block, clean rows, reported rows]
_COUNTS = b"sfbench.blocks"


class Labels:
    """Labels as they come, block by block."""

    def __init__(self, wishes: Sequence[Wish], faults: Mapping[str, Fault]) -> None:
        self.parts: list[pa.Table] = []
        self.blocks: Blocks = {}
        self._wishes, self._faults = wishes, faults

    def add(self, sheet: Sheet, part: int, block: int) -> None:
        """Note what a block of a table holds that it should not, or lacks."""
        rows = [block, len(sheet.lost_to), len(sheet.origin)]
        self.blocks.setdefault(sheet.table.name, {}).setdefault(str(part), []).append(rows)
        self.parts += [found for found in self._of(sheet, block) if found.num_rows]

    def join(self, other: pa.Table) -> None:
        """Add the labels of another part, as `table` gave them."""
        self.parts.append(other)
        for table, parts in json.loads(other.schema.metadata[_COUNTS]).items():
            self.blocks.setdefault(table, {}).update(parts)

    def table(self) -> pa.Table:
        """All labels so far as Arrow."""
        whole = pa.concat_tables([SCHEMA.empty_table(), *(part.replace_schema_metadata() for part in self.parts)])
        return whole.replace_schema_metadata({_COUNTS: json.dumps(self.blocks).encode()})

    def write(self, folder: Path, part: int) -> FileEntry:
        """Write a part's labels to `folder/labels/`, from where the engine gathers them."""
        relative = f"labels/part-{part:05d}.parquet"
        path = folder / relative
        path.parent.mkdir(exist_ok=True)
        pq.write_table(self.table(), path, compression="zstd")
        return FileEntry(relative, sum(p.num_rows for p in self.parts), path.stat().st_size, 1, sha256(path), {})

    def _of(self, sheet: Sheet, block: int) -> Iterable[pa.Table]:
        names = [column.name for column in sheet.table.columns]
        hit = (sheet.wish != NONE) & ~sheet.decoy
        at = np.flatnonzero(hit & (sheet.origin >= 0))
        if at.size:
            clean = {name: take(sheet.clean[name], sheet.origin[at]) for name in names}
            planted = {name: take(sheet.columns[name], at) for name in names}
            texts, planted_texts = as_text(sheet.table, clean), as_text(sheet.table, planted)
            keys = as_json(planted_texts, sheet.table, sheet.table.key, quoted=False)
            for name in names:
                where = np.flatnonzero(unequal(clean[name], planted[name]))
                values = (take(texts[name], where), take(planted_texts[name], where))
                yield self._rows(sheet, block, take(keys, where), name, values, sheet.origin[at[where]], at[where])
        for at, shown in ((np.flatnonzero(sheet.moved & hit), None), (np.flatnonzero(sheet.decoy), None)):
            keys = as_json(_texts_at(sheet.table, sheet.columns, at), sheet.table, sheet.table.key, quoted=False)
            yield self._rows(sheet, block, keys, None, (shown, shown), sheet.origin[at], at)
        at = np.flatnonzero((sheet.origin < 0) & hit)
        texts = _texts_at(sheet.table, sheet.columns, at)
        keys, rows = as_json(texts, sheet.table, sheet.table.key, quoted=False), as_json(texts, sheet.table, names)
        yield self._rows(sheet, block, keys, None, (None, rows), None, at)
        lost = np.flatnonzero(sheet.lost_to != NONE)
        texts = _texts_at(sheet.table, sheet.clean, lost)
        keys, rows = as_json(texts, sheet.table, sheet.table.key, quoted=False), as_json(texts, sheet.table, names)
        yield self._rows(sheet, block, keys, None, (rows, None), lost, None)

    def _rows(
        self,
        sheet: Sheet,
        block: int,
        keys: Any,
        column: str | None,
        values: tuple[Any, Any],
        row: Ints | None,
        planted: Ints | None,
    ) -> pa.Table:
        count = len(keys)
        if planted is not None:
            wish, group, decoy = sheet.wish[planted], sheet.group[planted], sheet.decoy[planted]
        else:
            assert row is not None
            wish, group, decoy = sheet.lost_to[row], sheet.lost_group[row], np.zeros(count, np.bool_)
        facts = [self._facts(number) for number in range(FOLLOWED, len(self._wishes))]
        fault, level, severity = (vocabulary_array([str(f[i]) for f in facts]) for i in (0, 1, 3))
        mechanism = np.array([f[2] for f in facts], np.int64)
        place = wish - FOLLOWED
        return pa.Table.from_arrays(
            [
                _same(sheet.table.name, count),
                keys,
                _same(column, count),
                take(fault, place),
                take(level, place),
                _ints(mechanism[place]),
                *(_same(None, count) if shown is None else shown for shown in values),
                _ints(np.where(wish == FOLLOWED, 0, group)),
                take(severity, place),
                mask(decoy),
                _ints(np.full(count, block)),
                _ints(row, count),
                _ints(planted, count),
            ],
            schema=SCHEMA,
        )

    def _facts(self, number: int) -> tuple[str, str, int, str]:
        """(fault, class, mechanism, severity) of a wish's number."""
        if number < 0:
            return CONSEQUENCE, CONSEQUENCE, 0, "info"
        wish = self._wishes[number]
        fault = self._faults[wish.fault]
        return fault.name, fault.level, wish.mechanism, fault.severity


def blocks(labels: pa.Table) -> Blocks:
    """How many rows each block of each table has, clean and reported."""
    found: Blocks = json.loads(labels.schema.metadata[_COUNTS])
    return found


def as_text(table: Table, columns: Columns) -> dict[str, Any]:
    """Every column of some rows as text, as an export shows it; null where a cell is null."""
    shown = in_memory(table, [batch(table, columns)])
    return {name: shown.column(name).combine_chunks().cast(pa.string()) for name in shown.column_names}


def as_json(texts: Mapping[str, Any], table: Table, names: Sequence[str], *, quoted: bool = True) -> Any:
    """Rows of texts as JSON objects; numbers without quotation marks unless all are `quoted`."""
    pieces: list[Any] = []
    for place, name in enumerate(names):
        bare = table.column(name).kind in ("key", "count", "flag") and not quoted
        mark = _word("" if bare else '"')
        escaped = pc.replace_substring(pc.replace_substring(texts[name], "\\", "\\\\"), '"', '\\"')
        cell = pc.binary_join_element_wise(mark, escaped, mark, _word(""))
        head = ("{" if place == 0 else ", ") + json.dumps(name) + ": "
        pieces += [_word(head), pc.fill_null(cell, _word("null"))]
    return pc.binary_join_element_wise(*pieces, _word("}"), _word(""))


def _texts_at(table: Table, columns: Columns, at: Positions) -> dict[str, Any]:
    return as_text(table, {column.name: take(columns[column.name], at) for column in table.columns})


def _word(text: str) -> Any:
    return vocabulary_array([text])[0]


def _same(text: str | None, rows: int) -> Any:
    if text is None:
        return pa.nulls(rows, pa.string())
    return take(vocabulary_array([text]), np.zeros(rows, np.int64))


def _ints(numbers: Ints | None, rows: int = 0) -> Any:
    """int64 as Arrow; None gives nulls."""
    if numbers is None:
        return pa.nulls(rows, pa.int64())
    return places(numbers)
