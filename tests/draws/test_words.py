"""Words are a pure function of key, entity and ordinal, frozen for good, and look random from every side."""

import numpy as np
import pytest

from sfbench.draws.keys import key
from sfbench.draws.words import CHUNK, words

MASK = (1 << 64) - 1
ROWS = 1 << 18
U = np.uint64

# (key, entity, ordinal) -> word. Any change here changes every value that was ever published: never edit.
GOLDEN = {
    (0x0, 0, 0): 0x0000000000000000,
    (0x0, 1, 0): 0xB70FB2CC55AF013F,
    (0x0, 0, 1): 0x43A8A0361E8473B6,
    (0x1, 0, 0): 0xE38C1D3B541C85D9,
    (0x1, 0, 1): 0x1121D640FE49E953,
    (0x123456789ABCDEF, 440301, 202409): 0x2B09A8078789AAF6,
    (0xFFFFFFFFFFFFFFFF, -1, -1): 0xBA1CB036ECF1D6E4,
    (0xBB9D7ABFC55A7C3D, 4611686018427387904, 1099511627776): 0x0A5E9524434052B4,
}


def one_word(key_: int, entity: int, ordinal: int) -> int:
    """The definition, in Python's unbounded integers."""

    def mix(x: int, second: int) -> int:
        x = ((x ^ (x >> 27)) * 0x3C79AC492BA7B653) & MASK ^ second
        x = ((x ^ (x >> 33)) * 0x1C69B3F74AC4AE35) & MASK
        return x ^ (x >> 27)

    start = key_ + entity * 0x9E3779B97F4A7C15 + ordinal * 0xD1342543DE82EF95
    return mix(start & MASK, mix(key_, 0))


def test_words_are_frozen():
    assert {k: int(words(*k)) for k in GOLDEN} == GOLDEN


def test_keys_are_frozen_and_tell_names_apart():
    assert key("world", 7, "loan") == 0x7410D5E1854D7BAD
    assert key("ab", "c") != key("a", "bc") != key("abc")
    assert 0 <= key("") < 1 << 64
    with pytest.raises(ValueError, match="0x1f"):
        key("a\x1fb")
    with pytest.raises(ValueError, match="needs names"):
        key()


def test_array_words_agree_with_the_definition_in_plain_integers():
    rng = np.random.default_rng(1)
    entity, ordinal = rng.integers(-(2**63), 2**63 - 1, (2, 50))
    found = words(987654321, entity, ordinal)
    assert found.tolist() == [one_word(987654321, int(e), int(o)) for e, o in zip(entity, ordinal, strict=True)]


def test_a_word_does_not_depend_on_position_size_or_shape():
    entity = np.arange(3 * CHUNK + 5)
    whole = words(1, entity, 2)
    assert (whole[::-1] == words(1, entity[::-1], 2)).all()
    assert (whole[CHUNK + 3 :: 7] == words(1, entity[CHUNK + 3 :: 7], 2)).all()
    assert (whole == words(1, entity, np.full(entity.size, 2))).all()
    assert whole[9] == words(1, 9, 2) == words(1, np.int32(9), np.array(2))
    assert (words(1, entity.astype(np.int32), 2) == whole).all()
    grid = words(1, entity[:6, None], np.arange(4))
    assert grid.shape == (6, 4)
    assert (grid[:, 2] == whole[:6]).all()
    assert (words(1, 5, np.arange(4)) == grid[5]).all()
    assert words(1, entity[:0]).shape == (0,)


def test_negative_indices_of_any_width_agree():
    wide = words(1, np.array([-1, -2]), np.array([-3, 4]))
    assert (wide == words(1, np.array([-1, -2], np.int8), np.array([-3, 4], np.int16))).all()
    assert wide[0] == words(1, -1, -3)


def test_a_float_index_is_refused():
    with pytest.raises(TypeError, match="integer"):
        words(1, np.array([0.5]))


