"""`sdv_hma`: SDV's HMASynthesizer over linked tables (BUSL-1.1; the extra `sfbench[sdv]`). Slow: learn few firms."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa

from sfbench.errors import SfbenchError
from sfbench.synth.learned import Learned, Tables, with_units
from sfbench.synth.methods import _sdv
from sfbench.synth.parts import Parts

ABOUT = "SDV HMASynthesizer over linked tables; needs sfbench[sdv] (BUSL-1.1)"
ABOUT_ZH = "SDV HMASynthesizer，关联多表；需安装 sfbench[sdv](BUSL-1.1)"
OPTIONS = {"firms": 500}


def fit(tables: Tables, options: Mapping[str, Any]) -> Parts:
    """`firms`: how many firms, with all that hangs on them, are learned."""
    _sdv.require(torch=False)
    from sdv.errors import SynthesizerInputError
    from sdv.multi_table import HMASynthesizer

    few = {name: _first(table, int(options["firms"])) for name, table in tables.items()}
    try:
        synthesizer = HMASynthesizer(_sdv.metadata(few, keys=True), verbose=False)
    except SynthesizerInputError as error:  # five tables, two levels
        why = str(error).splitlines()[0]
        fix = "learn fewer with --tables, e.g. enterprise,loan"
        raise SfbenchError("HMA cannot learn tables linked like these", why=why, fix=fix) from error
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # SDV warns of its own future, in several lines a call
        synthesizer.fit({name: _sdv.frame(table, keys=True) for name, table in few.items()})
        made = synthesizer.sample_scale(1.0)
    parts = Parts({"parents": {name: table.parent for name, table in tables.items()}}, {})
    for name, table in few.items():
        drawn = _sdv.back(made[name], table.columns.schema)
        if table.parent:
            place = {key: row for row, key in enumerate(made[table.parent][_sdv.ROW].tolist())}
            links = np.array([place[key] for key in made[name][_sdv.PARENT].tolist()], np.int64)
            drawn = drawn.append_column(_sdv.PARENT, pa.array(links))
        parts.tables[name] = drawn
    return parts


def draw(parts: Parts, rows: Mapping[str, int], seed: int) -> dict[str, Learned]:
    """Drawn firms with their children, in an order of the seed, as often as it takes."""
    random, out, chosen = np.random.default_rng(seed), dict[str, Learned](), dict[str, np.ndarray[Any, Any]]()
    for name, parent in parts.json["parents"].items():
        table = parts.tables[name]
        if not parent:
            order = random.permutation(table.num_rows)
            chosen[name], parent_row = order[np.arange(rows[name]) % table.num_rows], None
        else:
            links = np.asarray(table[_sdv.PARENT])
            order = np.argsort(links, kind="stable")
            first = np.searchsorted(links[order], chosen[parent])
            number = np.searchsorted(links[order], chosen[parent], side="right") - first
            parent_row = np.repeat(np.arange(len(number)), number)
            within = np.arange(len(parent_row)) - np.repeat(np.cumsum(number) - number, number)
            chosen[name] = order[np.repeat(first, number) + within]
            table = table.drop_columns([_sdv.PARENT])
        out[name] = Learned(name, table.take(pa.array(chosen[name])), parent, parent_row)
    return with_units(out.values())


def _first(table: Learned, firms: int) -> Learned:
    """The rows of the first firms; parents keep their order, so rows of parents are a prefix."""
    kept = table.firms() < firms
    parent_row = None if table.parent_row is None else table.parent_row[kept]
    return Learned(table.name, table.columns.filter(pa.array(kept)), table.parent, parent_row, table.firms()[kept])
