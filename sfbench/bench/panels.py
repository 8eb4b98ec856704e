"""Panels of the bench: `panel_sql/*.sql` over a world and the register of a policy, as unit x quarter arrays."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from sfbench.bench.effects.panel import Floats
from sfbench.content import listing
from sfbench.draws import month_end, month_start
from sfbench.errors import SfbenchError, did_you_mean
from sfbench.kit import Columns

_KEYS = ("zh", "en", "outcome", "tables")
MONTHS = 3  # of a period: all panels are by quarter


@dataclass(frozen=True, slots=True)
class PanelFile:
    """A panel: its SQL gives (unit, period, amount) by quarter, and reads `tables` and the view `register`."""

    name: str
    zh: str
    en: str
    outcome: str
    tables: tuple[str, ...]
    sql: str
    where: str


@cache
def panel_file(name: str, extra: tuple[Path, ...] = ()) -> PanelFile:
    """The panel of that name. Raises SfbenchError if there is none or a line of its head is missing."""
    known = listing("panels", extra)
    if name not in known:
        raise SfbenchError(f"unknown panel {name!r}", where="bench.panel", fix=did_you_mean(name, known))
    text = known[name].read_text(encoding="utf-8")
    head = dict(line[3:].split(": ", 1) for line in text.splitlines() if line.startswith("-- ") and ": " in line)
    for key in _KEYS:
        if key not in head:
            raise SfbenchError(f"the panel has no line `-- {key}: ...`", where=f"{known[name]}:1", fix="add it")
    tables = tuple(part.strip() for part in head["tables"].split(","))
    return PanelFile(name, head["zh"], head["en"], head["outcome"], tables, text, str(known[name]))


def amounts(panel: PanelFile, tables: dict[str, pa.Table], register: Columns, first: int, last: int) -> Floats:
    """(units, quarters) of the panel's amounts from month number `first` to `last`; nan where there is none.

    Units are the positions 0 to the largest of the register. Raises SfbenchError if the query fails.
    """
    import duckdb

    rows: dict[str, Any] = {"enterprise_id": register["firm"], "unit": register["unit"]}
    with duckdb.connect() as connection:
        connection.execute("SET threads = 1")
        for name, table in tables.items():
            connection.register(name, table)
        connection.register("register", pa.table(rows))
        days = [np.datetime64(int(day), "D").item() for day in (month_start(first), month_end(last))]
        try:
            found = connection.execute(panel.sql, {"first": days[0], "last": days[1]}).fetchnumpy()
        except duckdb.Error as error:
            raise SfbenchError("the panel's query fails", where=panel.where, why=str(error).splitlines()[0]) from error
    out = np.full((int(register["unit"].max()) + 1, (last - first + 1) // MONTHS), np.nan)
    out[found["unit"].astype(np.int64), found["period"].astype(np.int64) - first // MONTHS] = found["amount"]
    return out
