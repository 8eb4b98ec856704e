"""Rows of the copy that are confidential word for word, whoever they hang on: few are found, no safe copy accused."""

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from sfbench import privacy
from sfbench.privacy import Frame
from sfbench.privacy.rows import Rows
from sfbench.synth import card
from sfbench.synth.learned import Learned, with_units
from sfbench.synth.methods import method_named

LIMITS = card.thresholds()["privacy"]["copied_rows"]
FIRMS, NOTES, CARDS = 2000, 6000, 100


def world(seed, kinds=0):
    """Firms with notes: of amounts, or (kinds) of three codes of so many kinds each, rare ones among them."""
    random = np.random.default_rng(seed)
    firm = pa.table({"sector": pa.array([f"s{i}" for i in random.integers(0, 9, FIRMS)]), "x": random.random(FIRMS)})
    owner = np.sort(random.integers(0, FIRMS, NOTES))
    if kinds:
        cells = {name: np.minimum(random.zipf(1.3, NOTES), kinds) for name in "abc"}
    else:
        cells = {name: random.lognormal(size=NOTES) for name in "abcde"}
    return with_units([Learned("firm", firm), Learned("note", pa.table(cells), "firm", owner)])


def with_notes_of(copy, train, share, seed=9):
    """The copy, in which a share of the notes is the train's, each on a firm of the copy at random."""
    random = np.random.default_rng(seed)
    number = round(share * NOTES)
    notes = [
        side["note"].columns.take(random.permutation(NOTES)[:rows])
        for side, rows in ((train, number), (copy, NOTES - number))
    ]
    owner = np.sort(random.integers(0, FIRMS, NOTES))
    mixed = pa.concat_tables(notes).take(random.permutation(NOTES))
    return with_units([copy["firm"], replace(copy["note"], columns=mixed, parent_row=owner)])


def attack(*sides):
    """The outcome for train, holdout and copy, tables or frames; None if there is nothing to try."""
    frames = [side if isinstance(side, Frame) else privacy.firms(side) for side in sides]
    return next(iter(privacy.attacked(privacy.case(*frames, seed=3), ["copied_rows"])), None)


def verdict(*sides):
    return card.of_attack(attack(*sides), LIMITS).verdict


def test_all_notes_of_the_original_on_other_firms_are_found():
    found = attack(world(1), world(2), with_notes_of(world(3), world(1), 1.0))
    assert found.risk_low > 0.9 and "note" in found.en and "note" in found.zh


def test_half_a_per_cent_of_copied_notes_is_found():
    assert verdict(world(1), world(2), with_notes_of(world(3), world(1), 0.005)) == "beyond"


def test_half_a_per_cent_of_a_citys_notes_is_found(original, independent):
    train, holdout = original
    random = np.random.default_rng(1)
    loans, copied = independent.held["loan"], train.held["loan"].mark
    mark = loans.mark.copy()
    few = len(mark) // 200
    mark[random.permutation(len(mark))[:few]] = copied[random.permutation(len(copied))[:few]]
    leaky = Frame(independent.numbers, independent.words, {**independent.held, "loan": Rows(loans.firm, mark)})
    assert verdict(train, holdout, leaky) == "beyond"
    assert verdict(train, holdout, independent) == "within"


def test_firms_copied_without_their_notes_are_found():
    train, copy = world(1), world(3)
    found = attack(train, world(2), with_units([train["firm"], copy["note"]]))
    assert found.risk_low > 0.9 and "firm" in found.en


def test_notes_whose_words_follow_from_their_new_firm_are_found_by_their_numbers():
    """`other_use` of a loan is null where the firm's own trade is its use: on another firm it is another word."""
    sides = [world(1), world(2), with_notes_of(world(3), world(1), 1.0)]
    for seed, side in enumerate(sides):
        use = pa.array([f"u{i}" for i in np.random.default_rng(seed).integers(0, 99, NOTES)])
        side["note"] = side["note"].with_columns({"use": use})
    found = attack(*sides)
    assert found.risk_low > 0.9 and "note (numbers)" in found.en


def test_notes_that_were_held_out_are_no_leak():
    """Whoever made the copy had them from elsewhere, or by chance."""
    assert attack(world(1), world(2), with_notes_of(world(3), world(2), 0.005)).risk_low == 0


def test_a_table_of_short_codes_is_not_tried():
    found = attack(*(world(seed, 5) for seed in (1, 2, 3)))
    assert "firm" in found.en and found.risk_low == 0


def test_nothing_is_tried_where_no_row_tells_whose_it_is():
    flags = [
        with_units([Learned("firm", pa.table({"a": np.random.default_rng(seed).integers(0, 4, FIRMS)}))])
        for seed in (1, 2, 3)
    ]
    assert attack(*flags) is None


@pytest.mark.parametrize("kinds", [0, 40, 4000])
def test_safe_copies_are_not_accused(kinds):
    """Copies that know nothing of the lot: 0.05 / 15 of them are due, of rows that others have by chance, too."""
    pool = [privacy.firms(world(seed, kinds)) for seed in range(3)]
    shown = 0
    for seed in range(CARDS):
        order = np.random.default_rng(seed).permutation(FIRMS)
        train, holdout = (pool[seed % 3].take(rows) for rows in (order[: FIRMS // 2], order[FIRMS // 2 :]))
        shown += attack(train, holdout, pool[(seed + 1) % 3]).risk_low > 0
    assert shown <= 2


def test_safe_copies_of_a_city_are_not_accused(whole):
    found = []
    for seed in range(20):
        order = np.random.default_rng(seed).permutation(whole.rows)
        found.append(attack(*(whole.take(order[at * 1500 : (at + 1) * 1500]) for at in range(3))))
    assert [one.risk_low for one in found] == [0] * 20


@pytest.mark.parametrize(("name", "most"), [("linked", 0.0), ("independent", 0.0), ("bootstrap", 1.0)])
@pytest.mark.parametrize("kinds", [0, 4000])
def test_methods_that_learn_no_rows_are_not_accused(name, most, kinds):
    method, train = method_named(name), world(1, kinds)
    made = method.draw(method.fit(train, method.settings({})), {"firm": FIRMS}, 3)
    found = attack(train, world(2, kinds), made)
    assert (found.risk_low > 0.5) if most else (found.risk_low == 0)


def test_a_mark_is_of_what_the_row_says():
    money = pa.array([12.25, 12.25, 12.26, None]).cast(pa.decimal128(18, 2))
    words = pa.array(["a", "a", "a", None])
    mark = Rows.of(Learned("note", pa.table({"m": money, "w": words, "x": [0.1 + 0.2, 0.3, 0.3, 0.3]})))["note"].mark
    assert mark[0] == mark[1] and len(np.unique(mark)) == 3
    swapped = Rows.of(Learned("note", pa.table({"a": [1.0, 2.0], "b": [2.0, 1.0]})))["note"].mark
    assert swapped[0] != swapped[1]


def test_rows_follow_the_firms_that_are_taken():
    rows = Rows(np.array([0, 0, 2, 3]), np.array([5, 6, 7, 8], np.uint64))
    taken = rows.take(np.array([2, 0, 1, 0]))
    assert taken.firm.tolist() == [0, 1, 1, 3, 3] and taken.mark.tolist() == [7, 5, 6, 5, 6]
    frame = Frame({"x": np.arange(4.0)}, {}, {"note": rows})
    assert frame.take(np.array([False, False, True, True])).held["note"].firm.tolist() == [0, 1]
