"""`independent`: every column from its own counts, as if no column knew of another. The floor of fidelity."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa

from sfbench.synth.columns import Coding, decode
from sfbench.synth.columns import fit as fit_column
from sfbench.synth.learned import Learned, Tables, counts, with_units
from sfbench.synth.network import stratified
from sfbench.synth.parts import Parts

ABOUT = "columns on their own, numbers of children on their own; a baseline"
ABOUT_ZH = "各列独立，子记录数独立；作为基线"
OPTIONS = {"k": 10}
NUMBER = "number of rows"


def fit(tables: Tables, options: Mapping[str, Any]) -> Parts:
    """Counts by code of each column, and by number of children."""
    parts = Parts({"tables": {}}, {})
    for name, table in tables.items():
        columns = {c: table.columns[c].combine_chunks() for c in table.columns.column_names}
        units = dict.fromkeys(columns, table.firms())
        if table.parent:
            columns[NUMBER] = pa.array(counts(table, tables[table.parent].rows))
            units[NUMBER] = tables[table.parent].firms()
        codings, cells = [], {}
        for at, (column, values) in enumerate(columns.items()):
            coding, codes = fit_column(column, values, units[column], int(options["k"]))
            codings.append(coding.to_json())
            cells[str(at)] = np.bincount(codes, minlength=coding.size)[: coding.rare]
        parts.json["tables"][name] = {"parent": table.parent, "columns": codings}
        lengths = [len(values) for values in cells.values()]
        parts.tables[name] = pa.table(
            {"column": np.repeat(np.arange(len(cells)), lengths), "count": np.concatenate([*cells.values()])}
        )
    return parts


def draw(parts: Parts, rows: Mapping[str, int], seed: int) -> dict[str, Learned]:
    """Fresh tables: `rows` of each table at the top."""
    random, out = np.random.default_rng(seed), dict[str, Learned]()
    for name, record in parts.json["tables"].items():
        codings = [Coding.from_json(column) for column in record["columns"]]
        column_of, counted = (np.asarray(parts.tables[name][c]) for c in ("column", "count"))
        shares = [counted[column_of == at] for at in range(len(codings))]
        parent_row = None
        if record["parent"]:
            above = out[record["parent"]].rows
            number = np.asarray(_column(codings.pop(), shares.pop(), above, random).fill_null(0)).astype(np.int64)
            parent_row = np.repeat(np.arange(above), number)
        size = rows[name] if parent_row is None else len(parent_row)
        columns = {c.name: _column(c, s, size, random) for c, s in zip(codings, shares, strict=True)}
        out[name] = Learned(name, pa.table(columns), record["parent"], parent_row)
    return with_units(out.values())


def _column(coding: Coding, counted: np.ndarray[Any, Any], rows: int, random: np.random.Generator) -> pa.Array:
    total = np.cumsum(counted)
    if not len(total) or not total[-1]:
        codes = np.full(rows, coding.null)
    else:
        codes = np.searchsorted(total, stratified(np.zeros(rows, np.int64), random) * total[-1], side="right")
    return decode(coding, codes.astype(np.int64), stratified(codes, random))
