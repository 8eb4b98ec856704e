"""Identifiers as matrices of ASCII bytes, shape (rows, width): unified social credit codes and padded numbers.

USCC: GB 32100-2015 (18 characters, check at 18). Its positions 9 to 17 are an organisation code, GB 11714-1997, with
its own check at 17. Two characters are looked up at a time: their bytes and their shares of both weighted sums.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sfbench.errors import SfbenchError

Bytes = NDArray[np.uint8]

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # GB 32100: no I, O, S, V, Z
_WEIGHTS_18 = 1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28  # 3**i mod 31
_WEIGHTS_9 = 3, 7, 9, 10, 5, 8, 4, 2  # GB 11714; letters count A = 10 to Z = 35
_CHECKS_9 = "0X987654321"  # by the sum mod 11
_CHECKS_18 = tuple(ALPHABET[-i % 31] for i in range(31))
_SHAPE = re.compile(rf"[{ALPHABET}]{{2}}[0-9]{{6}}[{ALPHABET}]{{8}}[0-9X][{ALPHABET}]")
_AREA_AT, _ORGANISATION_AT = 2, 8


class _Pair(NamedTuple):
    """Two characters at a fixed place of the code, by their joint value."""

    text: NDArray[np.uint16]  # both bytes, as they lie in memory
    sum_18: NDArray[np.int16]
    sum_9: NDArray[np.int16]


def uscc(authority: str, category: str, area: ArrayLike, organisation: ArrayLike, base: int = 10) -> Bytes:
    """Credit codes, uint8 (rows, 18), with both check characters right.

    authority, category: one character each ("9", "1": an enterprise of the market regulator). area: six digits, a
    scalar or (rows,); 440390 to 440399 are not assigned, so such a code can be no real firm's. organisation: (rows,)
    int64 below base**8, written in eight characters; base is 10 (digits) or 31 (the whole alphabet). Distinct numbers
    give distinct codes. Raises SfbenchError for what does not fit.
    """
    numbers = np.atleast_1d(np.asarray(organisation, np.int64))
    if base not in (10, 31):
        raise SfbenchError(f"an organisation code is written in base 10 or 31, not {base}")
    for part in (authority, category):
        if len(part) != 1 or part not in ALPHABET:
            raise SfbenchError(f"{part!r} is not one character of {ALPHABET}")
    areas = np.asarray(area, np.int64)
    _check_range(areas, 10**6, "area code")
    _check_range(numbers, base**8, "organisation number")
    out = np.empty((numbers.size, 18), np.uint8)
    out[:, 0], out[:, 1] = ord(authority), ord(category)
    head = ALPHABET.index(authority) * _WEIGHTS_18[0] + ALPHABET.index(category) * _WEIGHTS_18[1]
    sum_18 = np.full(numbers.size, head, np.int16)
    sum_9 = np.zeros(numbers.size, np.int16)
    pairs = out.view(np.uint16)  # (rows, 9)
    for at, digits, radix in ((_AREA_AT, areas, 10), (_ORGANISATION_AT, numbers, base)):
        width = 6 if at == _AREA_AT else 8
        rest = digits
        for place in range(at + width - 2, at - 1, -2):
            rest, low = np.divmod(rest, radix * radix)
            pair = _pair(place, radix)
            pairs[:, place // 2] = pair.text[low]
            sum_18 += pair.sum_18[low]
            sum_9 += pair.sum_9[low]
    check_9 = sum_9 % np.int16(11)
    out[:, 16] = _letters(_CHECKS_9)[check_9]
    sum_18 += _check_shares()[check_9]
    out[:, 17] = _letters("".join(_CHECKS_18))[sum_18 % np.int16(31)]
    return out


def is_uscc(text: str) -> bool:
    """Whether a text is a credit code with both check characters right (a few real early codes are not)."""
    if not _SHAPE.fullmatch(text):
        return False
    organisation = sum(w * int(c, 36) for w, c in zip(_WEIGHTS_9, text[8:16], strict=True))
    whole = sum(w * ALPHABET.index(c) for w, c in zip(_WEIGHTS_18, text[:17], strict=True))
    return text[16] == _CHECKS_9[organisation % 11] and text[17] == _CHECKS_18[whole % 31]


def fixed_width(numbers: ArrayLike, width: int, prefix: str = "") -> Bytes:
    """Zero-padded decimals of `width` digits after an ASCII prefix, uint8 (rows, len(prefix) + width)."""
    rest = np.atleast_1d(np.asarray(numbers, np.int64))
    _check_range(rest, 10 ** min(width, 18), f"number of {width} digits")
    head = np.frombuffer(prefix.encode("ascii"), np.uint8)
    size = head.size + width
    out = np.empty((rest.size, size), np.uint8)
    for at, character in enumerate(head):  # column by column: numpy is slow at rows of a few bytes
        out[:, at] = character
    place = size
    while place - head.size >= 4 and rest.any():
        place -= 4
        # Four characters of each row as one number, wherever they lie in memory.
        four = np.ndarray(rest.size, np.uint32, buffer=out.data, offset=place, strides=size)
        upper = rest // 10_000  # with the product, far faster than divmod
        four[:] = _four_digits().take(rest - upper * 10_000)
        rest = upper
    for at in range(place - 1, head.size - 1, -1):
        if not rest.any():  # nothing but padding is left
            out[:, at] = ord("0")
            continue
        upper = rest // 10
        out[:, at] = rest - upper * 10 + ord("0")
        rest = upper
    return out


def _check_range(numbers: NDArray[Any], limit: int, what: str) -> None:
    if numbers.size and not (numbers.min() >= 0 and numbers.max() < limit):
        raise SfbenchError(f"{what}: {numbers.min()} to {numbers.max()} does not lie in 0 to {limit - 1}")


@cache
def _four_digits() -> NDArray[np.uint32]:
    """The characters of 0000 to 9999, four bytes a number as they lie in memory."""
    return np.frombuffer("".join(f"{n:04d}" for n in range(10_000)).encode("ascii"), np.uint32)


@cache
def _letters(text: str) -> Bytes:
    return np.frombuffer(text.encode("ascii"), np.uint8)


@cache
def _check_shares() -> NDArray[np.int16]:
    """The share of position 17 in the sum of position 18, by the organisation code's sum mod 11."""
    return np.array([ALPHABET.index(c) * _WEIGHTS_18[16] for c in _CHECKS_9], np.int16)


@cache
def _pair(place: int, radix: int) -> _Pair:
    characters = ALPHABET[:radix]
    texts = [a + b for a in characters for b in characters]

    def share(weights: tuple[int, ...], at: int, values: dict[str, int]) -> NDArray[np.int16]:
        return np.array([values[t[0]] * weights[at] + values[t[1]] * weights[at + 1] for t in texts], np.int16)

    by_place = {c: i for i, c in enumerate(ALPHABET)}
    by_letter = {c: int(c, 36) for c in ALPHABET}
    sum_18 = share(_WEIGHTS_18, place, by_place)
    inside = place >= _ORGANISATION_AT
    sum_9 = share(_WEIGHTS_9, place - _ORGANISATION_AT, by_letter) if inside else np.zeros(len(texts), np.int16)
    return _Pair(np.frombuffer("".join(texts).encode("ascii"), np.uint16), sum_18, sum_9)
