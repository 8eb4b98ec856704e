"""What the methods with differentially private marginals share: the budget, what a model keeps, and drawing from it.

A model keeps, of each column, its grid with shares by code, and of each pair of the tree its shares. All are made of
noisy counts, so sampling needs neither the data nor the estimator.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa

from sfbench.synth import amounts
from sfbench.synth.budget import Budget, rho_of
from sfbench.synth.columns import Coding, Floats, Ints, decode
from sfbench.synth.learned import Learned, Tables, with_units
from sfbench.synth.network import stratified
from sfbench.synth.noisy import Measured, groups_of, measure
from sfbench.synth.parts import Parts
from sfbench.synth.summaries import PREFIX, count_name
from sfbench.synth.tree import walked

# seed: of the noise; 0 takes it from the operating system, as whoever knows the seed can take the noise away.
OPTIONS = {"epsilon": 3.0, "delta": 1e-6, "rows_per_firm": 1, "seed": 0}
COVERED = (
    "all that the model keeps of rows, for a firm with all that hangs on it: bins and codes come from declarations, "
    "words that nobody declared are told from a noisy count only; not: number of firms, registers, share kept out"
)
SEEDED = "NOTHING while the seed of the noise is known: fit with seed 0 what you publish"

Estimate = Callable[[Measured], list[Floats]]  # shares of each pair, by group of its two columns


def fit_with(estimate: Estimate, tables: Tables, options: Mapping[str, Any]) -> Parts:
    """Measure with noise, then estimate. `epsilon`, `delta`: the budget of the whole model."""
    epsilon, delta, seed = float(options["epsilon"]), float(options["delta"]), int(options["seed"])
    budget = Budget(rho_of(epsilon, delta / 2), np.random.default_rng(seed or None))
    measured = measure(tables, budget, float(options["rows_per_firm"]), delta / 2)
    stated = {"epsilon": epsilon, "delta": delta, "rho": budget.rho, "spent": budget.spent}
    parts = Parts({"budget": stated | {"covered": SEEDED if seed else COVERED}, "tables": {}}, {})
    for name, one in measured.items():
        pairs = [replace(p, counts=amounts.smooth(one, p)) if p.money else p for p in one.pairs]
        one = replace(one, pairs=tuple(pairs))
        kept = {f"alone {column}": alone.shares for column, alone in one.alone.items()}
        kept |= {f"pair {at}": shares.ravel() for at, shares in enumerate(estimate(one))}
        parts.json["tables"][name] = {
            "parent": one.parent,
            "columns": [alone.coding.to_json() for alone in one.alone.values()],
            "pairs": [[pair.given, pair.column] for pair in pairs],
        }
        marginal = np.repeat(list(kept), [len(shares) for shares in kept.values()])
        parts.tables[name] = pa.table({"marginal": marginal, "share": np.concatenate(list(kept.values()))})
    return parts


def draw(parts: Parts, rows: Mapping[str, int], seed: int) -> dict[str, Learned]:
    """Fresh tables: `rows` of each table at the top."""
    random, out = np.random.default_rng(seed), dict[str, Learned]()
    groups = dict[str, dict[str, Ints]]()
    for name, record in parts.json["tables"].items():
        parent, parent_row, known = record["parent"], None, dict[str, Ints]()
        if parent:
            number = np.asarray(out[parent].columns[count_name(name)].fill_null(0)).astype(np.int64)
            parent_row = np.repeat(np.arange(len(number)), number)
            known = {f"{parent}.{column}": group[parent_row] for column, group in groups[parent].items()}
        size = rows.get(name, 0) if parent_row is None else len(parent_row)
        codings = {column["name"]: Coding.from_json(column) for column in record["columns"]}
        kept = _kept(parts.tables[name])
        drawn = dict[str, pa.Array]()
        for column, edge in walked(record["pairs"], list(codings), list(known)):
            alone, group_of = kept[f"alone {column}"], groups_of(codings[column])
            cells = np.zeros((int(group_of.max()) + 1, len(alone)))
            cells[group_of, np.arange(len(alone))] = alone + 1e-12  # a group whose codes are all 0 is drawn evenly
            if edge < 0:
                table, given = cells.sum(axis=1)[None], np.zeros(size, np.int64)
            else:
                other, last = record["pairs"][edge]
                table = kept[f"pair {edge}"].reshape(-1, len(cells) if last == column else _groups(codings[last]))
                table, given = (table, known[other]) if last == column else (table.T, known[last])
            known[column] = _pick(table, given, random)
            codes = _pick(cells, known[column], random)
            drawn[column] = decode(codings[column], codes, stratified(codes, random))
        groups[name] = {column: known[column] for column in codings}
        out[name] = Learned(name, pa.table({column: drawn[column] for column in codings}), parent, parent_row)
    return {name: _public(table) for name, table in with_units(out.values()).items()}


def _kept(table: pa.Table) -> dict[str, Floats]:
    """The shares of each marginal."""
    names, place = np.unique(np.asarray(table["marginal"]).astype(str), return_inverse=True)
    shares = np.asarray(table["share"], np.float64)
    return {str(name): shares[place == at] for at, name in enumerate(names)}


def _groups(coding: Coding) -> int:
    return int(groups_of(coding).max()) + 1


def _pick(table: Floats, given: Ints, random: np.random.Generator) -> Ints:
    """A column of the table for each row, by the shares in the line `given`; the last one where all are 0."""
    total = np.cumsum(table, axis=1)
    sums = total[:, -1]
    ends = (total / np.where(sums > 0, sums, 1.0)[:, None]) + np.arange(len(table))[:, None]
    ends[:, -1] = np.arange(len(table)) + 1.0
    spot = given + stratified(given, random)
    at = np.searchsorted(ends.ravel(), np.minimum(spot, np.nextafter(given + 1.0, 0.0)), side="right")
    return np.asarray(at - given * table.shape[1], np.int64)


def _public(table: Learned) -> Learned:
    """Without the numbers of children."""
    names = [name for name in table.columns.column_names if not name.startswith(PREFIX)]
    return Learned(table.name, table.columns.select(names), table.parent, table.parent_row, table.unit)
