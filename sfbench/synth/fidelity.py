"""How like the original a copy is: shares of codes, of pairs and triples of columns, children, totals, tails, time.

A share of 1 means equal. Figures over codes are 1 less the total variation distance; numbers are cut at quantiles of
the original. `three_way` is the k-marginal score of NIST's synthetic-data challenge (2018) with k = 3.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from sfbench.synth.columns import Floats, numeric, raw
from sfbench.synth.learned import Ints, Learned, ancestors, counts

BINS, PAIR_BINS, TRIPLE_BINS = 20, 8, 5
TRIPLES, PAIRS = 100, 300
TOP = 10


def figures(original: Mapping[str, Learned], copy: Mapping[str, Learned], seed: int = 0) -> dict[str, float]:
    """The figures over all tables that both have; NaN where the tables have nothing to say."""
    shared = [name for name in original if name in copy]
    random = np.random.default_rng([seed, 5])
    out = {
        "marginal": _mean(f for name in shared for f in _marginals(original[name], copy[name])),
        "pair": _mean(f for name in shared for f in _joint(original[name], copy[name], 2, PAIR_BINS, PAIRS, random)),
        "three_way": _mean(
            f for name in shared for f in _joint(original[name], copy[name], 3, TRIPLE_BINS, TRIPLES, random)
        ),
        "children": _mean(_children(original, copy, name) for name in shared if original[name].parent),
    }
    return out | _money(original, copy, shared) | _time(original, copy, shared)


def _marginals(one: Learned, other: Learned) -> Iterator[float]:
    for name in one.columns.column_names:
        if name in other.columns.column_names:
            yield _alike(*_codes(one, other, name, BINS))


def _joint(
    one: Learned, other: Learned, size: int, bins: int, most: int, random: np.random.Generator
) -> Iterator[float]:
    names = [name for name in one.columns.column_names if name in other.columns.column_names]
    codes = {name: _codes(one, other, name, bins) for name in names}
    every = list(combinations(names, size))
    chosen = random.permutation(len(every))[:most]
    for columns in (every[at] for at in chosen):
        sides = []
        for side in (0, 1):
            joint = np.zeros(len(codes[columns[0]][side]), np.int64)
            for name in columns:
                top = int(max(codes[name][0].max(initial=0), codes[name][1].max(initial=0))) + 1
                joint = joint * top + codes[name][side]
            sides.append(joint)
        yield _alike(sides[0], sides[1])


def _children(original: Mapping[str, Learned], copy: Mapping[str, Learned], name: str) -> float:
    parent = original[name].parent
    return _alike(counts(original[name], original[parent].rows), counts(copy[name], copy[parent].rows))


def _money(original: Mapping[str, Learned], copy: Mapping[str, Learned], shared: list[str]) -> dict[str, float]:
    """Copy over original, of the total a firm and of the ten largest firms' share, of the first money column below."""
    for name in shared:
        for column in original[name].columns.schema.names if original[name].parent else ():
            if not str(original[name].columns.schema.field(column).type).endswith(", 2)"):
                continue
            totals = [_by_firm(side, name, column) for side in (original, copy)]
            mean = [float(t.sum()) / max(len(t), 1) for t in totals]
            # The share of as many of the largest as ten are of the original.
            tops = [max(1, round(TOP * len(t) / len(totals[0]))) for t in totals]
            top = [float(np.sort(t)[-n:].sum() / max(t.sum(), 1e-9)) for t, n in zip(totals, tops, strict=True)]
            return {"total_ratio": mean[1] / max(mean[0], 1e-9), "top_ten_ratio": top[1] / max(top[0], 1e-9)}
    return {"total_ratio": float("nan"), "top_ten_ratio": float("nan")}


def _by_firm(tables: Mapping[str, Learned], name: str, column: str) -> Floats:
    firms = tables[ancestors(tables, name)[-1]].rows
    values, valid = raw(tables[name].columns[column].combine_chunks())
    owner = tables[name].firms()
    return np.asarray(np.bincount(owner, weights=np.where(valid, values, 0.0), minlength=firms), np.float64)


def _time(original: Mapping[str, Learned], copy: Mapping[str, Learned], shared: list[str]) -> dict[str, float]:
    """Of months or days of events: the first column of a child that is called so or is a date."""
    for name in shared:
        for field in original[name].columns.schema if original[name].parent else ():
            if field.name.endswith("_month") or str(field.type) == "date32[day]":
                sides = [raw(side[name].columns[field.name].combine_chunks()) for side in (original, copy)]
                return {"time_series": _alike(*(s[v].astype(np.int64) // _days(field.type) for s, v in sides))}
    return {"time_series": float("nan")}


def _days(kind: object) -> int:
    return 30 if str(kind) == "date32[day]" else 1


def _codes(one: Learned, other: Learned, name: str, bins: int) -> tuple[Ints, Ints]:
    """Codes of both sides of a column; numbers by quantiles of the first."""
    columns = [side.columns[name].combine_chunks() for side in (one, other)]
    if numeric(str(columns[0].type)) and numeric(str(columns[1].type)):
        sides = [raw(column) for column in columns]
        known = sides[0][0][sides[0][1]]
        edges = np.unique(np.quantile(known, np.arange(1, bins) / bins)) if len(known) else np.zeros(0)
        a, b = (np.where(v, np.searchsorted(edges, s, side="left") + 1, 0) for s, v in sides)
        return a.astype(np.int64), b.astype(np.int64)
    words = [np.asarray(c.cast("string").fill_null("\0").to_numpy(zero_copy_only=False), np.str_) for c in columns]
    place = np.unique(np.concatenate(words), return_inverse=True)[1]
    return place[: len(words[0])].astype(np.int64), place[len(words[0]) :].astype(np.int64)


def _alike(one: NDArray[np.int64], other: NDArray[np.int64]) -> float:
    """1 less the total variation distance of two samples of codes."""
    if not len(one) or not len(other):
        return float(len(one) == len(other))
    kinds, place = np.unique(np.concatenate([one, other]), return_inverse=True)
    shares = [np.bincount(p, minlength=len(kinds)) / len(p) for p in (place[: len(one)], place[len(one) :])]
    return 1 - float(np.abs(shares[0] - shares[1]).sum()) / 2


def _mean(values: Iterator[float]) -> float:
    held = list(values)
    return float(np.mean(held)) if held else float("nan")
