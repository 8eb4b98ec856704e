"""The columns that a budget may be of: what is booked in a month hangs on the past only, whatever lever acts later."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from sfbench import content
from sfbench.content.budgets import spending
from sfbench.content.levers import REPORTING
from sfbench.engines import budget
from sfbench.folders import read_csv
from sfbench.spec import Budget, Cohort, Lever
from sfbench.world.plan import plan
from tests.world.shared import SEED, TWO_BLOCKS, world
from tests.world.test_levers import SIZES

START = 2024 * 12 + 7
LISTED = read_csv("lever/parameter.csv")
FORESEEN = dict(zip(LISTED["parameter"], LISTED["foreseen"], strict=True))


def pulled(parameter, size, start):
    way, first = size.split(": ")
    head = {"name": parameter, "zh": "", "en": "", "source": "", "parameter": parameter}
    return Lever(**head, way=way, first=float(first), cohorts=(Cohort(start=start, share=1.0),))


def by_month(*levers):
    """Cents by column and month of all firms, with these levers in force."""
    everyone = (pulled("credit.demand", "multiply: 0.0", 0),) * len(spending())
    funds = tuple(replace(one, budget=Budget(cents=1, of=of)) for one, of in zip(everyone, spending(), strict=True))
    wish = plan("baseline", scale=TWO_BLOCKS, seed=SEED)
    return budget._booked(replace(wish, scenario=replace(wish.scenario, levers=(*funds, *levers))), 1)


@pytest.fixture(scope="module")
def base():
    return by_month()


def first_change(parameter, size, base):
    """Months from the start of a lever to the first month in which any column differs."""
    return int(np.flatnonzero((by_month(pulled(parameter, size, START)) != base).any(0)).min()) - START


@pytest.mark.parametrize("parameter", [one for one in SIZES if not FORESEEN[one]])
def test_nothing_is_booked_otherwise_before_a_lever_acts(base, parameter):
    assert first_change(parameter, SIZES[parameter], base) >= 0


@pytest.mark.parametrize("parameter", [one for one in SIZES if FORESEEN[one]])
def test_what_lenders_foresee_changes_months_before_and_has_no_budget(base, parameter):
    assert first_change(parameter, SIZES[parameter], base) < 0


def test_only_the_list_of_banks_is_neither():
    assert FORESEEN.keys() - SIZES.keys() == {REPORTING}


def test_the_columns_are_yuan_of_block_tables_and_dated():
    known = content.tables()
    for of, found in spending().items():
        spec = known[found.table].spec
        money = spec.column(found.column)
        assert (spec.stage, spec.published, money.kind, money.unit) == ("block", True, "money", "CNY"), of
        assert found.dated == (money.known_on or spec.event_on), of


def test_the_firm_of_a_row_is_the_one_whose_note_it_is():
    firm_of = world()["loan"].select("loan_id", "enterprise_id")
    for of, found in spending().items():
        rows = world()[found.table]
        assert rows.height, of
        if found.firm != "enterprise_id":
            joined = rows.join(firm_of, on="loan_id")
            assert joined.height == rows.height
            assert (joined.select(pl.col(found.firm) // (1 << found.bits)).to_series() == joined["enterprise_id"]).all()


def test_what_is_added_up_is_what_is_published(base):
    """But for what is reported only after the end of the window."""
    for sums, (of, found) in zip(base, spending().items(), strict=True):
        shown = world()[found.table].drop_nulls(found.firm)[found.column].sum()
        assert 0.9 * sums.sum() <= shown <= sums.sum() > 0, of
