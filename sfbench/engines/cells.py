"""Potential outcomes: what the units of a policy got in each month, and what they would have got without it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

import sfbench.content as content
from sfbench.content.levers import outcome
from sfbench.engines.repeated import repeated
from sfbench.kit import Columns, Ints, month_start
from sfbench.spec import Lever, Table
from sfbench.store.labels import blocks
from sfbench.store.manifest import TableEntry
from sfbench.store.undo import clean_blocks, of_table
from sfbench.world.levers import felt
from sfbench.world.plan import Plan

Rows = Callable[[Table, list[str]], Iterable[Mapping[str, Any]]]  # of a world: the clean columns of a table in pieces
_MONTH_BITS = 16  # of the number of a cell: months since year 0
_EPOCH = 1970 * 12


def clean_rows(folder: Path, tables: Mapping[str, TableEntry], labels: pa.Table | None) -> Rows:
    """The rows of a dataset as they really are: what was planted is taken back."""
    counts = {} if labels is None else blocks(labels)

    def rows(table: Table, wanted: list[str]) -> Iterator[Mapping[str, Any]]:
        for number, file in enumerate(tables[table.name].files):
            if labels is not None and table.name in counts:
                yield from clean_blocks(folder, table, number, file, of_table(labels, table.name), counts)
            else:
                found = pq.ParquetFile(folder / file.path).read(wanted)
                yield {name: found.column(name).combine_chunks() for name in wanted}

    return rows


def outcome_of(plan: Plan, lever: Lever) -> tuple[Table, str] | None:
    """The table and its money column that show what a lever does; None if nothing adds up, or the plan lacks it."""
    found = outcome(lever.parameter)
    if found is None or found[0] not in plan.tables:
        return None
    return content.tables(plan.content)[found[0]].spec, found[1]


def cells(lever: Lever, found: Columns, table: Table, column: str, real: Rows, twin: Rows) -> Columns:
    """Columns by unit of the lever and month in which either world has an amount.

    `unit`; `month`, a month number; `y1` with all policies of the scenario and `y0` with none (cents); `start`, the
    unit's month number or NEVER; `exposure`, the size of the lever there, which `spill` and anticipation have too.
    `found` is what `reach` gives; only whom the policy is made for counts.
    """
    member = "institution_id" if lever.unit == "bank" else "enterprise_id"
    mine = found["eligible"] & (found["unit"] >= 0)
    known = found["institution" if lever.unit == "bank" else "firm"][mine]
    unit = found["unit"][mine]
    worlds = [
        _sums(rows(table, [member, table.event_on, column]), member, table, column, known, unit)
        for rows in (twin, real)
    ]
    number = np.unique(np.concatenate([worlds[0][0], worlds[1][0]]))
    amounts = []
    for its, cents in worlds:
        amount = np.zeros(len(number), np.int64)
        amount[np.searchsorted(number, its)] = cents
        amounts.append(amount)
    units, first = np.unique(unit, return_index=True)
    of, month = number >> _MONTH_BITS, number & ((1 << _MONTH_BITS) - 1)
    at = first[np.searchsorted(units, of)]
    start, near, times = (found[name][mine][at] for name in ("start", "near", "times"))
    size = np.asarray(felt(lever, start, near, times, month), np.float64)
    return {"unit": of, "month": month, "y0": amounts[0], "y1": amounts[1], "start": start, "exposure": size}


def as_table(lever: Lever, table: Table, column: str, made: Columns) -> pa.Table:
    """Cells as `truth/cells.parquet` shows them: yuan, `tau` = y1 - y0, `treated` from the unit's start on."""
    rows = len(made["unit"])
    money = {"y0": made["y0"], "y1": made["y1"], "tau": made["y1"] - made["y0"]}
    return pa.table(
        {
            "lever": repeated(lever.name, rows),
            "outcome": repeated(f"{table.name}.{column}", rows),
            "unit": pa.array(made["unit"]),
            "period": pa.array(month_start(made["month"]).astype(np.int32), pa.date32()),
            **{name: yuan(cents) for name, cents in money.items()},
            "treated": pa.array(made["month"] >= made["start"]),
            "exposure": pa.array(made["exposure"]),
        }
    )


def yuan(cents: Ints) -> Any:
    """Whole cents as DECIMAL(18,2)."""
    raw = pa.py_buffer(np.ascontiguousarray(cents, np.int64))
    return pa.Array.from_buffers(pa.decimal64(18, 2), len(cents), [None, raw]).cast(pa.decimal128(18, 2))


def _sums(
    pieces: Iterable[Mapping[str, Any]], member: str, table: Table, column: str, known: Ints, unit: Ints
) -> tuple[Ints, Ints]:
    """(numbers of cells ascending, cents): a sum of cents below 2**53 is exact as float64."""
    numbers, sums = [], []
    for piece in pieces:
        ids = np.asarray(pc.fill_null(piece[member], -1))
        at = np.searchsorted(known, ids).clip(max=len(known) - 1)
        hit = np.flatnonzero(known[at] == ids)
        days = np.asarray(piece[table.event_on].cast(pa.int32()))[hit]
        month = days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) + _EPOCH
        cell, place = np.unique((unit[at[hit]] << _MONTH_BITS) | month, return_inverse=True)
        numbers.append(cell)
        sums.append(np.bincount(place, _cents(piece[column])[hit], len(cell)))
    cell, place = np.unique(np.concatenate(numbers), return_inverse=True)
    return cell, np.bincount(place, np.concatenate(sums), len(cell)).astype(np.int64)


def _cents(amounts: Any) -> Ints:
    """DECIMAL(18,2) as whole cents; they fit the lower half of its 128 bits."""
    return np.asarray(amounts.cast(pa.decimal64(18, 2)).view(pa.int64()))
