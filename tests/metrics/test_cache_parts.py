"""What of the marts an evaluation with a cache builds: each from the first month that is asked of it, and no later."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, cast

import pytest

from sfbench.metrics import catalogue
from sfbench.metrics.cache import ALWAYS, Cache
from sfbench.metrics.cache.cache import Kept
from sfbench.metrics.catalogue import Catalogue
from sfbench.metrics.mart import Mart
from sfbench.metrics.plan import Part, plan
from sfbench.metrics.session import Session
from sfbench.spec import Need
from sfbench.store.read import open_dataset

SEPTEMBER, NOVEMBER = date(2024, 9, 30), date(2024, 11, 30)


class Keeping:
    """A cache that has the months of some marts before a first one."""

    def __init__(self, firsts: dict[str, date | None]) -> None:
        self._firsts = firsts

    def kept_rows(self, mart: Mart) -> Kept | None:
        return Kept("SELECT", self._firsts[mart.id]) if mart.id in self._firsts else None


def with_reader(known: Catalogue, mart: str) -> Catalogue:
    """The catalogue with a user's own metric, called `own`, that reads a mart."""
    needs = (Need(mart, ("month",)),)
    own = replace(next(iter(known.metrics.values())), id="own", needs=needs)
    return replace(known, metrics={**known.metrics, "own": own}, needs={**known.needs, "own": needs})


@pytest.mark.parametrize("names", [["own", "exposure_concentration"], ["exposure_concentration", "own"]])
def test_a_sliced_mart_begins_with_the_first_month_that_any_reader_asks_for(names: list[str]) -> None:
    known = with_reader(catalogue(), "large_customer")
    cache = cast(Cache, Keeping({"exposure_quarter": NOVEMBER}))

    def first(names: list[str], mart: str) -> Any:
        return plan(known, [known.metrics[name] for name in names], cache)[mart].first

    assert first(["exposure_concentration"], "large_customer") == NOVEMBER
    assert first(names, "large_customer") == first(names, "customer_peak") == ALWAYS
    assert first(names, "exposure_quarter") == NOVEMBER


def test_what_a_mart_that_is_kept_whole_reads_is_not_built_for_it() -> None:
    known = catalogue()
    parts = plan(known, [known.metrics["exposure_concentration"]], cast(Cache, Keeping({"exposure_quarter": None})))
    assert parts["exposure_quarter"] == Part(None, "SELECT")
    assert not {"large_customer", "customer_floor", "customer_peak", "balance_quarter"} & parts.keys()


@pytest.mark.parametrize("late_first", [True, False])
def test_each_mart_sees_the_months_from_its_own_first_on(world: Path, late_first: bool) -> None:
    """They share one reading of the month-end table, from the earliest of all on."""
    session = Session(open_dataset(world), catalogue())
    marts = [(catalogue().marts["loan_month"], NOVEMBER), (catalogue().marts["balance_quarter"], SEPTEMBER)]
    session.builder.parts = {mart.id: Part(first) for mart, first in marts} | {"tag_span": Part()}
    for mart, first in marts if late_first else marts[::-1]:
        with session.builder.months_from(first, mart):
            rows = session.workspace.connection.execute("SELECT MIN(month), COUNT(*) FROM loan_balance").fetchall()
        known = session.workspace.connection.execute(
            "SELECT MIN(month), COUNT(*) FROM loan_balance WHERE month >= ?", [first]
        ).fetchall()
        assert rows == known and rows[0][0] == first
    session.close()
