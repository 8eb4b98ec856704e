"""What the differentially private methods measure: columns on their own, and pairs along a tree chosen privately.

As MST (McKenna, Miklau and Sheldon 2021, "Winning the NIST contest", arXiv 2108.04978): every column alone, then a
tree of pairs by the exponential mechanism, then the pairs. Three things differ. The number of a row's children is a
column of the row. A child's columns may hang on its parent's. And each money column of a firm's children hangs on
their number, with a budget of its own, as a few firms with many large notes hold most of the principal.

The rows of a firm weigh no more than `rows_per_firm` together. So noise is small, but small firms count for more than
in the data: what depends on size comes right again as amounts are drawn given the number, and others given amounts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import pyarrow as pa

from sfbench.synth import grids, tree
from sfbench.synth.budget import Budget, sigma_of, threshold, weights
from sfbench.synth.columns import Coding, Floats, Ints, encode, numeric
from sfbench.synth.learned import Learned, Tables, children, counts
from sfbench.synth.projection import SURE, shown, simplex
from sfbench.synth.summaries import PREFIX, count_name

# Shares of the budget: numbers of children, columns alone, which pairs, the pairs, pairs of number and money. By
# experiment (14,286 firms): without the last, a third of the principal is lost.
SHARES = {"number": 0.15, "alone": 0.3, "choice": 0.05, "pair": 0.3, "money": 0.2}
MOST_GROUPS = 12  # of a column in a pair
SLACK = 1.0  # of the span of values that are shown to be there, kept on either side
LEAST = 3.0  # standard deviations of noise that a group of codes is to hold


@dataclass(frozen=True, slots=True)
class Alone:
    """A column on its own: shares by code made of noisy counts; `coding` groups the codes as pairs do."""

    coding: Coding
    shares: Floats
    sigma: float

    @property
    def size(self) -> int:
        """Number of groups."""
        return int(groups_of(self.coding).max()) + 1

    def grouped(self) -> Floats:
        """Shares by group."""
        return np.asarray(np.bincount(groups_of(self.coding), self.shares, minlength=self.size), np.float64)


@dataclass(frozen=True, slots=True)
class Pair:
    """Noisy counts by group of `given` (a column, or `parent.column`) and group of `column`."""

    given: str
    column: str
    counts: Floats
    sigma: float
    money: bool = False  # by the number of the parent's children


@dataclass(frozen=True, slots=True)
class Measured:
    """A table. `total`: the weight of its rows; `above`: columns of its parent, whose rows weigh `above_total`."""

    parent: str
    total: float
    most: float
    alone: dict[str, Alone]
    above: dict[str, Alone] = field(default_factory=dict)
    above_total: float = 0.0
    pairs: tuple[Pair, ...] = ()

    def column(self, name: str) -> Alone:
        """A column of the table, or of its parent."""
        return self.alone[name] if name in self.alone else self.above[name]


def groups_of(coding: Coding) -> Ints:
    """The group of each code, null among them."""
    return coding.groups if coding.groups is not None else np.zeros(coding.rare, np.int64)


def measure(tables: Tables, budget: Budget, rows_per_firm: float, delta: float) -> dict[str, Measured]:
    """All tables with noise; `delta`: the probability with which a word of one firm may be told."""
    full = {name: _with_numbers(tables, name) for name in tables}
    money = {name: _money(table) if _of_firm(table, full) else [] for name, table in full.items()}
    cost = _costs(full, money)
    open_words = sum(_undeclared(table, column) for table in full.values() for column in table.columns.column_names)
    out, codes = dict[str, Measured](), dict[str, dict[str, Ints]]()
    for name, table in full.items():
        most = float(rows_per_firm) if table.parent else 1.0
        weight = weights(table.firms(), most)
        found, known = dict[str, tuple[Coding, Floats, float]](), dict[str, Ints]()
        for column in table.columns.column_names:
            rho = budget.rho * cost["number" if column.startswith(PREFIX) else "alone"]
            found[column], known[column] = _alone(table, column, weight, budget, rho, most, delta / max(open_words, 1))
        total = float(table.rows) if not table.parent else _total([noisy for _, noisy, _ in found.values()])
        alone = {column: _shared(*one, total) for column, one in found.items()}
        codes[name] = {c: groups_of(a.coding)[np.minimum(known[c], a.coding.null)] for c, a in alone.items()}
        one = Measured(table.parent, total, most, alone)
        if table.parent:
            above = {f"{table.parent}.{c}": a for c, a in out[table.parent].alone.items()}
            one = replace(one, above=above, above_total=out[table.parent].total)
        out[name] = _paired(one, table, money[name], _handed_down(table, codes), weight, budget, cost)
    return out


def _paired(
    one: Measured,
    table: Learned,
    money: list[str],
    known: Mapping[str, Ints],
    weight: Floats,
    budget: Budget,
    cost: Mapping[str, float],
) -> Measured:
    """The table with its pairs: those of money first, then a tree."""
    number = f"{table.parent}.{count_name(table.name)}"
    rho = {kind: budget.rho * share for kind, share in cost.items()}
    sigma = sigma_of(rho["pair"], one.most)
    shares = {name: one.column(name).grouped() for name in known}
    edges = tree.chosen(shares, list(one.alone), money, known, weight, sigma, budget, rho["choice"], one.most)
    pairs = []
    for given, column, kind in [*((number, c, "money") for c in money), *((g, c, "pair") for g, c in edges)]:
        joint = tree.joint(known[given], known[column], (len(shares[given]), len(shares[column])), weight)
        noisy, sigma = budget.noisy(joint, rho[kind], one.most)
        pairs.append(Pair(given, column, noisy, sigma, kind == "money"))
    return replace(one, pairs=tuple(pairs))


def _costs(tables: Tables, money: Mapping[str, list[str]]) -> dict[str, float]:
    """The share of the budget for one measurement of each kind; kinds that are not there leave theirs to the others."""
    columns = sum(len(table.columns.column_names) for table in tables.values())
    number, amounts = sum(bool(table.parent) for table in tables.values()), sum(map(len, money.values()))
    pairs = columns - amounts - sum(not table.parent for table in tables.values())
    times = {"number": number, "alone": columns - number, "choice": pairs, "pair": pairs, "money": amounts}
    whole = sum(share for kind, share in SHARES.items() if times[kind])
    return {kind: share / whole / max(times[kind], 1) for kind, share in SHARES.items()}


def _alone(
    table: Learned, column: str, weight: Floats, budget: Budget, rho: float, most: float, delta: float
) -> tuple[tuple[Coding, Floats, float], Ints]:
    """((public coding, noisy counts by code, sigma), codes) of a column."""
    values = table.columns[column].combine_chunks()
    kind = str(values.type)
    if column.startswith(PREFIX):
        coding = grids.numbers(column)
    elif _undeclared(table, column):
        held = values.filter(pa.array(weight > 0)).dictionary_encode().dictionary
        coding = grids.grid(column, kind, [word for word in held.to_pylist() if word is not None])
    else:
        coding = grids.grid(column, kind, table.words.get(column, ()))
    code = encode(coding, values)
    counted = np.asarray(np.bincount(code, weight, minlength=coding.size)[: coding.rare], np.float64)
    noisy, sigma = budget.noisy(counted, rho, most)
    if _undeclared(table, column):
        told = np.flatnonzero(noisy[: coding.null] >= threshold(sigma, most, delta))
        coding = grids.grid(column, kind, [coding.levels[at] for at in told])
        code, noisy = encode(coding, values), noisy[[*told, -1]]
    return (coding, noisy, sigma), code


def _shared(coding: Coding, noisy: Floats, sigma: float, total: float) -> Alone:
    """Counts as shares, and groups of codes that noise leaves apart."""
    if numeric(coding.type) and not coding.name.startswith(PREFIX):
        values = grids.values(coding)
        order = np.argsort(values, kind="stable")
        first, last = shown(noisy[order], sigma)
        if first >= last:  # nothing stands out: the value that has most
            first = int(np.argmax(noisy[order]))
            last = first + 1
        ends = values[order][first:last]
        reach = SLACK * (ends[-1] - ends[0])
        noisy = np.where(np.r_[(values >= ends[0] - reach) & (values <= ends[-1] + reach), True], noisy, -np.inf)
    if noisy[-1] < SURE * sigma and len(noisy) > 1:  # most columns have no null, and noise must not bring any
        noisy = np.r_[noisy[:-1], -np.inf]
    shares = simplex(noisy, total) / total
    least = LEAST * sigma / total
    return Alone(replace(coding, groups=_groups(coding, shares, least)), shares, sigma)


def _groups(coding: Coding, shares: Floats, least: float) -> Ints:
    """A group for each code, null one of its own: at most `MOST_GROUPS`, each of at least the share `least`."""
    own = shares[: coding.null]
    if coding.name.startswith(PREFIX):
        groups = grids.octave(coding)
    elif coding.type.endswith(", 2)"):
        groups = grids.decade(coding)
    elif numeric(coding.type):
        order = np.argsort(grids.values(coding), kind="stable")
        number = int(np.clip(own.sum() / least, 1, MOST_GROUPS))
        rank = (np.cumsum(own[order]) - own[order] / 2) / max(own.sum(), 1e-12)
        groups = np.empty(coding.null, np.int64)
        groups[order] = np.minimum(rank * number, number - 1).astype(np.int64)
    else:
        ranked = np.argsort(-own, kind="stable")[:MOST_GROUPS]
        large = ranked[own[ranked] > least]
        groups = np.full(coding.null, len(large))
        groups[large] = np.arange(len(large))
    with_null = np.r_[groups, groups.max(initial=-1) + 1]
    return np.unique(with_null, return_inverse=True)[1].astype(np.int64)


def _total(marginals: list[Floats]) -> float:
    """The weight of all rows: the mean of what the marginals say, by the inverse of their noise."""
    return max(float(np.average([m.sum() for m in marginals], weights=[1 / len(m) for m in marginals])), 1.0)


def _with_numbers(tables: Tables, name: str) -> Learned:
    table = tables[name]
    return table.with_columns({count_name(c.name): pa.array(counts(c, table.rows)) for c in children(tables, name)})


def _handed_down(table: Learned, codes: Mapping[str, Mapping[str, Ints]]) -> dict[str, Ints]:
    """Groups of the table's columns, and of its parent's at the table's rows."""
    if table.parent_row is None:
        return dict(codes[table.name])
    above = {f"{table.parent}.{column}": group[table.parent_row] for column, group in codes[table.parent].items()}
    return {**above, **codes[table.name]}


def _of_firm(table: Learned, tables: Tables) -> bool:
    return bool(table.parent) and not tables[table.parent].parent


def _money(table: Learned) -> list[str]:
    return [one.name for one in table.columns.schema if str(one.type).endswith(", 2)")]


def _undeclared(table: Learned, column: str) -> bool:
    """Whether it is a column of words that nobody declared."""
    return pa.types.is_string(table.columns.schema.field(column).type) and column not in table.words
