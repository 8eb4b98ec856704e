"""The map: one pass over a run of firms makes every table's rows. No block sees another."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Callable, Collection, Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

import numpy as np

import sfbench.content as content
from sfbench.content import TableContent
from sfbench.draws import Draw
from sfbench.errors import SfbenchError
from sfbench.kit import Block, Columns, Nullable, Params
from sfbench.spec import Table
from sfbench.world.levers import STATE, bound, sources
from sfbench.world.moved import Moved
from sfbench.world.plan import Plan

Drawing = Callable[[int, str], Draw]  # seed and table name -> the table's draws
State = dict[str, Any]  # of a settle table: int64 arrays by name

# The raw dtype of a kind; code columns may be any integer, text is Arrow's.
_DTYPE = {
    "key": np.int64,
    "count": np.int64,
    "money": np.int64,
    "rate": np.int64,
    "date": np.int32,
    "flag": np.bool_,
    "number": np.float64,
}


def prelude(plan: Plan, drawing: Drawing = Draw) -> dict[str, Columns]:
    """Columns of all prelude tables of the plan: small, whole, the same in every process, made once in each."""
    if plan.digest not in _MADE or drawing is not Draw:
        made: dict[str, Columns] = {}
        for name, table in _stage(plan, "prelude").items():
            made[name] = _call(table, "rows", None, made, plan, drawing, plan.params)
        _MADE.clear()
        _MADE[plan.digest] = made
    return _MADE[plan.digest]


_MADE: dict[str, dict[str, Columns]] = {}  # prelude columns of the plan in hand


def make(
    plan: Plan,
    block: Block,
    small: Mapping[str, Columns],
    drawing: Drawing = Draw,
    wanted: Collection[str] | None = None,
    common: Mapping[str, Columns] = MappingProxyType({}),
    moved: Moved | None = None,
) -> tuple[dict[str, Columns], dict[str, State]]:
    """(columns of every block table, partial states of every settle table) of one block.

    Columns keep what is handed on (names that begin with `_`); `published` drops it. `drawing` makes a table's draws
    from seed and name: `sfbench explain` hands in draws that remember. If some tables are `wanted`, the columns of the
    others are let go as soon as no table reads them any more, which saves a tenth of the memory. `common` tables of the
    block are known from its twin and not made; what levers move is put down in `moved`.
    """
    _keep_freed_memory()
    moved = moved or Moved()
    made: dict[str, Columns] = dict(small)
    states: dict[str, State] = {}
    steps = _stage(plan, "block") | _stage(plan, "settle")
    last_reader = {need: name for name, table in steps.items() for need in table.spec.needs}
    params, known_by = plan.params, sources(plan.scenario.levers) if plan.scenario.levers else set[str]()
    for name, table in steps.items():
        if name in common:
            made[name] = common[name]
        elif table.spec.stage == "block":
            made[name] = _call(table, "rows", block, made, plan, drawing, params)
        else:
            states[name] = _call(table, "partial", block, made, plan, drawing, params)
        moved.note(table.spec)
        if name in known_by:
            params = moved.watched(bound(plan.params, plan.scenario.levers, plan.seed, block, made))
        for need in table.spec.needs:
            if wanted is not None and need not in wanted and last_reader[need] == name:
                made.pop(need, None)
    return {name: made[name] for name in _stage(plan, "block") if name in made}, states


def partials(plan: Plan, block: Block, made: Mapping[str, Columns], small: Mapping[str, Columns]) -> dict[str, State]:
    """Partial states of every settle table of one block, from columns of block tables that the caller has changed."""
    whole, settled = {**small, **made}, _stage(plan, "settle")
    params = bound(plan.params, plan.scenario.levers, plan.seed, block, made) if STATE in made else plan.params
    return {name: _call(table, "partial", block, whole, plan, Draw, params) for name, table in settled.items()}


_MMAP_THRESHOLD, _TRIM_THRESHOLD = -3, -1  # of malloc.h


@cache
def _keep_freed_memory() -> None:
    """Tell glibc to reuse the memory of freed arrays rather than hand it back to the kernel after each.

    A column is megabytes and lives for a moment; to get its pages anew costs a fifth of a block's CPU, and the peak is
    the same. Arrow then takes its memory there too (unless the user named a pool of Arrow's): two pools that keep what
    they have had cost 30 MiB more, and Arrow's own gives pages back. A C library without `mallopt` does as it always
    does; no datum depends on it.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None) if os.name == "posix" else None
    if mallopt:
        mallopt(_MMAP_THRESHOLD, 32 << 20)
        mallopt(_TRIM_THRESHOLD, 512 << 20)
        if "ARROW_DEFAULT_MEMORY_POOL" not in os.environ:
            import pyarrow as pa

            pa.set_memory_pool(pa.system_memory_pool())


