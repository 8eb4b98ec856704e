"""A column as codes: levels, bins of a numeric column, null; and back.

What is kept of a column is what enough firms share: a level (a category, or a number that many rows hold) has at least
`k` firms, a bin at least `k` firms between its bounds. What fewer firms hold is not kept: it gets the code `rare`,
which no sample ever draws.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from sfbench.errors import SfbenchError

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

BODY = 48  # bins of equal mass; the last on either side are halved until `k` firms are left
MOST_LEVELS = 64  # a numeric column of at most so many values is taken by value
ATOM = 0.004  # share of rows at which a number is a level of its own among bins
# Bounds of the groups of a numeric column as the condition of another: by mass, finer where money is.
GROUPS = np.r_[np.arange(1, 8) / 8, 0.95, 0.98, 0.995, 0.999]
COARSE = len(GROUPS) + 1
LARGE = 8  # groups from here on hold the largest twentieth
NUMBERS = ("low", "high", "mean", "unit", "edges")
WHOLE = 1 << 53  # whole numbers up to here are floats, too
UNITS = 10.0 ** np.arange(9, -1, -1)
DECIMALS = (0.1, 0.01, 0.001, 0.0001)  # units of floats that were written with so many places


@dataclass(frozen=True, slots=True)
class Coding:
    """How a column is written as codes: levels first, then bins, then null.

    type: of the Arrow column ('string', 'bool', 'int64', 'double', 'date32[day]', 'decimal128(18, 2)').
    levels: texts, or numbers in raw units (cents, days; see `raw`). low, high, mean, unit: of each bin, in raw units;
    values of a bin are multiples of its unit; edges lie between the bins. groups: code -> group, of numeric columns.
    """

    name: str
    type: str
    levels: tuple[Any, ...]
    low: Floats
    high: Floats
    mean: Floats
    unit: Floats
    edges: Floats
    nulls: bool
    groups: Ints | None = None

    @property
    def null(self) -> int:
        """The code of null."""
        return len(self.levels) + len(self.low)

    @property
    def rare(self) -> int:
        """The code of what too few firms hold."""
        return self.null + 1

    @property
    def size(self) -> int:
        """Number of codes, `rare` among them."""
        return self.null + 2

    def to_json(self) -> dict[str, Any]:
        """Plain values for JSON."""
        numbers = {name: getattr(self, name).tolist() for name in NUMBERS}
        groups = None if self.groups is None else self.groups.tolist()
        plain = {"name": self.name, "type": self.type, "levels": list(self.levels), "nulls": self.nulls}
        return plain | {"groups": groups} | numbers

    @classmethod
    def from_json(cls, record: dict[str, Any]) -> Coding:
        """What `to_json` gave. Raises KeyError, TypeError or ValueError for another shape."""
        numbers = {name: np.array(record[name], np.float64) for name in NUMBERS}
        groups = None if record["groups"] is None else np.array(record["groups"], np.int64)
        levels = tuple(record["levels"])
        coding = cls(
            str(record["name"]), str(record["type"]), levels, nulls=bool(record["nulls"]), groups=groups, **numbers
        )
        arrow_type(coding.type)
        return coding


def arrow_type(name: str) -> pa.DataType:
    """The Arrow type of that name. Raises SfbenchError for one that is not learned."""
    plain = {"string": pa.string(), "bool": pa.bool_(), "int64": pa.int64(), "double": pa.float64()}
    plain["date32[day]"] = pa.date32()
    if name in plain:
        return plain[name]
    if name.startswith("decimal128("):
        precision, scale = (int(part) for part in name[11:-1].split(","))
        return pa.decimal128(precision, scale)
    raise SfbenchError(f"a column of type {name} cannot be learned", fix="cast it, or leave it out")


def plain(column: pa.ChunkedArray, where: str) -> pa.Array:
    """A column in one of the types that are learned. Raises SfbenchError for nested and other types."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        column, kind = column.cast(kind.value_type), kind.value_type
    if pa.types.is_null(kind) or pa.types.is_large_string(kind):
        column = column.cast(pa.string())
    elif pa.types.is_integer(kind):
        column = column.cast(pa.int64())
        if pc.any(pc.or_(pc.greater(column, WHOLE), pc.less(column, -WHOLE))).as_py():
            why = "whole numbers beyond 2^53 are codes, not amounts"
            fix = 'give it "privacy": "identifier" in the metadata, or leave it out'
            raise SfbenchError("the column cannot be learned", where=where, why=why, fix=fix)
    elif pa.types.is_floating(kind):
        column = column.cast(pa.float64())
    elif pa.types.is_timestamp(kind) or pa.types.is_date64(kind):
        column = column.cast(pa.date32(), safe=False)
    elif pa.types.is_decimal(kind):
        column = column.cast(pa.decimal128(min(18, kind.precision), kind.scale), safe=False)
    elif not (pa.types.is_string(kind) or pa.types.is_boolean(kind) or pa.types.is_date32(kind)):
        why = f"its type is {kind}"
        raise SfbenchError("the column cannot be learned", where=where, why=why, fix="cast it, or leave it out")
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def raw(column: pa.Array) -> tuple[Floats, NDArray[np.bool_]]:
    """(numbers in raw units: cents, 1e-5 percent, days; which are not null) of a numeric or date column."""
    valid = np.asarray(column.is_valid().to_numpy(zero_copy_only=False), np.bool_)
    kind = column.type
    if pa.types.is_decimal(kind):
        column = pc.multiply(column.cast(pa.float64()), float(10**kind.scale))
    elif pa.types.is_date32(kind):
        column = column.cast(pa.int32())
    numbers = np.nan_to_num(np.asarray(pc.fill_null(column.cast(pa.float64()), 0.0)), posinf=0.0, neginf=0.0)
    return (np.rint(numbers) if not pa.types.is_floating(kind) else numbers), valid


