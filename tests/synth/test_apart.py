"""A table that is learned beside others changes nothing of them: their draws are what they are without it."""

import numpy as np
import pyarrow as pa
import pytest

from sfbench.synth import recipe
from sfbench.synth.learned import Derived, Learned
from sfbench.synth.methods import linked as method
from tests.synth.shared import LEARNED, NAMED

FIRMS, NOTES = 300, 4


def tables(names, apart=True):
    """Firms, their notes (large ones go bad), and a claim on each bad note, which says much of firm and note."""
    random = np.random.default_rng(5)
    owner = np.repeat(np.arange(FIRMS), NOTES)
    large = random.random(FIRMS) < 0.3
    bad = random.random(FIRMS * NOTES) < np.where(large[owner], 0.5, 0.05)
    asked = np.where(bad, "in vain", "at ease")
    note = pa.table({"month": random.integers(0, 40, len(owner)), "bad": bad, "asked": asked})
    late = (Derived("late", "note.month", ">=", "20"),)
    at = np.flatnonzero(bad)
    claim = pa.table({"paid": random.random(len(at)) < np.where(np.asarray(note["month"])[at] >= 20, 0.9, 0.1)})
    made = {
        "firm": Learned("firm", pa.table({"large": large})),
        "note": Learned("note", note, "firm", owner, owner, withheld=("asked",)),
        "claim": Learned("claim", claim, "note", at, owner[at], late, (("paid", ("late",)),), apart=apart),
        "visit": Learned("visit", pa.table({"long": large[large]}), "firm", np.flatnonzero(large), None, apart=apart),
    }
    return {name: made[name] for name in names}


def drawn(names, apart=True):
    return method.draw(method.fit(tables(names, apart), {"k": 5}), {"firm": 500}, seed=2)


@pytest.fixture(scope="module")
def beside():
    return drawn(["firm", "note", "claim", "visit"])


def test_other_tables_are_drawn_as_if_it_were_not_learned(beside):
    alone = drawn(["firm", "note"])
    assert all(beside[name].columns.equals(alone[name].columns) for name in alone)


def test_a_table_that_does_not_stand_apart_does_change_them(beside):
    other = drawn(["firm", "note", "claim", "visit"], apart=False)
    assert not all(beside[name].columns.equals(other[name].columns) for name in ("firm", "note"))


def test_it_follows_what_it_hangs_on(beside):
    bad = np.asarray(beside["note"].columns["bad"])
    assert np.mean(bad[beside["claim"].parent_row]) > 0.95
    large = np.asarray(beside["firm"].columns["large"])
    assert np.mean(large[beside["visit"].parent_row]) > 0.95


def test_a_threshold_on_a_column_of_the_parent_is_a_condition(beside):
    late = np.asarray(beside["note"].columns["month"])[beside["claim"].parent_row] >= 20
    paid = np.asarray(beside["claim"].columns["paid"])
    assert np.mean(paid[late]) > 0.8
    assert np.mean(paid[~late]) < 0.2


def test_every_table_that_is_learned_only_if_named_stands_apart():
    assert {name for name in recipe.names() if recipe.recipe(name).apart} == set(NAMED)
    assert {name for name in recipe.names() if not recipe.recipe(name).only_if_named} == set(LEARNED)
