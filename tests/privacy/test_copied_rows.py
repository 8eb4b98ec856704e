"""Rows of the copy that are confidential, word for word or nearly, whoever they hang on.

Few are found, and no safe copy is accused.
"""

from dataclasses import replace
from decimal import Decimal

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


def as_they_are(notes, random):
    return notes


def with_notes_of(copy, train, share, seed=9, changed=as_they_are):
    """The copy, in which a share of the notes is the train's, changed, each on a firm of the copy at random."""
    random = np.random.default_rng(seed)
    number = round(share * NOTES)
    notes = [
        side["note"].columns.take(random.permutation(NOTES)[:rows])
        for side, rows in ((train, number), (copy, NOTES - number))
    ]
    notes[0] = changed(notes[0], random)
    owner = np.sort(random.integers(0, FIRMS, NOTES))
    mixed = pa.concat_tables(notes).take(random.permutation(NOTES))
    return with_units([copy["firm"], replace(copy["note"], columns=mixed, parent_row=owner)])


def one_amount_moved(notes, random):
    """By half a per cent."""
    return _with(notes, "a", notes["a"].to_numpy() * (1 + 0.005 * random.standard_normal(len(notes))))


def all_amounts_moved(notes, random):
    for name in "abcde":
        notes = _with(notes, name, notes[name].to_numpy() * (1 + 0.005 * random.standard_normal(len(notes))))
    return notes


def one_amount_rounded(notes, random):
    return _with(notes, "a", np.round(notes["a"].to_numpy(), 1))


def one_column_drawn_anew(notes, random):
    return _with(notes, "a", random.permutation(notes["a"].to_numpy()))


def _with(notes, name, column):
    return notes.set_column(notes.column_names.index(name), name, pa.array(column))


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


@pytest.mark.parametrize(
    "changed",
    [one_amount_moved, all_amounts_moved, one_amount_rounded, one_column_drawn_anew],
    ids=lambda how: how.__name__,
)
def test_half_a_per_cent_of_nearly_copied_notes_is_found(changed):
    near = with_notes_of(world(3), world(1), 0.005, changed=changed)
    found = attack(world(1), world(2), near)
    assert card.of_attack(found, LIMITS).verdict == "beyond"
    assert "nearly" in found.en and "近似" in found.zh and "note" in found.en


def half_a_per_cent(loans, original, changed):
    """The loans of a copy, among them some of the original's."""
    random = np.random.default_rng(1)
    few = len(loans.row) // 200
    copied = changed(original.columns.take(original.row[random.permutation(len(original.row))[:few]]), random)
    columns = pa.concat_tables([loans.columns, copied.cast(loans.columns.schema)])
    row = loans.row.copy()
    row[random.permutation(len(row))[:few]] = loans.columns.num_rows + np.arange(few)
    return Rows(loans.firm, row, columns)


def amount_moved(loans, random):
    yuan = np.rint(loans["amount"].cast(pa.float64()).to_numpy() * (1 + 0.005 * random.standard_normal(len(loans))))
    return _with(loans, "amount", pa.array([Decimal(int(y)) for y in yuan], loans.schema.field("amount").type))


@pytest.mark.parametrize("changed", [as_they_are, amount_moved], ids=lambda how: how.__name__)
def test_half_a_per_cent_of_a_citys_notes_is_found(original, independent, changed):
    train, holdout = original
    loans = half_a_per_cent(independent.held["loan"], train.held["loan"], changed)
    leaky = Frame(independent.numbers, independent.words, {**independent.held, "loan": loans})
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
        drawn = np.random.default_rng(seed).integers(0, 99, (2, NOTES))
        side["note"] = side["note"].with_columns(
            {name: pa.array([f"u{i}" for i in said]) for name, said in zip(("use", "sector"), drawn, strict=True)}
        )
    found = attack(*sides)
    assert found.risk_low > 0.9 and "note (numbers)" in found.en and "note（仅数值与日期）" in found.zh


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


def test_rows_are_compared_nearly_only_where_safe_copies_hardly_have_such_by_chance():
    """Else a card of a safe copy could not be judged: chance reaches so many firms that no leak is seen beside it."""
    sides = [world(seed) for seed in (1, 2, 3)]
    for side in sides:
        side["note"] = replace(side["note"], columns=side["note"].columns.drop_columns(["e"]))
    found = attack(*sides)
    assert "nearly" not in found.en and found.seen_from() < LIMITS["must_see"]


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
    rows = Rows(np.array([0, 0, 2, 3]), np.array([3, 1, 0, 2]), pa.table({"said": [7, 6, 8, 5]}))
    taken = rows.take(np.array([2, 0, 1, 0]))
    assert taken.firm.tolist() == [0, 1, 1, 3, 3] and taken.column("said").to_pylist() == [7, 5, 6, 5, 6]
    frame = Frame({"x": np.arange(4.0)}, {}, {"note": rows})
    assert frame.take(np.array([False, False, True, True])).held["note"].firm.tolist() == [0, 1]