def numeric(type_name: str) -> bool:
    """Whether columns of the type have bins."""
    return type_name not in ("string", "bool")


def fit(name: str, column: pa.Array, units: Ints, k: int) -> tuple[Coding, Ints]:
    """The coding of a column, and its codes. `units`: the firm of each row; `k`: the fewest firms of a level or bin."""
    kind = str(column.type)
    if numeric(kind):
        return _fit_numbers(name, kind, *raw(column), units, k)
    words = column.cast(pa.string()).dictionary_encode()
    index = np.asarray(pc.fill_null(words.indices.cast(pa.int64()), -1))
    firms = _firms(index, units, len(words.dictionary))
    order = [i for i in np.lexsort((np.arange(len(firms)), -firms)) if firms[i] >= k]
    texts = words.dictionary.to_pylist()
    levels = tuple(sorted(texts[i] for i in order))
    place = {text: at for at, text in enumerate(levels)}
    coding = _coding(name, kind, levels, nulls=bool(column.null_count))
    codes = np.array([place.get(text, coding.rare) for text in texts] + [coding.null], np.int64)
    return coding, codes[index]


def encode(coding: Coding, column: pa.Array) -> Ints:
    """Codes of a column by a coding that another column was fitted to; what it does not know is `rare`."""
    if not numeric(coding.type):
        words = column.cast(pa.string()).dictionary_encode()
        index = np.asarray(pc.fill_null(words.indices.cast(pa.int64()), -1))
        place = {text: at for at, text in enumerate(coding.levels)}
        known = [place.get(text, coding.rare) for text in words.dictionary.to_pylist()]
        return np.asarray(np.array([*known, coding.null], np.int64)[index], np.int64)
    numbers, valid = raw(column)
    return _codes(coding, numbers, valid)


def decode(coding: Coding, codes: Ints, within: Floats) -> pa.Array:
    """The Arrow column of codes; `within`, in [0, 1), says where in its bin a number lies."""
    null = codes >= coding.null
    if not numeric(coding.type):
        words = pa.array([*map(str, coding.levels), None], pa.string())
        column = words.take(pa.array(np.where(null, len(coding.levels), codes)))
        return pc.equal(column, "true") if coding.type == "bool" else column
    levels = len(coding.levels)
    values = np.zeros(len(codes))
    is_level, is_bin = codes < levels, (codes >= levels) & ~null
    if levels:
        values[is_level] = np.array(coding.levels, np.float64)[codes[is_level]]
    at = codes[is_bin] - levels
    low, high, unit = coding.low[at], coding.high[at], coding.unit[at]
    values[is_bin] = _multiple(low + within[is_bin] * (high - low), unit)
    return from_raw(coding.type, values, null)


