"""Canaries: invented firms planted among those to learn. If the copy sings of them, the method remembers single firms.

A canary takes each column from another firm, so that every value is common and the whole is not; its decoys are made
the same way and not planted. (Carlini et al. 2019, "The Secret Sharer".)
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from sfbench.privacy.frame import Frame, firms
from sfbench.privacy.membership import NEAREST
from sfbench.privacy.outcome import Outcome, nothing, outcome
from sfbench.privacy.scale import Scale, nearest
from sfbench.synth.columns import Ints
from sfbench.synth.learned import Learned, with_units

FALSE_ALARMS = 0.1
SEED = 1  # of those that `synth fit` plants: `synth report` makes the same ones again from the same tables
EN, ZH = "Planted canaries that the copy sits beside", "副本暴露的预埋样本"


def plant(tables: dict[str, Learned], number: int, seed: int) -> tuple[dict[str, Learned], dict[str, Learned]]:
    """(the tables with `number` canaries at the end of the top table, as many decoys on their own).

    A canary has the children of one firm, whose rows take each column from rows of other firms.
    """
    random = np.random.default_rng([seed, 13])
    decoys, canaries = (_made(tables, number, random) for _ in range(2))
    planted = {name: _joined(table, canaries[name], tables) for name, table in tables.items()}
    return with_units(planted.values()), decoys


def looked_for(tables: dict[str, Learned], number: int, copy: Frame, top: str = "") -> Outcome:
    """`sing` for the canaries that `plant` made of a table at the top ("": the first) with `SEED`."""
    whole, decoys = plant(tables, number, SEED)
    planted = firms(whole, top)
    canaries = planted.take(np.arange(planted.rows - number, planted.rows))
    return sing(canaries, firms(decoys, top), copy, firms(tables, top))


def sing(canaries: Frame, decoys: Frame, copy: Frame, original: Frame) -> Outcome:
    """Canaries that lie nearer to the copy than nine tenths of the decoys do."""
    scale = Scale.of(original)
    copied = scale.points(copy)
    mine, theirs = (nearest(scale.points(frame), copied, 1)[0][:, 0] for frame in (canaries, decoys))
    least = np.quantile(theirs, FALSE_ALARMS)
    if least <= NEAREST:  # decoys are met by chance: a canary cannot be heard above them
        return nothing("canaries", EN, ZH)
    hits, alarms = int((mine < least).sum()), int((theirs < least).sum())
    return outcome("canaries", hits, canaries.rows, alarms, decoys.rows, EN, ZH)


def _made(tables: dict[str, Learned], number: int, random: np.random.Generator) -> dict[str, Learned]:
    import pyarrow as pa

    out: dict[str, Learned] = {}
    rows_of: dict[str, Ints] = {}
    for name, table in tables.items():
        if table.parent and table.parent_row is not None:
            start = np.searchsorted(table.parent_row, rows_of[table.parent])
            size = np.searchsorted(table.parent_row, rows_of[table.parent], side="right") - start
            parent_row = np.repeat(np.arange(len(size)), size)
            within = np.arange(len(parent_row)) - np.repeat(np.cumsum(size) - size, size)
            rows_of[name] = np.repeat(start, size) + within
        else:
            rows_of[name], parent_row = random.integers(0, table.rows, number), None
        columns = {
            column: table.columns[column]
            .combine_chunks()
            .take(pa.array(random.integers(0, table.rows, len(rows_of[name]))))
            for column in table.columns.column_names
        }
        out[name] = replace(table, columns=pa.table(columns), parent_row=parent_row, unit=None)
    return with_units(out.values())


def _joined(table: Learned, more: Learned, tables: dict[str, Learned]) -> Learned:
    import pyarrow as pa

    columns = pa.concat_tables([table.columns, more.columns.cast(table.columns.schema)])
    parent_row = None
    if table.parent_row is not None and more.parent_row is not None:
        parent_row = np.concatenate([table.parent_row, more.parent_row + tables[table.parent].rows])
    return replace(table, columns=columns, parent_row=parent_row, unit=None)
