"""A new number is one that the generator could have given: among the numbers of its run, free, and in order."""

import numpy as np
import pytest

import sfbench
from sfbench.content import tables
from sfbench.draws import Draw
from sfbench.reporting.numbers import free_numbers
from sfbench.reporting.rows import Rows
from tests.reporting.planted import entry, labels, scenario
from tests.world.shared import SEED, TINY

NUMBERED = [("duplicate_changed_id", 1), ("duplicate_changed_id", 2), ("balance_without_note", 2)]
OF_FIRM = 32768  # numbers of notes that each firm has (generators/credit_history.py)


@pytest.mark.parametrize(("fault", "mechanism"), NUMBERED)
def test_every_number_stands_in_order_among_those_of_its_firm(fault, mechanism, tmp_path):
    sfbench.generate(
        scenario(tmp_path, entry(fault, mechanism)), scale=TINY, seed=SEED, tables=["loan"], out=tmp_path / "out"
    )
    connection = labels(tmp_path / "out")
    found = connection.sql("SELECT loan_id, enterprise_id FROM loan").fetchnumpy()
    assert (np.diff(found["loan_id"]) > 0).all()
    assert (found["loan_id"] // OF_FIRM == found["enterprise_id"]).all()
    new = connection.sql("SELECT count(DISTINCT key->>'loan_id') FROM labels WHERE mechanism > 0").fetchall()[0][0]
    assert new > 0.03 * len(found["loan_id"])  # a tenth was asked for, about half of it finds a free number


def rows_of(number):
    """Notes with these numbers, any of which may be chosen."""
    number = np.array(number)
    every = np.ones(len(number))
    return Rows(tables()["loan"].spec, {"loan_id": number}, number * 7, every > 0, every)


def test_numbers_without_a_gap_leave_at_most_the_one_behind_the_last():
    found = [free_numbers(rows_of(np.arange(64, 164)), np.arange(100), Draw(seed, "a test")) for seed in range(20)]
    assert {number for numbers, free in found for number in numbers[free]} == {164}
    assert max(free.sum() for _, free in found) == 1


def test_numbers_that_stand_alone_get_neighbours_before_the_next():
    old = np.arange(1, 101) * OF_FIRM
    number, free = free_numbers(rows_of(old), np.arange(100), Draw(SEED, "a test"))
    assert free[:-1].all() and not free[-1]  # behind the last the next block may begin
    assert ((number > old) & (number < old + OF_FIRM))[free].all()


def test_a_number_that_is_left_has_no_new_one_beside_it():
    """Five hundred firms with notes 64, 65, 67 and 68: one number is free between them, and both ends."""
    old = np.sort(np.concatenate([np.arange(1, 501) * OF_FIRM + 64 + k for k in (0, 1, 3, 4)]))
    number, free = free_numbers(rows_of(old), np.arange(len(old)), Draw(SEED, "a test"), leaving=True)
    left, other = np.searchsorted(old, number[free]), np.flatnonzero(free)
    assert free.any()
    assert not ((left == other) | (left - 1 == other)).any()
