"""Rows of a panel keep a month of their own: none falls away because two of one shop were drawn for the same month."""

from collections import Counter

import numpy as np
import pyarrow as pa
import pytest

from sfbench.synth.longer_keys import told_apart


def apart(shops, months):
    return told_apart(pa.table({"x": range(len(shops)), "shop": shops, "month": months}), ["shop", "month"], "month")


def test_each_row_has_a_month_of_its_own_while_there_are_months():
    random = np.random.default_rng(1)
    shops = random.permutation(np.repeat(np.arange(50), 12)).tolist()
    made = apart(shops, random.integers(1, 13, 600).tolist()).to_pylist()
    assert [row["shop"] for row in made] == shops and [row["x"] for row in made] == list(range(600))
    assert sorted((row["shop"], row["month"]) for row in made) == [(s, m) for s in range(50) for m in range(1, 13)]


def test_a_shop_without_a_double_stays_as_it_is():
    shops, months = [1, 2, 1, 2, 2, 1], [3, 1, 1, 1, 3, 2]
    made = apart(shops, months)["month"].to_pylist()
    assert [m for s, m in zip(shops, made, strict=True) if s == 1] == [3, 1, 2]
    assert sorted(m for s, m in zip(shops, made, strict=True) if s == 2) == [1, 2, 3]


@pytest.mark.parametrize("none", [0, 1, 3])
def test_more_rows_than_months_leave_doubles_of_as_few_as_can_be(none):
    """Null is a value like others."""
    made = apart([7] * 9, [*range(6), *[None] * none, *[0] * (3 - none)])["month"].to_pylist()
    assert len(Counter(made)) == 6 + bool(none)


def test_other_columns_of_the_key_tell_rows_apart_together():
    made = told_apart(pa.table({"a": [1, 1, 2], "b": ["u", "v", "u"], "m": [5, 5, 5]}), ["a", "b", "m"], "m")
    assert made["m"].to_pylist() == [5, 5, 5]
