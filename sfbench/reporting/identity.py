"""A row's cells as one 64-bit number, the same in every block, order and process."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from sfbench.draws import key, words
from sfbench.kit import Columns, Ints
from sfbench.reporting.cells import filled, values
from sfbench.spec import Column, Table


def identity(table: Table, columns: Columns) -> Ints:
    """One int64 a row, made of its primary key."""
    return mixed(table, columns, table.key)


def mixed(table: Table, columns: Columns, names: Iterable[str]) -> Ints:
    """One int64 a row, made of its cells in these columns. A null counts as a value of its own."""
    rows = len(values(columns[table.columns[0].name]))
    out: Ints = np.zeros(rows, np.int64)
    for name in names:
        cells = columns[name]
        number = np.where(filled(cells), _number(table.column(name), values(cells)), -1)
        out = words(key("row", table.name, name), out, number).view(np.int64)
    return out


def _number(column: Column, cells: Any) -> Ints:
    if column.kind == "code":  # by its text: a new code in the list changes no row's number
        names = np.array([key("code", code.code) for code in column.values], np.uint64).view(np.int64)
        return np.asarray(names[np.clip(cells, 0, len(names) - 1)])
    if column.kind == "text":
        packed = cells.dictionary_encode()
        names = np.array([key("text", str(word)) for word in packed.dictionary.to_pylist()], np.uint64).view(np.int64)
        if not names.size:
            return np.zeros(len(cells), np.int64)
        return np.asarray(names[np.frombuffer(packed.indices.buffers()[1], np.int32)[: len(cells)]])
    if column.kind == "number":
        return np.ascontiguousarray(cells, np.float64).view(np.int64)
    return np.asarray(cells).astype(np.int64)
