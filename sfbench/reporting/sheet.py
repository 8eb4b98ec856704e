"""A block of a table on its way to be published: the rows as they stand, and what became of the clean ones."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

import numpy as np

import sfbench.content as content
from sfbench.draws import Draw
from sfbench.errors import SfbenchError
from sfbench.kit import Bools, Columns, Ints
from sfbench.reporting.cells import take, unequal, values
from sfbench.reporting.choose import allowed, following, rates
from sfbench.reporting.identity import identity
from sfbench.reporting.rows import Planted, Rows
from sfbench.spec import Lever, Table, Wish

NONE, FOLLOWED = -1, -2  # in place of a wish's number: a sound row; a sum over rows that bear a fault


@dataclasses.dataclass(frozen=True, slots=True)
class Sheet:
    """`clean` are the columns as they would be published without faults, `columns` as they are.

    Of each row: `origin`, the clean row that it was (-1 for one that never was); `wish`, the number of the wish whose
    fault it bears; `group`, the event it belongs to; whether it was `moved`; whether it is a `decoy` of that wish. Of
    each clean row: `lost_to`, the wish that lost it, and its `lost_group`.
    """

    table: Table
    clean: Columns
    columns: Columns
    origin: Ints
    wish: Ints
    group: Ints
    moved: Bools
    decoy: Bools
    lost_to: Ints
    lost_group: Ints

    @classmethod
    def of(cls, table: Table, clean: Columns) -> Sheet:
        """A sheet without faults."""
        rows = _length(table, clean)
        none, zero, no = np.full(rows, NONE), np.zeros(rows, np.int64), np.zeros(rows, np.bool_)
        return cls(table, clean, clean, np.arange(rows), none, zero, no, no, none, zero)

    @classmethod
    def followed(cls, table: Table, clean: Columns, dirty: Columns) -> Sheet:
        """The sheet of a table that is made of others which bear faults; rows are the same if their keys are."""
        before, after = identity(table, clean), identity(table, dirty)
        order = np.argsort(before, kind="stable")
        place = np.searchsorted(before[order], after).clip(max=max(len(before) - 1, 0))
        same = before[order][place] == after if len(before) else np.zeros(len(after), np.bool_)
        origin = np.full(len(after), -1)
        origin[same] = order[place[same]]
        at, differ = np.flatnonzero(same), ~same
        for name in clean:
            differ[at] |= unequal(take(clean[name], origin[at]), take(dirty[name], at))
        lost = np.ones(len(before), np.bool_)
        lost[origin[at]] = False
        moved = same & bool((np.diff(origin[at]) < 0).any())
        return dataclasses.replace(
            cls.of(table, dirty),
            clean=clean,
            origin=origin,
            wish=np.where(differ | moved, FOLLOWED, NONE),
            moved=moved,
            lost_to=np.where(lost, FOLLOWED, NONE),
            lost_group=np.zeros(len(before), np.int64),
        )

    def cut(self, clean: Columns, columns: Columns, kept_clean: Ints, kept: Ints) -> Sheet:
        """The sheet when only these rows are published: `kept_clean` of the clean ones, `kept` of those that stand.

        Only for a sheet whose rows all stand where they stood. `clean` and `columns` are what is left of both.
        """
        place = np.searchsorted(kept_clean, kept).clip(max=max(len(kept_clean) - 1, 0))
        same = kept_clean[place] == kept if len(kept_clean) else np.zeros(len(kept), np.bool_)
        gone = ~np.isin(kept_clean, kept)
        no = np.zeros(len(kept), np.bool_)
        return dataclasses.replace(
            self,
            clean=clean,
            columns=columns,
            origin=np.where(same, place, -1),
            wish=self.wish[kept],
            group=self.group[kept],
            moved=no,
            decoy=no,
            lost_to=np.where(gone, self.wish[kept_clean], NONE),
            lost_group=self.group[kept_clean],
        )


def plant(
    sheet: Sheet,
    wishes: Iterable[tuple[int, Wish]],
    seed: int,
    extra: tuple[Path, ...],
    levers: Sequence[Lever] = (),
) -> Sheet:
    """The sheet after these (number, wish) pairs, one after the other. Table-level faults come first.

    `levers` are those that wishes may follow; one that is not there (the twin has none) hits nobody.

    A row bears one fault: what an earlier one hit, no later one chooses.
    """
    known = content.faults(extra)
    pairs = sorted(wishes, key=lambda pair: known[pair[1].fault].spec.level != "table")
    who = identity(sheet.table, sheet.columns)
    for number, wish in pairs:
        fault = known[wish.fault]
        rows, draw = _rows(sheet, who, wish, seed, levers, whole=fault.spec.level == "table")
        try:
            planted = fault.plant(rows, wish, draw)
        except SfbenchError:
            raise
        except Exception as error:
            why, where = f"{type(error).__name__}: {error}", fault.spec.where
            raise SfbenchError(f"the fault {wish.fault!r} failed on {wish.table!r}", where=where, why=why) from error
        sheet = _after(sheet, rows, planted, number)
        if planted.source is not None or set(planted.columns) & set(sheet.table.key):
            who = identity(sheet.table, sheet.columns)
    return sheet


def list_decoys(
    sheet: Sheet,
    wishes: Iterable[tuple[int, Wish]],
    seed: int,
    extra: tuple[Path, ...],
    levers: Sequence[Lever] = (),
    beside: Mapping[str, Columns] = MappingProxyType({}),
) -> Sheet:
    """The sheet with sound rows listed that look like a wish's fault and are none; `beside` are the block's tables."""
    known, asked = content.faults(extra), [pair for pair in wishes if pair[1].decoys]
    if not asked:
        return sheet
    who = identity(sheet.table, sheet.columns)
    for number, wish in asked:
        look_alike = known[wish.fault].decoy
        assert look_alike is not None  # the scenario was checked
        rows, draw = _rows(sheet, who, wish, seed, levers, whole=False)
        rows = dataclasses.replace(rows, beside={name: beside[name] for name in known[wish.fault].spec.looks_at})
        hit = np.asarray(look_alike(rows, wish, draw)) & rows.open & draw.chance("decoy", rows.identity, wish.decoys)
        sheet = dataclasses.replace(
            sheet,
            wish=np.where(hit, number, sheet.wish),
            group=np.where(hit, rows.identity, sheet.group),
            decoy=sheet.decoy | hit,
        )
    return sheet


def _rows(sheet: Sheet, who: Ints, wish: Wish, seed: int, levers: Sequence[Lever], *, whole: bool) -> tuple[Rows, Draw]:
    table, columns = sheet.table, sheet.columns
    draw, size = Draw(seed, f"fault {wish.name}"), len(sheet.origin)
    free = allowed(wish, table, columns, size) & (np.True_ if whole else sheet.wish == NONE)
    chance = rates(wish, table, columns, size, draw)
    if wish.follows:
        chance = chance * following(wish, table, columns, seed, levers)
    return Rows(table, columns, who, free, chance), draw


def _after(sheet: Sheet, rows: Rows, planted: Planted, number: int) -> Sheet:
    source = np.arange(len(sheet.origin)) if planted.source is None else planted.source
    copies = np.zeros(len(source), np.bool_) if planted.copies is None else planted.copies
    groups = rows.identity if planted.group is None else planted.group
    if planted.source is None:
        columns = dict(sheet.columns)
    else:
        columns = {name: take(cells, source) for name, cells in sheet.columns.items() if name not in planted.columns}
    columns = {name: planted.columns.get(name, columns.get(name)) for name in sheet.columns}
    marked = np.zeros(len(source), np.bool_)
    marked[planted.marked] = True
    gone = np.ones(len(sheet.origin), np.bool_)
    gone[source[~copies]] = False
    gone &= sheet.origin >= 0
    lost_to, lost_group = sheet.lost_to.copy(), sheet.lost_group.copy()
    lost_to[sheet.origin[gone]] = number
    lost_group[sheet.origin[gone]] = groups[gone]
    return dataclasses.replace(
        sheet,
        columns=columns,
        origin=np.where(copies, -1, sheet.origin[source]),
        wish=np.where(marked, number, sheet.wish[source]),
        group=np.where(marked, groups[source], sheet.group[source]),
        moved=sheet.moved[source] | (marked & planted.moved),
        decoy=sheet.decoy[source],
        lost_to=lost_to,
        lost_group=lost_group,
    )


def _length(table: Table, columns: Columns) -> int:
    return len(values(columns[table.columns[0].name]))