def merge(plan: Plan, name: str, a: State, b: State) -> State:
    """Two partial states of a settle table as one."""
    table = content.tables(plan.content)[name]
    merged: State = _guarded(table.spec, None, lambda: table.functions["merge"](a, b))
    return merged


def settle(plan: Plan, name: str, state: State, small: Mapping[str, Columns]) -> Columns:
    """Rows of a settle table from its merged state."""
    table = content.tables(plan.content)[name]
    draw = Draw(plan.seed, name)
    columns: Columns = _guarded(table.spec, None, lambda: table.functions["finish"](state, small, plan.params, draw))
    return columns


def published(table: Table, columns: Columns) -> Columns:
    """The declared columns with the dtypes of their kinds, ready to be stored."""
    out: Columns = {}
    for column in table.columns:
        cells = columns.get(column.name)
        if cells is None:
            raise SfbenchError(
                "the column was not made", where=f"{table.name}.{column.name}", why=f"{table.where} declares it"
            )
        if column.kind in _DTYPE:
            kind = _DTYPE[column.kind]
            values, valid = cells if isinstance(cells, Nullable) else (cells, None)
            try:
                values = np.asarray(values).astype(kind, copy=False)
            except (TypeError, ValueError) as error:
                where, what = f"{table.name}.{column.name}", f"the cells are no {column.kind}"
                raise SfbenchError(what, where=where, why=str(error), fix=f"see {table.where}") from error
            cells = values if valid is None else Nullable(values, valid)
        out[column.name] = cells
    extra = [name for name in columns if name not in out and not name.startswith("_")]
    if extra:
        raise SfbenchError(
            "the column is not declared", where=f"{table.name}.{extra[0]}", fix=f"declare it in {table.where}"
        )
    return out


def _stage(plan: Plan, stage: str) -> dict[str, TableContent]:
    known = content.tables(plan.content)
    return {name: known[name] for name in plan.order if known[name].spec.stage == stage}


def _call(
    table: TableContent,
    function: str,
    block: Block | None,
    made: Mapping[str, Columns],
    plan: Plan,
    drawing: Drawing,
    params: Params,
) -> Any:
    needs = {name: made[name] for name in table.spec.needs if name in made}
    draw = drawing(plan.seed, table.spec.name)
    return _guarded(table.spec, block, lambda: table.functions[function](block, needs, params, draw))


def _guarded(table: Table, block: Block | None, call: Any) -> Any:
    """Run a content function; what it raises, or a result that is no dict, names the table and the block."""
    try:
        result = call()
        if not isinstance(result, Mapping):
            raise TypeError(f"it gave {type(result).__name__}, not a dict of columns")
        return result
    except SfbenchError:
        raise
    except Exception as error:
        at = f", block {block.index} (firms {block.first} to {block.first + block.count - 1})" if block else ""
        line = _last_line(error, table.where)
        why = f"{type(error).__name__}: {error}"
        fix = "correct the generator, or take its file out of the content folder"
        raise SfbenchError(
            f"the generator of {table.name!r} failed{at}", where=f"{table.where}:{line}", why=why, fix=fix
        ) from error


def _last_line(error: BaseException, path: str) -> int:
    line, trace = 1, error.__traceback__
    while trace is not None:
        line = trace.tb_lineno if trace.tb_frame.f_code.co_filename == path else line
        trace = trace.tb_next
    return line
