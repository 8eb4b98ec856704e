"""A column given others: counts of its codes by what at most four earlier columns say, with back-off.

The predictors of a column are chosen greedily by the likelihood of firms that were left out. A context that fewer than
`k` firms share is not kept; its rows are counted, with their like, by a predictor less, so that the overall shares of
codes stay what they are. Draws are stratified: within a context the uniforms are spread evenly, so shares are kept
almost exactly.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sfbench.synth.columns import Coding, Ints

DEEPEST = 4
LOOKED_AT = 20_000  # rows on which predictors are chosen
SHORTLIST = 30  # candidates that are tried beyond the first predictor
PRIOR = 40.0  # rows that the overall shares weigh in a context
LARGEST = 1 << 62


@dataclass(frozen=True, slots=True)
class Predictor:
    """An earlier column, as its codes or as groups of them."""

    name: str
    coarse: bool


@dataclass(frozen=True, slots=True)
class Depth:
    """Counts by context: code[i], count[i] for start[c] <= i < start[c + 1] belong to context[c] (sorted)."""

    context: Ints
    start: Ints
    code: Ints
    count: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Node:
    """A column's conditional distribution: depths[d] is given the first d predictors."""

    name: str
    predictors: tuple[Predictor, ...]
    depths: tuple[Depth, ...]


Codes = Mapping[str, Ints]
Codings = Mapping[str, Coding]


def fit(
    target: str,
    candidates: Sequence[str],
    codes: Codes,
    codings: Codings,
    units: Ints,
    k: int,
    forced: Sequence[str] = (),
) -> Node:
    """The node of `target` given the best of `candidates`, first of all those of `forced`; `units`: each row's firm."""
    usable = codes[target] != codings[target].rare
    predictors = choose(target, candidates, codes, codings, units, usable, forced)
    left = np.flatnonzero(usable)
    depths = list[Depth]()
    for depth in range(len(predictors), -1, -1):
        context = contexts(predictors[:depth], codes, codings, len(usable))
        least = k if depth else min(k, len(np.unique(units[left])))
        if not depth and least < k:  # too few are left for a distribution of their own
            left, least = np.flatnonzero(usable), 1
        table = count(context[left], codes[target][left], units[left], least)
        depths.append(table)
        left = left[~np.isin(context[left], table.context)]
    return Node(target, predictors, tuple(reversed(depths)))


