"""Which declared expectations catch a planted fault that no other of their table catches?

    python benchmarks/declared.py [bond fund ...]     # all tables take an hour of one core, some take minutes

A fault is put into one row after another until the expectation alone sees it; hand-written ones are asked, too. If they
see it, other cells of the row are changed so that they are content, and what they read of other tables is emptied.
Where a whole table is looked at it gets a column more, another type or fewer rows. Freshness and months that never came
are tried in tests/quality/test_timeliness.py. Prints each expectation, rows that it alone caught, and who else fired.
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import duckdb
from suites import ROOT, Place, city, fires_anyway, planted, suites_by_table

sys.path.insert(0, str(ROOT))

from sfbench.content import tables as declared
from sfbench.quality.base import base_suite
from sfbench.quality.expectation import Suite
from sfbench.spec import Table
from tests.quality.declared_faults import faults
from tests.world.shared import SEED, TINY

ROWS_TRIED = 4


class Plant(NamedTuple):
    """Statements, and the columns that they change (none named: any)."""

    statements: tuple[str, ...]
    changes: tuple[str, ...] = ()


def main() -> None:
    """Prints a line for every expectation."""
    specs = {name: table.spec for name, table in declared().items() if table.spec.published}
    with tempfile.TemporaryDirectory() as folder:
        world = city(Path(folder), TINY, SEED)
        for name in sys.argv[1:] or specs:
            for place in _judged(world, specs[name], specs):
                print(place.id, place.alone, *place.others, flush=True)


def _judged(world: duckdb.DuckDBPyConnection, table: Table, specs: Mapping[str, Table]) -> Iterator[Place]:
    suites = suites_by_table(specs)[table.name]
    loud = fires_anyway(world, table, suites)
    reads = _reads(suites)

    def best_of(claim: str, plants: Iterable[Plant], best: Place | None = None) -> Place | None:
        for plant in plants:
            asked = _that_read(suites, claim, plant.changes, reads)
            try:
                place = planted(world, claim, plant.statements, table, asked, loud)
            except duckdb.Error:  # another expectation cannot be evaluated then, and says so: not alone
                continue
            best = place if best is None or place.alone > best.alone else best
            if best.alone:
                break
        return best

    for expectation in base_suite(table).expectations:
        claim = expectation.id
        best = best_of(claim, _plain(world, table, claim))
        if best and not best.alone:
            texts = "\n".join(reads[name] for name in best.others)
            best = best_of(claim, _finer(world, table, claim, texts), best)
        if best:
            yield best


def _reads(suites: list[Suite]) -> dict[str, str]:
    """Of each expectation its query with the text of the views that it names, or its column."""
    views = {name: query for suite in suites for name, query in suite.views.items()}
    texts = {name: _text(query, views) for name, query in views.items()}
    return {e.id: _text(e.query or str(e.kwargs.get("column", "")), texts) for s in suites for e in s.expectations}


def _text(query: str, views: Mapping[str, str]) -> str:
    return "\n".join([query, *(text for name, text in views.items() if name in query)])


def _that_read(suites: list[Suite], claim: str, changes: Collection[str], reads: Mapping[str, str]) -> list[Suite]:
    """The suites with no more than the claim and what reads one of these columns, or a view of them; whole without."""
    if not changes:
        return suites
    word = re.compile(rf"\b({'|'.join(map(re.escape, changes))})\b")
    out = []
    for suite in suites:
        kept = [e for e in suite.expectations if e.id == claim or word.search(reads[e.id])]
        views = {name: query for name, query in suite.views.items() if any(name in reads[e.id] for e in kept)}
        out.append(replace(suite, expectations=tuple(kept), views=views))
    return out


def _plain(world: duckdb.DuckDBPyConnection, table: Table, claim: str) -> Iterator[Plant]:
    """Plants of one fault each."""
    name, what = table.name, claim.removeprefix(f"{table.name}.")
    pairs = _pairs(world, name)
    if what == "columns":
        yield Plant((f"ALTER TABLE {name} ADD COLUMN one_more INTEGER",))
    elif what == "types":
        for column in reversed(table.columns):
            for other in ("DOUBLE", "TIMESTAMP", "HUGEINT", "VARCHAR"):
                if _converts(world, table, column.name, other):
                    yield Plant((f"ALTER TABLE {name} ALTER {column.name} TYPE {other}",))
    elif what == "floor":
        yield Plant((f"DELETE FROM {name} WHERE rowid >= {max(table.floor, 1) - 1}",))
    elif what == "key":
        for one, other in pairs:
            cells = ", ".join(f"{key} = (SELECT {key} FROM {name} WHERE rowid = {other})" for key in table.key)
            yield Plant((f"UPDATE {name} SET {cells} WHERE rowid = {one}",))
            yield Plant((f"INSERT INTO {name} SELECT * FROM {name} WHERE rowid = {one}",))
    else:
        for cells in _cells(table, what):
            yield from (_update(name, row, cells) for row, _ in pairs)


def _finer(world: duckdb.DuckDBPyConnection, table: Table, claim: str, texts: str) -> Iterator[Plant]:
    """Plants of a fault in one cell that leave content whose texts these are."""
    name, what = table.name, claim.removeprefix(f"{table.name}.")
    rows = [row for row, _ in _pairs(world, name)]
    if what.endswith(".window"):  # in data that end sooner
        for cut in ("2027-11-30", "2027-06-30", "2026-12-31", "2025-12-31"):
            yield Plant((f"DELETE FROM month WHERE month > DATE '{cut}'",))
    if what.endswith(".range"):  # in data that go on
        later = "INSERT INTO month SELECT * REPLACE (DATE '2040-12-31' AS month) FROM month LIMIT 1"
        yield from (Plant((later, *_update(name, rows[0], cells).statements)) for cells in _cells(table, what))
    for cells in _cells(table, what):
        for more in _partners(table, cells, texts):
            yield from (_update(name, row, cells | more) for row in rows)
    if emptied := _without_others(table, what, texts):
        for cells in _cells(table, what):
            yield from (Plant((*emptied, *_update(name, row, cells).statements)) for row in rows)


def _cells(table: Table, what: str) -> list[dict[str, str]]:
    return [cells for said, cells in faults(table) if said == what and cells]


def _update(name: str, row: int, cells: Mapping[str, str]) -> Plant:
    changed = ", ".join(f"{column} = {value}" for column, value in cells.items())
    return Plant((f"UPDATE {name} SET {changed} WHERE rowid = {row}",), tuple(cells))


def _pairs(world: duckdb.DuckDBPyConnection, name: str) -> list[tuple[int, int]]:
    """Rows that are tried, each with another."""
    rows = int(world.execute(f"SELECT count(*) FROM {name}").fetchall()[0][0])
    tried = sorted({rows * step // ROWS_TRIED for step in range(ROWS_TRIED)})
    return [(row, (row + rows // 2) % rows) for row in tried]


def _without_others(table: Table, what: str, texts: str) -> list[str]:
    """Statements that empty the other tables that these texts read: a user's own data need not have them."""
    wanted = {c.references.partition(".")[0] for c in table.columns if what == f"{c.name}.reference"} | {"month"}
    others = [name for name in declared() if name not in wanted | {table.name}]
    return [f"DELETE FROM {name}" for name in others if re.search(rf"\b{name}\b", texts)]


def _partners(table: Table, cells: Mapping[str, str], texts: str) -> Iterator[dict[str, str]]:
    """Other cells that the row could hold, so that what else reads the column is content: those that its texts name."""
    others = [c for c in table.columns if c.name not in cells and re.search(rf"\b{c.name}\b", texts)]
    (first, value), *_ = cells.items()
    kind = table.column(first).kind
    choices = (
        {c.name: "NULL" for c in others if c.nullable},
        {c.name: value for c in others if c.kind == kind},
        {c.name: _bound(c.low, c.low_on) for c in others if c.low is not None or c.low_on},
        {c.name: _bound(c.high, c.high_on) for c in others if c.high is not None or c.high_on},
    )
    yield from (choice for choice in choices if choice)
    yield from ({name: text} for choice in choices for name, text in choice.items() if len(choice) > 1)


def _bound(number: float | None, day: str) -> str:
    return f"DATE '{day}'" if day else str(number)


def _converts(world: duckdb.DuckDBPyConnection, table: Table, column: str, other: str) -> bool:
    try:
        world.execute(f"SELECT count({column}::{other}) FROM {table.name}")
    except duckdb.Error:
        return False
    return True


if __name__ == "__main__":
    main()
