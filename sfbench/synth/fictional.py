"""What is never learned: codes, names, addresses and numbers, made anew from the fictional vocabularies.

Credit codes have area codes that no authority has assigned (440390 to 440399); telephone numbers begin with 0755-0
and e-mail lies in a reserved domain, so neither can be reached; names are invented heads with words of the trade.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from sfbench.draws.text import compose
from sfbench.kit import ascii_texts, fixed_width, uscc, vocabulary
from sfbench.synth.columns import Ints

UNASSIGNED = 440390
ROOM = 31**8  # organisation numbers of one area code
HOUSES = tuple(f"{number}号" for number in range(1, 400))


def enterprises(drawn: pa.Table, random: np.random.Generator) -> dict[str, pa.Array]:
    """uscc, name_zh, address, postcode, legal_representative, phone, email of drawn firms."""
    rows = drawn.num_rows
    district = np.asarray(drawn["district_id"].cast(pa.int64()).fill_null(0)).astype(np.int64)
    inside = district > 0
    return {
        "uscc": credit_codes(rows, random),
        "name_zh": _names(drawn["industry_code"], inside, random),
        "address": _addresses(district, random),
        "postcode": _postcodes(district, random),
        "legal_representative": compose(
            [_pick("surname", "surname", rows, random)] + [_pick("given_char", "char", rows, random) for _ in range(2)]
        ),
        "phone": ascii_texts(fixed_width(random.integers(0, 10**7, rows), 8, prefix="0755-")),
        "email": compose(
            [(["syn@f"], np.zeros(rows, np.int64)), *_digits(rows), ([".example"], np.zeros(rows, np.int64))]
        ),
    }


def credit_codes(rows: int, random: np.random.Generator) -> pa.Array:
    """Distinct unified social credit codes of areas that are not assigned."""
    step = ROOM // max(rows, 1)
    numbers = np.arange(rows) * step + random.integers(0, max(step, 1), rows)  # one in each of `rows` equal parts
    return ascii_texts(uscc("9", "1", UNASSIGNED + random.integers(0, 10, rows), random.permutation(numbers), base=31))


def texts(name: str, rows: int) -> pa.Array:
    """Texts that say that they stand for something: SYN-name-000000001."""
    return pc.binary_join_element_wise(f"SYN-{name}-", ascii_texts(fixed_width(np.arange(1, rows + 1), 9)), "")


BY_TABLE: dict[str, Callable[[pa.Table, np.random.Generator], dict[str, pa.Array]]] = {"enterprise": enterprises}


def _pick(name: str, column: str, rows: int, random: np.random.Generator) -> tuple[tuple[str, ...], Ints]:
    words = vocabulary(name, column)
    return words, random.integers(0, len(words), rows)


def _digits(rows: int) -> list[tuple[tuple[str, ...], Ints]]:
    digits, number = tuple(f"{n:03d}" for n in range(1000)), np.arange(rows)
    return [(digits, number // 1000**power % 1000) for power in (2, 1, 0)]


def _names(trade: pa.ChunkedArray, inside: NDArray[np.bool_], random: np.random.Generator) -> pa.Array:
    codes, divisions = vocabulary("industry", "industry_code"), vocabulary("industry", "division")
    of = vocabulary("business_word", "division")
    known = [divisions[at] if divisions[at] in of else of[0] for at in range(len(codes))]
    first, size = np.array([of.index(d) for d in known]), np.array([of.count(d) for d in known])
    place = {code: at for at, code in enumerate(codes)}
    words = trade.combine_chunks().dictionary_encode()
    position = np.array([place.get(code, 0) for code in words.dictionary.to_pylist()] + [0])
    at = position[np.asarray(words.indices.fill_null(len(words.dictionary)))]
    rows = len(at)
    forms = vocabulary("legal_form", "suffix")
    return compose(
        [
            (("深圳市", "外地"), np.where(inside, 0, 1)),
            _pick("name_head", "head", rows, random),
            (vocabulary("business_word", "word"), first[at] + (random.random(rows) * size[at]).astype(np.int64)),
            (
                tuple(form for form in forms if "深圳" not in form),
                random.integers(0, sum("深圳" not in f for f in forms), rows),
            ),
        ]
    )


def _addresses(district: Ints, random: np.random.Generator) -> pa.Array:
    rows, names = len(district), (*vocabulary("district", "name_zh"), "")
    return compose(
        [
            (("深圳市", "外地"), np.where(district > 0, 0, 1)),
            (names, np.where(district > 0, district - 1, len(names) - 1)),
            _pick("road", "road_zh", rows, random),
            (HOUSES, random.integers(0, len(HOUSES), rows)),
        ]
    )


def _postcodes(district: Ints, random: np.random.Generator) -> pa.Array:
    of = np.array([int(d) for d in vocabulary("street", "district_id")])
    first = np.searchsorted(of, district)
    size = np.searchsorted(of, district, side="right") - first
    at = first + (random.random(len(district)) * size).astype(np.int64)
    codes = pa.array([*vocabulary("street", "postcode"), None], pa.string())
    return codes.take(pa.array(np.where(size > 0, at, len(codes) - 1)))
