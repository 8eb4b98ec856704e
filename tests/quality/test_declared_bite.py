"""Every expectation that a declaration alone makes fires, through Great Expectations, on a fault of its kind."""

import re

import pytest

from sfbench.content import tables
from sfbench.quality import engine
from sfbench.quality.base import base_suite
from sfbench.quality.drift import drift_suites
from sfbench.quality.run import all_suites
from sfbench.quality.views import computed
from tests.quality.changed import changed
from tests.quality.declared_faults import faults

SPECS = {name: table.spec for name, table in tables().items() if table.spec.published}
ELSEWHERE = ("fresh", "months")  # of a feed over time: test_timeliness
WHOLE = ("columns", "types", "floor")


def judged(city, name, kinds):
    """Verdicts by claim of the declared expectations of these kinds; None where one could not be evaluated."""
    suite = base_suite(SPECS[name])
    asked = [e for e in suite.expectations if e.id.split(".")[-1] in kinds]
    with computed(city, [suite]), engine.sharing(city):
        found = engine.validate_table(city, name, SPECS[name].key, asked)
    return {claim.removeprefix(f"{name}."): result.success for claim, result in found.items()}


def copies(table, planted):
    """A statement for each fault: the first row again, with the cells of the fault."""
    for _, cells in planted:
        replaced = f"REPLACE ({', '.join(f'{value} AS {name}' for name, value in cells.items())})" if cells else ""
        yield f"INSERT INTO {table.name} SELECT * {replaced} FROM {table.name} LIMIT 1"


@pytest.mark.parametrize("name", SPECS)
def test_every_declared_expectation_fires_on_a_fault_of_its_kind_and_on_no_sound_table(name, tiny_city):
    table = SPECS[name]
    declared = {e.id.removeprefix(f"{name}.") for e in base_suite(table).expectations}
    rows = {claim for claim in declared if claim.split(".")[-1] not in (*ELSEWHERE, *WHOLE)}
    planted = [(claim, cells) for claim, cells in faults(table) if claim in rows]
    assert {claim for claim, _ in planted} == rows
    kinds = {claim.split(".")[-1] for claim in rows}
    assert {claim for claim, success in judged(tiny_city, name, {*kinds, *WHOLE}).items() if not success} == set()
    with changed(tiny_city, *copies(table, planted)):
        assert {claim for claim, success in judged(tiny_city, name, kinds).items() if success is not False} == set()
    last = table.columns[-1].name
    with changed(tiny_city, f"ALTER TABLE {name} ALTER {last} TYPE BLOB USING encode({last}::VARCHAR)"):
        assert judged(tiny_city, name, {"types"}) == {"types": False}
    with changed(tiny_city, f"DELETE FROM {name}", f"ALTER TABLE {name} RENAME {last} TO lost"):
        assert judged(tiny_city, name, {"columns", "floor"}) == {"columns": False, "floor": False}


def test_every_expectation_says_what_it_claims_finds_and_serves():
    every = [e for suite in (*all_suites(SPECS), *drift_suites(SPECS)) for e in suite.expectations]
    assert len({e.id for e in every}) == len(every) > 2400
    told = ("zh", "en", "finds_zh", "finds_en", "severity", "measures")
    assert [(e.id, word) for e in every for word in told if not getattr(e, word)] == []
    chinese = re.compile(r"[\u4e00-\u9fff]")
    assert [e.id for e in every if not (chinese.search(e.zh) and chinese.search(e.finds_zh))] == []
    assert [e.id for e in every if chinese.search(e.finds_en)] == []
    assert [(e.id, m) for e in every for m in e.measures if not 0 <= m <= 20] == []