def choose(
    target: str,
    candidates: Sequence[str],
    codes: Codes,
    codings: Codings,
    units: Ints,
    usable: NDArray[np.bool_],
    forced: Sequence[str] = (),
) -> tuple[Predictor, ...]:
    """Predictors in the order in which they help."""
    rows = np.flatnonzero(usable)
    rows = rows[:: max(1, len(rows) // LOOKED_AT)]
    aim, owners = codes[target][rows], np.unique(units[rows], return_inverse=True)[1]
    if len(rows) < 2 or (aim == aim[0]).all():
        return ()
    options = [Predictor(name, coarse) for name in candidates for coarse in _grains(codings[name])]
    sample = {option: _codes(option, codes, codings)[rows] for option in options}
    chosen: list[Predictor] = []
    so_far, radix = np.zeros(len(rows), np.int64), 1
    shares = (np.bincount(aim) / len(aim))[aim]
    base = _likelihood(so_far, aim, owners, shares)
    room = LARGEST // ((int(aim.max()) + 1) * (int(owners.max()) + 1))
    while len(chosen) < DEEPEST and options:
        sizes = {option: _size(option, codings) for option in options}
        fitting = [option for option in options if radix * sizes[option] < room]
        gains = {
            option: float(
                np.sum(np.log(_likelihood(so_far * sizes[option] + sample[option], aim, owners, base) / base))
            )
            for option in fitting
        }
        ranked = sorted(gains, key=lambda option: (-gains[option], option.name, option.coarse))
        forced = [asked for asked in forced if any(_is(option, asked) for option in ranked)]
        if not ranked or (gains[ranked[0]] <= 0 and not forced):
            break
        first = next((option for asked in forced for option in ranked if _is(option, asked)), ranked[0])
        radix *= sizes[first]
        so_far = so_far * sizes[first] + sample[first]
        base = _likelihood(so_far, aim, owners, base)
        so_far = np.unique(so_far, return_inverse=True)[1]
        chosen.append(first)
        kept = [o for at, o in enumerate(ranked) if at < SHORTLIST or any(_is(o, asked) for asked in forced)]
        options = [option for option in kept if option.name != first.name]
    return tuple(chosen)


def contexts(predictors: Sequence[Predictor], codes: Codes, codings: Codings, rows: int) -> Ints:
    """One number for what the predictors say of each row."""
    context = np.zeros(rows, np.int64)
    for predictor in predictors:
        context = context * _size(predictor, codings) + _codes(predictor, codes, codings)
    return context


def count(context: Ints, codes: Ints, units: Ints, k: int) -> Depth:
    """Counts of codes by context, of the contexts that at least `k` firms share."""
    kinds, place = np.unique(context, return_inverse=True)
    if k > 1 and len(units):
        top = int(units.max()) + 1
        firms = np.bincount(np.unique(place * top + units) // top, minlength=len(kinds))
        keep = firms >= k
        fresh = np.cumsum(keep) - 1
        rows = keep[place]
        kinds, place, codes = kinds[keep], fresh[place[rows]], codes[rows]
    size = int(codes.max()) + 1 if len(codes) else 1
    cells, counts = np.unique(place * size + codes, return_counts=True)
    start = np.searchsorted(cells, np.arange(len(kinds) + 1) * size)
    return Depth(kinds, start, cells % size, counts.astype(np.float64))


def draw(node: Node, codes: Codes, codings: Codings, rows: int, random: np.random.Generator) -> Ints:
    """A code for each row given the codes of its predictors, from the deepest context that is known."""
    out = np.full(rows, codings[node.name].null, np.int64)
    left = np.arange(rows)
    for depth in range(len(node.predictors), -1, -1):
        table = node.depths[depth]
        if not len(left) or not len(table.context):
            continue
        context = contexts(node.predictors[:depth], codes, codings, rows)[left]
        place = np.minimum(np.searchsorted(table.context, context), len(table.context) - 1)
        known = table.context[place] == context
        out[left[known]] = _pick(table, place[known], random)
        left = left[~known]
    return out


def _pick(table: Depth, place: Ints, random: np.random.Generator) -> Ints:
    total = np.r_[0.0, np.cumsum(table.count)]
    low, high = total[table.start[place]], total[table.start[place + 1]]
    spot = low + stratified(place, random) * (high - low)
    at = np.clip(np.searchsorted(total, spot, side="right") - 1, table.start[place], table.start[place + 1] - 1)
    return np.asarray(table.code[at], np.int64)


def stratified(group: Ints, random: np.random.Generator) -> NDArray[np.float64]:
    """Uniforms in [0, 1) that are spread evenly within each group: one in each of n equal parts, in random order."""
    if not len(group):
        return np.zeros(0)
    shuffled = random.permutation(len(group))
    order = shuffled[np.argsort(group[shuffled], kind="stable")]
    ordered = group[order]
    starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
    sizes = np.diff(np.r_[starts, len(ordered)])
    rank = np.arange(len(ordered)) - np.repeat(starts, sizes)
    out = np.empty(len(group))
    out[order] = (rank + random.random(len(ordered))) / np.repeat(sizes, sizes)
    return np.minimum(out, np.nextafter(1.0, 0.0))


def _is(option: Predictor, asked: str) -> bool:
    """Whether an option is what a recipe asks for: a column, or its groups where a `~` follows the name."""
    return option.name == asked.removesuffix("~") and option.coarse >= asked.endswith("~")


def _grains(coding: Coding) -> tuple[bool, ...]:
    return (False,) if coding.groups is None else (False, True)


def _size(predictor: Predictor, codings: Codings) -> int:
    coding = codings[predictor.name]
    if predictor.coarse and coding.groups is not None:
        return int(coding.groups.max()) + 1
    return coding.size


def _codes(predictor: Predictor, codes: Codes, codings: Codings) -> Ints:
    groups = codings[predictor.name].groups
    return groups[codes[predictor.name]] if predictor.coarse and groups is not None else codes[predictor.name]


def _likelihood(context: Ints, aim: Ints, units: Ints, base: NDArray[np.float64]) -> NDArray[np.float64]:
    """How likely each row's aim is given its context, by the rows of all other firms, drawn to `base`.

    Without leaving the firm out, whatever points at one firm (its founding month with its trade) would look best.
    `base` is how likely it was with a predictor less.
    """
    size, owners = int(aim.max()) + 1, int(units.max()) + 1
    triples, first, place, number = np.unique(
        (context * size + aim) * owners + units, return_index=True, return_inverse=True, return_counts=True
    )
    cell, owner = np.divmod(triples, owners)
    in_cell, in_context = _sum_by(cell, number), _sum_by(cell // size, number)
    of_firm = _sum_by((cell // size) * owners + owner, number)
    likely = (in_cell - number + PRIOR * base[first]) / (in_context - of_firm + PRIOR)
    return np.asarray(likely[place], np.float64)


def _sum_by(kinds: Ints, number: Ints) -> NDArray[np.float64]:
    """For each entry the sum of `number` over the entries of its kind."""
    place = np.unique(kinds, return_inverse=True)[1]
    return np.asarray(np.bincount(place, weights=number)[place], np.float64)


def node_json(node: Node) -> dict[str, Any]:
    """What of a node is no table: its name, predictors and depths."""
    return {
        "name": node.name,
        "predictors": [[p.name, p.coarse] for p in node.predictors],
        "depths": len(node.depths),
    }
