"""Credit codes pass both checks of the standards; padded numbers keep their width."""

import numpy as np
import pytest
from stdnum.cn import uscc as reference

from sfbench.draws import fixed_width, is_uscc, uscc
from sfbench.errors import SfbenchError


def texts(matrix):
    return [row.tobytes().decode("ascii") for row in matrix]


@pytest.mark.parametrize("base", [10, 31])
def test_codes_are_valid_by_an_independent_library(base):
    organisation = np.random.default_rng(base).integers(0, base**8, 3000)
    area = 440390 + np.arange(3000) % 10
    codes = texts(uscc("9", "1", area, organisation, base))
    assert all(reference.is_valid(code) for code in codes)
    assert all(is_uscc(code) for code in codes)
    assert {code[:8] for code in codes} == {f"91{a}" for a in range(440390, 440400)}
    if base == 10:
        assert [int(code[8:16]) for code in codes] == organisation.tolist()


@pytest.mark.parametrize("base", [10, 31])
def test_distinct_numbers_give_distinct_codes_at_both_ends(base):
    numbers = np.concatenate([np.arange(1000), base**8 - 1 - np.arange(1000)])
    assert len(set(texts(uscc("9", "1", 440390, numbers, base)))) == 2000


def test_every_authority_and_category_checks():
    codes = [texts(uscc(a, c, 440391, [12345678]))[0] for a in "159" for c in "129"]
    assert all(map(reference.is_valid, codes))
    assert all(map(is_uscc, codes))
    # GB 32100 has letters among the authorities; python-stdnum takes digits alone, so only our own check can tell
    assert all(map(is_uscc, texts(uscc("Y", "1", 440391, [12345678, 87654321]))))


def test_published_codes_are_valid():
    # python-stdnum, which does not look at position 17, has the first in its documentation; the others are two
    # listed or well-known companies' published codes, one of them with X as the organisation's check
    assert all(map(is_uscc, ["91110000600037341L", "9144030071526726XG", "914403001922038216"]))


def test_any_single_wrong_character_is_noticed():
    code = texts(uscc("9", "1", 440395, [24681357]))[0]
    for place in range(18):
        for letter in "0123456789ABCDEFGHJKLMNPQRTUWXY":
            if letter != code[place]:
                assert not is_uscc(code[:place] + letter + code[place + 1 :])


@pytest.mark.parametrize("text", ["", "91440390", "914403900000000000", "9144039O000000000R", "91440390000000000r"])
def test_what_is_no_code_is_told(text):
    assert not is_uscc(text)


@pytest.mark.parametrize(
    "arguments",
    [
        ("9", "1", 440390, [10**8]),
        ("9", "1", 440390, [-1]),
        ("9", "1", 10**6, [1]),
        ("I", "1", 1, [1]),
        ("9", "", 1, [1]),
    ],
)
def test_what_does_not_fit_is_refused(arguments):
    with pytest.raises(SfbenchError):
        uscc(*arguments)
    with pytest.raises(SfbenchError, match="base 10 or 31"):
        uscc("9", "1", 440390, [1], base=36)


def test_no_rows_give_no_codes():
    assert uscc("9", "1", 440390, np.empty(0, np.int64)).shape == (0, 18)


def test_numbers_are_padded_to_their_width():
    assert texts(fixed_width([0, 7, 123456], 6, "LN-")) == ["LN-000000", "LN-000007", "LN-123456"]
    assert texts(fixed_width([0], 3)) == ["000"]
    assert texts(fixed_width([10**17], 20)) == ["00100000000000000000"]
    assert fixed_width([], 4, "ab").shape == (0, 6)
    for bad in (1000, -1):
        with pytest.raises(SfbenchError, match="3 digits"):
            fixed_width([bad], 3)
