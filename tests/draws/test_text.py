"""Composed text equals Python's own concatenation, and nothing in this package imports pandas."""

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sfbench.draws.text import compose, vocabulary_array
from sfbench.errors import SfbenchError

vocabularies = st.lists(st.lists(st.text(max_size=6), min_size=1, max_size=5), min_size=1, max_size=4)


@settings(derandomize=True, max_examples=100, deadline=None)
@given(vocabularies, st.integers(0, 20), st.randoms(use_true_random=False))
def test_composed_text_is_the_words_joined(words, rows, random):
    indices = [np.array([random.randrange(len(w)) for _ in range(rows)], np.int64) for w in words]
    expected = ["".join(w[i] for w, i in zip(words, row, strict=True)) for row in zip(*indices, strict=True)]
    assert compose(list(zip(words, indices, strict=True))).to_pylist() == expected


def test_chinese_names_compose():
    names = compose(
        [(["深圳市"], np.zeros(2, int)), (["华", "腾云"], np.array([1, 0])), (["科技"], np.zeros(2, np.int8))]
    )
    assert names.to_pylist() == ["深圳市腾云科技", "深圳市华科技"]
    names.validate(full=True)
    assert vocabulary_array([]).to_pylist() == []


@pytest.mark.parametrize("index", [[2], [-1]])
def test_an_index_without_a_word_is_an_error(index):
    with pytest.raises(SfbenchError, match="a word is missing"):
        compose([(["a", "b"], np.array(index))])


def test_parts_of_different_lengths_are_an_error():
    for parts in ([], [(["a"], np.zeros(2, int)), (["b"], np.zeros(3, int))]):
        with pytest.raises(SfbenchError, match="one length"):
            compose(parts)


EVERYTHING = """
import sys
import numpy as np
from sfbench import draws
assert "pyarrow" not in sys.modules, "the package needs pyarrow only for text"
from sfbench.draws import quantiles
from sfbench.draws.text import compose

draw, entity = draws.Draw(1, "t"), np.arange(50)
u = draw.uniform("u", entity)
draw.below("b", entity, 5), draw.between("w", entity, 1, 9), draw.chance("c", entity, 0.5)
draw.choice("k", entity, draws.Choice.of([1, 2]))
draw.quantile("q", entity, draws.Quantiles.of(quantiles.normal_table()))
quantiles.lognormal_table(1.0), list(quantiles.to_rows("n", quantiles.normal_table()))
draws.kronecker(1, "p", entity), draws.split([100], np.ones((1, 3))), draws.instalment(100, 3, 1)
draws.round_to(5, 10), draws.round_significant(entity, 1, u), draws.key("a"), draws.words(1, entity)
days = draws.day_in_month(draws.month_of(entity), u)
draws.add_months(days, 1), draws.next_weekday(days), draws.month_start(23640), draws.month_end(23640)
draws.is_uscc(draws.uscc("9", "1", 440390, entity)[0].tobytes().decode()), draws.fixed_width(entity, 9)
compose([(["a", "b"], entity % 2), (["-"], entity * 0), (["c"], entity * 0)]), compose([(["a"], entity * 0)])
found = {"pandas", "scipy", "faker", "great_expectations", "sdv"} & set(sys.modules)
assert not found, found
"""


def test_no_function_of_the_package_imports_pandas():
    done = subprocess.run([sys.executable, "-c", EVERYTHING], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