def _multiple(values: Floats, unit: Floats) -> Floats:
    """The nearest multiples of a unit: of 0.01 as hundredths, since 57 * 0.01 is not 0.57."""
    parts, times = np.rint(1 / unit), np.rint(values / unit)
    return np.where(np.isclose(parts * unit, 1, rtol=0, atol=1e-12), times / np.maximum(parts, 1), times * unit)


def step(values: Floats) -> Floats:
    """The largest power of ten, up to a hundredth of it, that each number is a multiple of; at least 1."""
    out = np.ones(len(values))
    for unit in UNITS[::-1]:
        out = np.where((np.rint(values / unit) * unit == values) & (unit * 10 <= np.abs(values)), unit, out)
    return out


def from_raw(kind: str, values: Floats, null: NDArray[np.bool_]) -> pa.Array:
    """The Arrow column of numbers in raw units."""
    wanted = arrow_type(kind)
    if pa.types.is_floating(wanted):
        return pa.array(values, wanted, mask=null)
    whole = np.rint(values).astype(np.int64)
    if pa.types.is_date32(wanted):
        return pa.array(whole.astype(np.int32), pa.int32(), mask=null).cast(wanted)
    if pa.types.is_decimal(wanted):
        return _shift(pa.array(whole, pa.int64(), mask=null).cast(pa.decimal128(19, 0)), wanted)
    return pa.array(whole, wanted, mask=null)


def _shift(exact: pa.Array, wanted: pa.DataType) -> pa.Array:
    """The same digits with the decimal point moved: cents become yuan without a float on the way."""
    buffers = exact.buffers()
    return pa.Array.from_buffers(pa.decimal128(wanted.precision, wanted.scale), len(exact), buffers, exact.null_count)


def _coding(
    name: str, kind: str, levels: tuple[Any, ...], nulls: bool, bins: tuple[Floats, Floats] | None = None
) -> Coding:
    rows, edges = bins or (np.zeros((0, 4)), np.zeros(0))
    low, high, mean, unit = rows.T
    return Coding(name, kind, levels, low, high, mean, unit, edges, nulls)


def _fit_numbers(
    name: str, kind: str, numbers: Floats, valid: NDArray[np.bool_], units: Ints, k: int
) -> tuple[Coding, Ints]:
    seen, owners = numbers[valid], units[valid]
    values, places, counts = np.unique(seen, return_inverse=True, return_counts=True)
    firms = _firms(places, owners, len(values)) if len(values) else np.zeros(0, np.int64)
    few = len(values) <= MOST_LEVELS
    atom = (firms >= k) & (few | (counts >= ATOM * len(seen)))
    levels = tuple(values[atom].tolist())
    loose = ~atom[places] if len(seen) else np.zeros(0, np.bool_)
    bins = _bins(seen[loose], owners[loose], k)
    coding = _coding(name, kind, levels, bool((~valid).any()), bins)
    if coding.null > COARSE:
        coding = _grouped(coding, numbers, valid)
    return coding, _codes(coding, numbers, valid)


def _bins(values: Floats, owners: Ints, k: int) -> tuple[Floats, Floats]:
    """((low, high, mean, unit) of each bin, edges between them); none if fewer than `k` firms have such a value."""
    if len(np.unique(owners)) < k:
        return np.zeros((0, 4)), np.zeros(0)
    tail = 2.0 ** -np.arange(6, 24, 0.5)
    cuts = np.unique(np.quantile(values, np.unique(np.r_[tail, np.arange(1, BODY) / BODY, 1 - tail])))
    means = _means(values, np.searchsorted(cuts, values, side="right"), len(cuts) + 1)
    edges = np.unique((means[:-1] + means[1:]) / 2)  # no value of a row, as a quantile would be
    edges = _joined(edges, np.searchsorted(edges, values, side="right"), owners, k)
    place = np.searchsorted(edges, values, side="right")
    order = np.argsort(place, kind="stable")
    starts = np.searchsorted(place[order], np.arange(len(edges) + 2))
    parts = [order[low:high] for low, high in pairwise(starts)]
    return np.array([_bin(values[part], owners[part], k) for part in parts]), edges


