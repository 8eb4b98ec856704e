"""Values have the promised range and distribution, and one value's inputs never touch another."""

import numpy as np
import pytest

from sfbench.draws import Choice, Draw, Quantiles, words
from sfbench.draws.quantiles import lognormal_table, normal_table, to_rows
from sfbench.errors import SfbenchError

N = 200_000
ENTITY = np.arange(N)
DRAW = Draw(20240901, "loan_note")


def test_uniform_is_the_words_top_53_bits():
    assert (DRAW.uniform("a", ENTITY) == (DRAW.words("a", ENTITY) >> np.uint64(11)) * 2.0**-53).all()
    assert DRAW.uniform("a", ENTITY).max() < 1


def test_values_are_frozen():
    assert DRAW.uniform("amount", np.arange(3), 1).tolist() == [
        0.5007725075609546,
        0.6661881522857488,
        0.5767277706019254,
    ]
    assert DRAW.below("amount", np.arange(6), 1000, 2).tolist() == [42, 862, 467, 8, 729, 246]


def test_seed_table_and_purpose_each_change_the_stream():
    streams = [Draw(s, t).uniform(p, ENTITY[:100]) for s in (1, 2) for t in "ab" for p in "xy"]
    assert len(np.unique(np.array(streams))) == 800


def test_below_is_uniform_and_stays_below():
    counts = np.bincount(DRAW.below("n", ENTITY, 7), minlength=7)
    assert counts.size == 7
    assert np.abs(counts - N / 7).max() < 5 * np.sqrt(N / 7)


def test_below_never_reaches_n_even_for_the_largest_uniform():
    largest = 1 - 2.0**-53
    n = np.concatenate(
        [np.arange(1, 10_000), 2 ** np.arange(53), 2 ** np.arange(1, 53) + 1, 2 ** np.arange(53) * 3 // 2]
    )
    assert (np.floor(largest * n) < n).all()


def test_below_by_array_equals_below_by_scalar():
    n = np.where(ENTITY % 2, 3, 10**12)
    mixed = DRAW.below("n", ENTITY, n)
    assert (mixed[1::2] == DRAW.below("n", ENTITY[1::2], 3)).all()
    assert mixed.dtype == np.int64


@pytest.mark.parametrize("n", [0, -3, np.array([5, 0])])
def test_below_nothing_is_an_error(n):
    with pytest.raises(SfbenchError, match="cannot draw 'n' below"):
        DRAW.below("n", np.arange(2), n)


def test_between_includes_both_ends():
    assert set(DRAW.between("b", ENTITY, -2, 2).tolist()) == {-2, -1, 0, 1, 2}
    assert (DRAW.between("b", ENTITY, 4, 4) == 4).all()


def test_a_higher_chance_keeps_every_earlier_yes():
    low, high = DRAW.chance("c", ENTITY, 0.2), DRAW.chance("c", ENTITY, np.full(N, 0.3))
    assert not (low & ~high).any()
    assert abs(low.mean() - 0.2) < 0.005
    assert DRAW.chance("c", ENTITY, 1.0).all()
    assert not DRAW.chance("c", ENTITY, 0.0).any()


def test_methods_broadcast_entities_against_ordinals():
    grid = DRAW.uniform("g", ENTITY[:5, None], np.arange(12))
    assert grid.shape == (5, 12)
    assert grid[3, 4] == DRAW.uniform("g", 3, 4)
    assert DRAW.choice("g", ENTITY[:5, None], Choice.of([1, 1]), np.arange(12)).shape == (5, 12)
    assert DRAW.quantile("g", ENTITY[:5, None], Quantiles.of([0, 1]), np.arange(12)).shape == (5, 12)


@pytest.mark.parametrize("size", [1, 2, 10, 64, 65, 1000, 100_000])
def test_choice_by_guide_equals_choice_by_search(size):
    weights = np.random.default_rng(size).random(size) ** 4
    table = Choice.of(weights)
    bits = (words(3, ENTITY) >> np.uint64(11)).astype(np.int64)
    edges = np.concatenate([bits, table.cumulative[:-1], table.cumulative - 1, [0, 2**53 - 1]])
    assert (table.at_bits(edges) == np.searchsorted(table.cumulative, edges, "right")).all()
    assert (table.at(DRAW.uniform("c", ENTITY)) == DRAW.choice("c", ENTITY, table)).all()


def test_choice_honours_weights_to_1e_9():
    weights = np.array([0.0, 1e-9, 3.0, 0.0, 2.0, 1e-7, 0.0])
    table = Choice.of(weights)
    found = np.diff(table.cumulative, prepend=0) / 2**53
    assert np.abs(found - weights / weights.sum()).max() < 1e-9
    assert set(table.at(DRAW.uniform("c", ENTITY)).tolist()) <= {1, 2, 4, 5}


def test_choice_frequencies_follow_the_weights():
    weights = np.array([5, 1, 3, 1])
    counts = np.bincount(DRAW.choice("c", ENTITY, Choice.of(weights)))
    expected = N * weights / 10
    assert ((counts - expected) ** 2 / expected).sum() < 25  # 3 degrees of freedom: p < 2e-5


@pytest.mark.parametrize("weights", [[], [0, 0], [1, -1], [1, np.nan], [np.inf], [[1, 2]]])
def test_weights_that_cannot_be_drawn_from_are_refused(weights):
    with pytest.raises(SfbenchError):
        Choice.of(weights)


def test_quantiles_interpolate_linearly():
    table = Quantiles.of([0.0, 10.0, 30.0])
    assert table.at(np.array([0.0, 0.25, 0.5, 0.75, 1.0])).tolist() == [0, 5, 10, 20, 30]
    assert table.mean == 12.5
    many = DRAW.uniform("q", ENTITY)
    assert np.allclose(table.at(many), np.interp(many, [0, 0.5, 1], [0, 10, 30]), rtol=0, atol=1e-12)


@pytest.mark.parametrize("values", [[1.0], [1.0, 0.0], [0.0, np.inf], [[0.0, 1.0]]])
def test_a_table_that_is_no_quantile_function_is_refused(values):
    with pytest.raises(SfbenchError):
        Quantiles.of(values)


@pytest.mark.parametrize("values", [lognormal_table(0.3), lognormal_table(1.8)])
def test_factor_tables_have_mean_one(values):
    assert Quantiles.of(values).mean == pytest.approx(1, abs=1e-14)
    assert values.min() > 0


def test_the_normal_table_is_symmetric_with_unit_variance():
    values = normal_table()
    assert (values == -values[::-1]).all()
    sample = Quantiles.of(values).at((np.arange(1 << 20) + 0.5) / (1 << 20))
    assert abs(sample.mean()) < 1e-12
    assert sample.var() == pytest.approx(1, abs=1e-5)


def test_lognormal_quartiles_are_those_of_the_distribution():
    table = lognormal_table(0.8)
    assert table[768] / table[512] == pytest.approx(np.exp(0.8 * 0.6744897501960817), rel=1e-12)


def test_quantile_tables_survive_a_file():
    for table in (lognormal_table(1.1), normal_table(17)):
        names, points, texts = zip(*to_rows("a", table), strict=True)
        assert set(names) == {"a"} and points == tuple(range(len(table)))
        assert [float(text) for text in texts] == table.tolist()
