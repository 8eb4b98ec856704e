"""`bootstrap`: whole firms of the original, drawn with replacement. No protection at all: a positive control."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa

from sfbench.synth.learned import Learned, Tables, with_units
from sfbench.synth.parts import Parts

ABOUT = "copies of whole firms: protects nobody; the control that every attack must catch"
ABOUT_ZH = "整户复制：不提供任何保护，供检验各项攻击的对照"
OPTIONS: dict[str, int] = {}
PARENT_ROW = "_parent_row"  # no column of a table begins so


def fit(tables: Tables, options: Mapping[str, Any]) -> Parts:
    """Keeps the tables as they are."""
    parents = {name: table.parent for name, table in tables.items()}
    kept = {name: table.columns.append_column(PARENT_ROW, pa.array(_links(table))) for name, table in tables.items()}
    return Parts({"parents": parents}, kept)


def draw(parts: Parts, rows: Mapping[str, int], seed: int) -> dict[str, Learned]:
    """Firms with all that hangs on them, `rows` of each table at the top."""
    random, out = np.random.default_rng(seed), dict[str, Learned]()
    drawn: dict[str, np.ndarray[Any, np.dtype[np.int64]]] = {}
    for name, parent in parts.json["parents"].items():
        table = parts.tables[name]
        if not parent:
            drawn[name], parent_row = random.integers(0, max(table.num_rows, 1), rows[name]), None
        else:
            links = np.asarray(table[PARENT_ROW])
            start = np.searchsorted(links, drawn[parent])
            number = np.searchsorted(links, drawn[parent], side="right") - start
            parent_row = np.repeat(np.arange(len(number)), number)
            within = np.arange(len(parent_row)) - np.repeat(np.cumsum(number) - number, number)
            drawn[name] = np.repeat(start, number) + within
        columns = table.drop_columns([PARENT_ROW]).take(pa.array(drawn[name]))
        out[name] = Learned(name, columns, parent, parent_row)
    return with_units(out.values())


def _links(table: Learned) -> np.ndarray[Any, np.dtype[np.int64]]:
    return np.full(table.rows, -1) if table.parent_row is None else table.parent_row