def _means(values: Floats, place: Ints, size: int) -> Floats:
    rows = np.bincount(place, minlength=size)
    sums = np.bincount(place, weights=values, minlength=size)
    return np.asarray(sums[rows > 0] / rows[rows > 0], np.float64)


def _joined(edges: Floats, place: Ints, owners: Ints, k: int) -> Floats:
    """The edges without those that would leave a bin with fewer than `k` firms."""
    firms = _firms(place, owners, len(edges) + 1)
    kept, held = list[float](), 0
    for at in range(len(edges), 0, -1):  # over bins, not rows; from the largest, so that no more than need be share one
        held += int(firms[at])
        if held >= k:
            kept.append(float(edges[at - 1]))
            held = 0
    if kept and held + int(firms[0]) < k:
        kept.pop()
    return np.array(kept[::-1])


def _bin(values: Floats, owners: Ints, k: int) -> list[float]:
    """(low, high, mean, unit): uniform from the 5 % point, with the mean of the bin, in units that 90 % of it keep."""
    mean = float(values.mean())
    low = float(np.quantile(values, 0.05))
    if 0 < len(np.unique(owners[values == low])) < k:  # the point is a row's own value: half way to the next one
        others = values[values != low]
        low = (low + float(others[np.argmin(np.abs(others - low))])) / 2
    low = min(low, mean)
    high = 2 * mean - low
    fits = [unit for unit in (*UNITS, *DECIMALS) if np.mean(_is_multiple(values, unit)) >= 0.9]
    unit = float(fits[0]) if fits else max((high - low) / 1000, 1e-9)
    return [low, high, mean, unit]


def _is_multiple(values: Floats, unit: float) -> NDArray[np.bool_]:
    """Of a unit; what is far below one is none, though nearly 0 of them: a rate of 0.05 is no multiple of a billion."""
    times = np.rint(values / unit)
    tolerance = 1e-9 if unit >= 1 else np.maximum(1e-9, 1e-15 * np.abs(times))  # 123456.78 is not all of its hundredths
    return np.asarray((np.abs(values / unit - times) < tolerance) & ((times != 0) | (values == 0)), np.bool_)


def _codes(coding: Coding, numbers: Floats, valid: NDArray[np.bool_]) -> Ints:
    levels = np.array(coding.levels, np.float64)
    codes = np.full(len(numbers), coding.rare, np.int64)
    if len(coding.low):
        codes = len(levels) + np.searchsorted(coding.edges, numbers, side="right")
    if len(levels):
        near = np.clip(np.searchsorted(levels, numbers), 0, len(levels) - 1)
        codes = np.where(levels[near] == numbers, near, codes)
    codes[~valid] = coding.null
    return codes


def _grouped(coding: Coding, numbers: Floats, valid: NDArray[np.bool_]) -> Coding:
    """With groups of its codes by size, of about equal mass; null and rare stand apart."""
    at = np.r_[np.array(coding.levels, np.float64), coding.mean]
    masses = np.bincount(_codes(coding, numbers, valid), minlength=coding.size)[: coding.null].astype(np.float64)
    order = np.argsort(at, kind="stable")
    rank = np.cumsum(masses[order]) - masses[order] / 2
    groups = np.empty(coding.size, np.int64)
    groups[order] = np.searchsorted(GROUPS, rank / max(masses.sum(), 1))
    groups[coding.null], groups[coding.rare] = COARSE, COARSE + 1
    return dataclasses.replace(coding, groups=groups)


def _firms(index: Ints, units: Ints, size: int) -> Ints:
    """Distinct firms of each value of `index`; negative indices are left out."""
    keep = index >= 0
    if not keep.any():
        return np.zeros(size, np.int64)
    pairs = np.unique(index[keep] * (int(units.max()) + 1) + units[keep])
    return np.bincount(pairs // (int(units.max()) + 1), minlength=size).astype(np.int64)
