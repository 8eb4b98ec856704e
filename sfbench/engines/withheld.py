"""Reports that were due and did not come, and why: `truth/missing.parquet`, from the labels of what was planted."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

import sfbench.content as content
from sfbench.draws.text import vocabulary_array
from sfbench.engines.repeated import repeated
from sfbench.spec import Wish
from sfbench.store.undo import of_table, rows_of

_OF_CHANCE = {"none": "MCAR", "bank": "MAR", "size": "MAR", "value": "MNAR"}  # by what a wish depends on


def missing(labels: pa.Table, wishes: tuple[Wish, ...], extra: tuple[Path, ...]) -> pa.Table | None:
    """One row a report that is missing: table, key (JSON), period (day of the fact), due_on (day on which it would have
    been known), mechanism, true_value (the row as JSON). None if none of the wishes withholds any.

    mechanism: MCAR, missing completely at random; MAR, at random given the bank or the size; MNAR, not at random: what
    the report would have said decides.
    """
    known, tables = content.faults(extra), content.tables(extra)
    parts = []
    for wish in wishes:
        spec = known[wish.fault].spec
        if not spec.withholds:
            continue
        mine = of_table(labels, wish.table)
        mine = mine.filter(pc.equal(mine["fault"], vocabulary_array([wish.fault])[0]))
        mine = mine.filter(pc.equal(mine["mechanism"], wish.mechanism))
        mine = mine.filter(pc.and_(pc.is_null(mine["planted_row"]), pc.is_valid(mine["true_value"])))
        table = tables[wish.table].spec
        rows = rows_of(mine, table) if mine.num_rows else None
        why = "MNAR" if spec.withholds == "value" else _OF_CHANCE[wish.depends_on]
        days = {
            name: rows[column].cast(pa.date32())
            if rows is not None and column
            else pa.nulls(mine.num_rows, pa.date32())
            for name, column in (("period", table.event_on), ("due_on", table.known_on))
        }
        facts = {"table": mine["table"], "key": mine["key"], **days, "mechanism": repeated(why, mine.num_rows)}
        parts.append(pa.table(facts | {"true_value": mine["true_value"]}))
    return pa.concat_tables(parts) if parts else None
