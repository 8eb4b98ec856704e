"""What a hand-written expectation covers does not run, and nothing is lost by it."""

import re
from pathlib import Path

import pytest

from sfbench.content import tables
from sfbench.quality.base import base_suite
from sfbench.quality.covered import uncovered
from sfbench.quality.run import all_suites
from sfbench.quality.score.failing import failing_query
from sfbench.quality.suites import load_suites
from sfbench.quality.views import computed
from tests.quality.changed import changed
from tests.quality.declared_faults import faults

SPECS = {name: table.spec for name, table in tables().items() if table.spec.published}
WRITTEN = load_suites(tables=SPECS)
BASES = {suite.table: suite for suite in uncovered(map(base_suite, SPECS.values()), WRITTEN)}
COVERED: dict[str, list] = {}  # declared expectation -> the hand-written ones that find its faults, with their suites
for written in WRITTEN:
    for one in written.expectations:
        for claim in one.covers:
            COVERED.setdefault(f"{written.table}.{claim}", []).append((written, one))


def plants(table, claim, rows):
    """Statements that break what the declaration says, each way of it in several rows."""
    if claim == "floor":
        return [f"DELETE FROM {table.name} WHERE rowid >= {max(table.floor, 1) - 1}"]
    tried = sorted({0, rows // 4, rows // 2, rows * 3 // 4})
    if claim == "key":
        return [f"INSERT INTO {table.name} FROM {table.name} WHERE rowid = {row}" for row in tried]
    ways = [
        ", ".join(f"{name} = {value}" for name, value in cells.items())
        for said, cells in faults(table)
        if said == claim
    ]
    return [f"UPDATE {table.name} SET {way} WHERE rowid = {row}" for way in ways for row in tried]


@pytest.mark.parametrize("covered", COVERED)
def test_each_fault_of_what_is_covered_is_found_by_what_covers_it_or_still_runs_of_its_table(covered, tiny_city):
    name, _, claim = covered.partition(".")
    (rows,) = tiny_city.execute(f"SELECT count(*) FROM {name}").fetchone()
    planted = plants(SPECS[name], claim, rows)
    assert planted
    suites = [BASES[name], *{suite.name: suite for suite, _ in COVERED[covered]}.values()]
    asked = [*(e for _, e in COVERED[covered]), *BASES[name].expectations]
    found = set()
    for statement in planted:
        with changed(tiny_city, statement), computed(tiny_city, suites):
            queries = {e.id: failing_query(e, SPECS[name]) for e in asked}
            asks = {one: f"FROM ({query}) LIMIT 1" for one, query in queries.items() if query}
            fired = {one for one, ask in asks.items() if tiny_city.execute(ask).fetchall()}
        assert fired, statement
        found |= fired
    assert {e.id for _, e in COVERED[covered]} <= found


def test_what_is_covered_does_not_run_and_all_else_does():
    declared = {e.id for table in SPECS.values() for e in base_suite(table).expectations}
    written = {e.id for suite in WRITTEN for e in suite.expectations}
    assert {e.id for suite in all_suites(SPECS) for e in suite.expectations} == declared - COVERED.keys() | written
    assert declared > COVERED.keys()


def test_views_that_only_covered_expectations_read_are_not_computed():
    for suite in BASES.values():
        texts = [*(e.query for e in suite.expectations), *suite.views.values()]
        assert [name for name in suite.views if not any(name in text for text in texts)] == []


def test_every_declared_expectation_that_runs_has_earned_its_place():
    """The page of benchmarks/declared.py; freshness and months that never came are tried in test_timeliness."""
    page = Path(__file__).parents[2].joinpath("docs/reference/expectations-declared.md").read_text(encoding="utf-8")
    caught = dict(re.findall(r"^\| `(\S+)` \| ([\d,]+) \|$", page, flags=re.MULTILINE))
    run = {e.id for suite in BASES.values() for e in suite.expectations}
    assert caught.keys() == {claim for claim in run if claim.split(".")[-1] not in ("fresh", "months")}
    assert [claim for claim, alone in caught.items() if alone == "0"] == []
