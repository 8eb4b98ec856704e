"""What is true of one child of each parent is drawn so: of a firm that defaults, one note brings it down."""

from collections import Counter

import numpy as np
import pyarrow as pa
import pytest

from sfbench.synth.learned import Derived, Learned
from sfbench.synth.methods import linked as method

FIRMS, NOTES = 400, 5


@pytest.fixture(scope="module")
def learned():
    """Firms of which every other one falls in some month, and notes of which one each falls then."""
    random = np.random.default_rng(3)
    falls = [int(random.integers(20, 40)) if firm % 2 else None for firm in range(FIRMS)]
    owner = np.repeat(np.arange(FIRMS), NOTES)
    last = np.arange(FIRMS * NOTES) % NOTES == NOTES - 1
    begun = [
        falls[f] - 5 if at_last and falls[f] else int(random.integers(0, 60))
        for f, at_last in zip(owner, last, strict=True)
    ]
    it = [bool(at_last and falls[firm] is not None) for firm, at_last in zip(owner, last, strict=True)]
    gap = (Derived("gap", "firm.falls", "since", "begun"),)
    given = (("begun", ("it", "firm.falls")), ("late", ("it", "gap")))
    late = [bool(falls[f] is not None and falls[f] - b > 10) for f, b in zip(owner, begun, strict=True)]
    note = pa.table({"it": it, "begun": begun, "late": late})
    tables = {
        "firm": Learned("firm", pa.table({"falls": pa.array(falls, pa.int64())})),
        "note": Learned("note", note, "firm", owner, owner, gap, given, ("it", "firm.falls")),
    }
    return method.fit(tables, {"k": 5})


@pytest.fixture(scope="module")
def drawn(learned):
    return method.draw(learned, {"firm": 1000}, seed=1)


def test_one_child_of_each_parent_that_asks_for_it_has_it_and_no_other(drawn):
    falls = drawn["firm"].columns["falls"].to_pylist()
    found = Counter(
        int(row)
        for row, it in zip(drawn["note"].parent_row, drawn["note"].columns["it"].to_pylist(), strict=True)
        if it
    )
    assert found == {row: 1 for row, month in enumerate(falls) if month is not None}
    assert 300 < len(found) < 700


def test_it_is_not_always_the_first_child(drawn):
    owner = drawn["note"].parent_row
    place = np.arange(len(owner)) - np.searchsorted(owner, owner)
    chosen = np.flatnonzero(drawn["note"].columns["it"].to_numpy())
    assert set(place[chosen].tolist()) == set(range(NOTES))


def test_what_the_child_is_like_goes_with_it(drawn):
    """The chosen note began five months before its firm fell: so it does in the copy, within the width of a bin."""
    falls = drawn["firm"].columns["falls"].to_pylist()
    rows = zip(
        drawn["note"].parent_row, *(drawn["note"].columns[name].to_pylist() for name in ("it", "begun")), strict=True
    )
    gaps = [falls[owner] - begun for owner, it, begun in rows if it]
    assert abs(np.mean(gaps) - 5) < 1
    assert np.std(gaps) < 5


def test_months_since_are_never_below_zero(learned):
    """The gap is null where a note began after its firm fell: none of what is kept of it is negative."""
    (gap,) = learned.json["tables"]["note"]["followed"]
    assert gap["name"] == "gap" and gap["nulls"]
    assert min([*gap["levels"], *gap["low"]]) >= 0
    assert max([*gap["levels"], *gap["high"]]) > 20
