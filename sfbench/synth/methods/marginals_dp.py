"""`marginals_dp`: differentially private counts of single columns and of pairs along a fixed tree, Gaussian mechanism.

Neighbours differ in one firm with all that hangs on it. Each firm gives at most `rows_per_firm` rows a table, so a
count changes by at most that much, the vector of a marginal by at most 2 x rows_per_firm (L1), hence at most that in
L2; noise for all marginals together follows zero-concentrated DP: rho = sum of (sensitivity / sigma)^2 / 2, and
epsilon = rho + 2 sqrt(rho ln(1 / delta)) (Bun and Steinke 2016, Prop. 1.3). Bins and levels come from the declaration
where it has them; the bounds of others are taken from the data and are NOT covered by the guarantee, and neither are
the number of rows nor the registers: the model file says so.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from sfbench.synth.columns import Coding, Ints, decode
from sfbench.synth.columns import fit as fit_column
from sfbench.synth.learned import Learned, Tables, counts, with_units
from sfbench.synth.network import stratified
from sfbench.synth.parts import Parts

ABOUT = "counts with Gaussian noise, a stated budget (epsilon, delta); each column given the one before it"
OPTIONS = {"epsilon": 3.0, "delta": 1e-6, "rows_per_firm": 8, "k": 10, "seed": 1}
NUMBER = "number of rows"
COVERED = "counts by column and pair of neighbouring columns; not: bounds of bins, levels, number of firms, registers"


def rho_of(epsilon: float, delta: float) -> float:
    """The zero-concentrated budget whose (epsilon, delta) is as stated."""
    root = math.sqrt(math.log(1 / delta) + epsilon) - math.sqrt(math.log(1 / delta))
    return root * root


def sigma_of(rho: float, marginals: int, sensitivity: float) -> float:
    """Standard deviation of the noise on each count, if `marginals` share the budget evenly."""
    return sensitivity * math.sqrt(marginals / (2 * rho))


def fit(tables: Tables, options: Mapping[str, Any]) -> Parts:
    """Noisy counts. `epsilon`, `delta`: the budget of the whole model; `rows_per_firm`: rows of a table that count."""
    cut = {name: _bounded(table, int(options["rows_per_firm"])) for name, table in tables.items()}
    marginals = sum(len(table.columns.column_names) * 2 + bool(table.parent) for table in tables.values())
    rho = rho_of(float(options["epsilon"]), float(options["delta"]))
    random = np.random.default_rng(int(options["seed"]))
    budget = {"epsilon": options["epsilon"], "delta": options["delta"], "rho": rho, "covered": COVERED}
    parts = Parts({"tables": {}, "budget": budget}, {})
    for name, table in tables.items():
        columns = {c: table.columns[c].combine_chunks() for c in table.columns.column_names}
        codings, codes = dict[str, Coding](), dict[str, Ints]()
        for column, values in columns.items():
            codings[column], codes[column] = fit_column(column, values, table.firms(), int(options["k"]))
        sensitivity = 2.0 * (int(options["rows_per_firm"]) if table.parent else 1)
        sigma = sigma_of(rho, marginals, sensitivity)
        rows = []
        names = list(columns)
        for at, column in enumerate(names):
            kept = codes[column][cut[name]]
            rows.append((2 * at, _noisy(np.bincount(kept, minlength=codings[column].size), sigma, random)))
            if at:
                before = codings[names[at - 1]].size
                joint = codes[names[at - 1]][cut[name]] * codings[column].size + kept
                rows.append(
                    (2 * at + 1, _noisy(np.bincount(joint, minlength=before * codings[column].size), sigma, random))
                )
        record: dict[str, Any] = {
            "parent": table.parent,
            "columns": [codings[c].to_json() for c in names],
            "sigma": sigma,
        }
        if table.parent:
            number = counts(table, tables[table.parent].rows)
            coding, own = fit_column(NUMBER, pa.array(number), tables[table.parent].firms(), int(options["k"]))
            record["number"] = coding.to_json()
            rows.append((-1, _noisy(np.bincount(own, minlength=coding.size), sigma, random)))
        parts.json["tables"][name] = record
        lengths = [len(values) for _, values in rows]
        parts.tables[name] = pa.table(
            {"marginal": np.repeat([at for at, _ in rows], lengths), "count": np.concatenate([v for _, v in rows])}
        )
    return parts


def draw(parts: Parts, rows: Mapping[str, int], seed: int) -> dict[str, Learned]:
    """Fresh tables: `rows` of each table at the top."""
    random, out = np.random.default_rng(seed), dict[str, Learned]()
    for name, record in parts.json["tables"].items():
        marginal, counted = (np.asarray(parts.tables[name][c]) for c in ("marginal", "count"))
        codings = [Coding.from_json(column) for column in record["columns"]]
        parent_row = None
        size = rows.get(name, 0)
        if record["parent"]:
            coding = Coding.from_json(record["number"])
            own = _pick(counted[marginal == -1][None], np.zeros(out[record["parent"]].rows, np.int64), coding, random)
            number = np.asarray(decode(coding, own, random.random(len(own))).fill_null(0)).astype(np.int64)
            parent_row = np.repeat(np.arange(len(number)), number)
            size = len(parent_row)
        columns, before = dict[str, pa.Array](), np.zeros(size, np.int64)
        for at, coding in enumerate(codings):
            alone = counted[marginal == 2 * at]
            table = counted[marginal == 2 * at + 1].reshape(-1, coding.size) if at else alone[None]
            empty = table[:, : coding.rare].sum(axis=1) <= 0
            table = np.where(empty[:, None], alone, table)
            before = _pick(table, before, coding, random)
            columns[coding.name] = decode(coding, before, stratified(before, random))
        out[name] = Learned(name, pa.table(columns), record["parent"], parent_row)
    return with_units(out.values())


def _bounded(table: Learned, most: int) -> NDArray[np.bool_]:
    """The rows that count: at most `most` of each firm."""
    order = np.argsort(table.firms(), kind="stable")
    owner = table.firms()[order]
    first = np.searchsorted(owner, owner)
    kept = np.zeros(table.rows, np.bool_)
    kept[order] = np.arange(table.rows) - first < most
    return kept


def _noisy(counted: NDArray[Any], sigma: float, random: np.random.Generator) -> NDArray[np.float64]:
    """Counts with noise; what is below three standard deviations is dropped (post-processing costs no budget)."""
    noisy = counted + random.normal(0.0, sigma, len(counted))
    return np.where(noisy < 3 * sigma, 0.0, np.rint(noisy))


def _pick(table: NDArray[np.float64], given: Ints, coding: Coding, random: np.random.Generator) -> Ints:
    """A code for each row by the counts of the row `given`; null where there are none."""
    usable = np.maximum(table[:, : coding.rare], 0.0)
    total = np.cumsum(usable, axis=1)
    flat = total + np.r_[0.0, np.cumsum(total[:-1, -1])][:, None]
    base = np.r_[0.0, flat[:-1, -1]]
    spot = base[given] + stratified(given, random) * total[given, -1]
    at = np.searchsorted(flat.ravel(), spot, side="right") - given * usable.shape[1]
    return np.where(total[given, -1] > 0, np.clip(at, 0, coding.null), coding.null).astype(np.int64)