# What could be drawn from, each as ROWS words in the order in which the tests look at them.
STREAMS = {
    "entities": lambda: words(11, np.arange(ROWS)),
    "ordinals": lambda: words(11, 7, np.arange(ROWS)),
    "entities by ordinals": lambda: words(11, np.arange(ROWS // 64)[:, None], np.arange(64)),
    "ordinals by entities": lambda: words(11, np.arange(64), np.arange(ROWS // 64)[:, None]),
    "the diagonal": lambda: words(11, np.arange(ROWS), np.arange(ROWS)),
    "the counter-diagonal": lambda: words(11, np.arange(ROWS), -np.arange(ROWS)),
    "hashed keys": lambda: np.array([words(key("p", k), np.arange(64)) for k in range(ROWS // 64)]),
    "counting keys": lambda: np.array([words(k, np.arange(64)) for k in range(ROWS // 64)]),
    "keys with high bits alone": lambda: np.array([words(k << 48, np.arange(64)) for k in range(ROWS // 64)]),
    "keys over one entity": lambda: np.array([words(key("p", k), np.arange(64)) for k in range(ROWS // 64)]).T,
    "entities 2**20 apart": lambda: words(11, np.arange(ROWS) << 20),
    "entities 2**40 apart": lambda: words(11, np.arange(ROWS) << 40),
    "ordinals 2**32 apart": lambda: words(11, 0, np.arange(ROWS) << 32),
    "date-like ordinals": lambda: words(11, np.arange(ROWS // 256)[:, None] * 1000, 24240 * 100 + np.arange(256)),
    "key zero": lambda: words(0, np.arange(ROWS)),
}


@pytest.fixture(params=STREAMS, scope="module")
def stream(request):
    return np.ascontiguousarray(STREAMS[request.param]()).reshape(-1)


def z_of_chi_square(counts: np.ndarray) -> float:
    """How many standard deviations a chi-square of equal cells lies from its mean."""
    mean = counts.sum() / counts.size
    freedom = counts.size - 1
    return float((((counts - mean) ** 2 / mean).sum() - freedom) / np.sqrt(2 * freedom))


def test_every_byte_is_uniform(stream):
    for shift in range(0, 64, 8):
        cells = ((stream >> U(shift)) & U(255)).astype(int)
        assert abs(z_of_chi_square(np.bincount(cells, minlength=256))) < 5


def test_every_bit_is_set_half_of_the_time(stream):
    bits = np.unpackbits(stream.view(np.uint8)).reshape(-1, 64)
    z = (bits.mean(0) - 0.5) * 2 * np.sqrt(stream.size)
    assert np.abs(z).max() < 5


def test_no_pair_of_bits_is_correlated(stream):
    bits = np.unpackbits(stream[: 1 << 16].view(np.uint8)).reshape(-1, 64).astype(np.float32) * 2 - 1
    z = (bits.T @ bits) / np.sqrt(len(bits))
    np.fill_diagonal(z, 0)
    assert np.abs(z).max() < 5.5  # of 2016 pairs


def test_neighbours_are_independent(stream):
    for half in (stream >> U(32), stream & U(0xFFFFFFFF)):
        u = (half.astype(np.float64) * 2.0**-32 - 0.5) * np.sqrt(12)
        for lag in (1, 2, 3, 7, 12, 64, 256, 1000):
            assert abs((u[lag:] * u[:-lag]).sum() / np.sqrt(u.size - lag)) < 5
            cells = (half >> U(28)).astype(int)
            assert abs(z_of_chi_square(np.bincount(cells[lag:] * 16 + cells[:-lag], minlength=256))) < 5


def test_collisions_are_as_rare_as_chance(stream):
    expected = stream.size**2 / 2 / 2**30
    for part in (stream >> U(34), stream & U((1 << 30) - 1)):
        found = (np.diff(np.sort(part)) == 0).sum()
        assert abs(found - expected) < 6 * np.sqrt(expected)


def test_two_keys_are_not_one_stream_shifted():
    # without the key's second injection these two would be equal, one entity apart
    near, far = words(5, np.arange(1, 1001)), words(5 + 0x9E3779B97F4A7C15, np.arange(1000))
    assert not (near == far).any()


@pytest.mark.parametrize("axis", ["key", "entity", "ordinal"])
@pytest.mark.parametrize("base", ["counting", "random", "strided"])
def test_one_flipped_input_bit_flips_every_output_bit_half_of_the_time(axis, base):
    rows = 1 << 12
    random = np.random.default_rng(2).integers(0, 1 << 62, rows)
    start = {"counting": np.arange(rows), "random": random, "strided": np.arange(rows) << 20}[base]
    plain = words(5, start, 9) if axis != "ordinal" else words(5, 9, start)
    for bit in range(63):
        flip = 1 << bit
        if axis == "key":
            changed = words(5 ^ flip, start, 9)
        else:
            changed = words(5, start ^ flip, 9) if axis == "entity" else words(5, 9, start ^ flip)
        flipped = np.unpackbits((plain ^ changed).view(np.uint8)).reshape(-1, 64).mean(0)
        # where the flip stays within the base, each pair is seen twice: the deviation grows by sqrt(2)
        assert np.abs(flipped - 0.5).max() * 2 * np.sqrt(rows / 2) < 5.5


def test_streams_of_different_purposes_are_uncorrelated():
    entity = np.arange(1 << 12)
    u = np.array([words(key("seed", 1, "t", f"purpose {i}"), entity) for i in range(200)]) * 2.0**-64 - 0.5
    z = np.corrcoef(u)[np.triu_indices(200, 1)] * np.sqrt(entity.size)
    assert np.abs(z).max() < 5.5  # of 19,900 pairs
    assert abs(z.std() - 1) < 0.03
