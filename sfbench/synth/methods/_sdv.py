"""What the methods of SDV share: metadata with schema ranges only, pandas in and out, one process-wide import.

SDV 2.0 (BUSL-1.1) is imported when a method runs, never before. Its metadata would hold every category and the ranges
of the data; here they come from our coding, in which no value stands that fewer than k firms share. The synthesizer
itself is a pickle, which a model file cannot hold: so these methods draw when they fit, and the model keeps `copies`
of the drawn rows. Sampling hands them out; a seed chooses which.
"""

from __future__ import annotations

import importlib
import warnings
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sfbench.errors import SfbenchError
from sfbench.synth.learned import Learned, Tables, counts, with_units
from sfbench.synth.network import stratified
from sfbench.synth.parts import Parts

if TYPE_CHECKING:
    import pandas as pd

PARENT, ROW = "parent_row", "row_number"


def require(torch: bool) -> None:
    """Raises SfbenchError without SDV (and torch, where the method needs it)."""
    try:
        import sdv  # noqa: F401

        if torch:
            importlib.import_module("torch")
    except ImportError as error:
        fix = "install a CPU build of torch first if you want the deep methods, then pip install 'sfbench[sdv]'"
        raise SfbenchError("this method needs SDV", why=str(error), fix=fix) from error


def frame(table: Learned, *, keys: bool) -> pd.DataFrame:
    """A table as pandas: decimals as floats, dates as timestamps, words as objects; with keys for several tables."""
    import pandas as pd

    columns: dict[str, Any] = {}
    for name in table.columns.column_names:
        column = table.columns[name]
        if pa.types.is_decimal(column.type) or pa.types.is_integer(column.type):
            column = column.cast(pa.float64())
        elif pa.types.is_boolean(column.type):
            column = column.cast(pa.string())
        held = column.to_pandas()
        columns[name] = pd.to_datetime(held) if pa.types.is_date32(column.type) else held
    if keys:
        columns[ROW] = np.arange(table.rows)
        if table.parent_row is not None:
            columns[PARENT] = table.parent_row
    return pd.DataFrame(columns)


def metadata(tables: Tables, *, keys: bool) -> Any:
    """SDV metadata by kind of column. It never leaves the process."""
    from sdv.metadata import Metadata

    made: dict[str, Any] = {"tables": {}, "relationships": []}
    for name, table in tables.items():
        columns = {c: {"sdtype": kind_of(table.columns.schema.field(c).type)} for c in table.columns.column_names}
        if keys:
            columns[ROW] = {"sdtype": "id"}
            if table.parent:
                columns[PARENT] = {"sdtype": "id"}
                made["relationships"].append(
                    {
                        "parent_table_name": table.parent,
                        "parent_primary_key": ROW,
                        "child_table_name": name,
                        "child_foreign_key": PARENT,
                    }
                )
        made["tables"][name] = {"columns": columns} | ({"primary_key": ROW} if keys else {})
    return Metadata.load_from_dict(made)


def kind_of(kind: pa.DataType) -> str:
    """SDV's word for what a column of this type holds."""
    if pa.types.is_date32(kind):
        return "datetime"
    return "categorical" if pa.types.is_string(kind) or pa.types.is_boolean(kind) else "numerical"


def back(drawn: pd.DataFrame, like: pa.Schema) -> pa.Table:
    """A drawn frame in the types that were learned; numbers rounded to what the type holds."""
    columns = {}
    for field in like:
        held = drawn.get(field.name)
        if held is None:
            columns[field.name] = pa.nulls(len(drawn), field.type)
        elif pa.types.is_boolean(field.type):
            columns[field.name] = pa.array((held.astype(object) == "true").where(held.notna(), None), field.type)
        elif pa.types.is_date32(field.type):
            columns[field.name] = pa.array(held.dt.date.where(held.notna(), None), field.type)
        elif pa.types.is_string(field.type):
            columns[field.name] = pa.array(held.astype(object).where(held.notna(), None), field.type)
        else:
            numbers = pa.array(held.astype(float), pa.float64(), from_pandas=True)
            whole = pc.round(numbers) if pa.types.is_integer(field.type) else numbers
            columns[field.name] = whole.cast(field.type, safe=False)
    return pa.table(columns)


def table_by_table(synthesizer: str, *, deep: bool) -> Callable[[Tables, Mapping[str, Any]], Parts]:
    """The `fit` of a single-table synthesizer of SDV, by its name; a deep one needs torch and takes `epochs`."""

    def make(metadata: Any, options: Mapping[str, Any]) -> Any:
        kind = getattr(importlib.import_module("sdv.single_table"), synthesizer)
        return kind(metadata, epochs=int(options["epochs"])) if deep else kind(metadata)

    def fit(tables: Tables, options: Mapping[str, Any]) -> Parts:
        require(torch=deep)
        return _single(tables, make, options)

    return fit


def _single(tables: Tables, make: Any, options: Mapping[str, Any]) -> Parts:
    """Each table by a single-table synthesizer; numbers of children are drawn from those that were seen."""
    drawn, parents, numbers = dict[str, pa.Table](), dict[str, str](), dict[str, list[list[int]]]()
    for name, table in tables.items():
        data = frame(table, keys=False).head(int(options["rows"]))
        synthesizer = make(metadata({name: table}, keys=False), options)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # SDV warns of its own future, in several lines a call
            synthesizer.fit({name: data})
            made = synthesizer.sample(max(table.rows, int(options["rows"])))[name]
        drawn[name], parents[name] = back(made, table.columns.schema), table.parent
        if table.parent:
            seen, times = np.unique(counts(table, tables[table.parent].rows), return_counts=True)
            numbers[name] = [seen.tolist(), times.tolist()]
    return Parts({"parents": parents, "numbers": numbers}, drawn)


def draw(parts: Parts, rows: Mapping[str, int], seed: int) -> dict[str, Learned]:
    """Rows of the drawn tables in an order of the seed; children handed out to parents by the numbers seen."""
    random, out = np.random.default_rng(seed), dict[str, Learned]()
    for name, parent in parts.json["parents"].items():
        table = parts.tables[name]
        parent_row = None
        size = rows.get(name, 0)
        if parent:
            seen, times = (np.array(side) for side in parts.json["numbers"][name])
            total = np.cumsum(times)
            above = out[parent].rows
            spot = stratified(np.zeros(above, np.int64), random) * total[-1]
            parent_row = np.repeat(np.arange(above), seen[np.searchsorted(total, spot, side="right")])
            size = len(parent_row)
        order = random.permutation(table.num_rows)
        chosen = order[np.arange(size) % max(table.num_rows, 1)]
        out[name] = Learned(name, table.take(pa.array(chosen)), parent, parent_row)
    return with_units(out.values())
