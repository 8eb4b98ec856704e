"""A thief who looks at all that surrounds the content of rows, and guesses which of them are planted."""

from __future__ import annotations

import json

import duckdb
import numpy as np

import sfbench
from sfbench.content import tables
from tests.world.shared import SEED

WANTED = 5_000  # planted rows: an AUC of 0.5 then has a standard error of at most 0.006
OF_DECIMALS, OF_ORDER = [4, 5, 13, 14], [2, 3, 8, 11, 12]  # columns of what is seen


def seen(folder, name, among="TRUE"):
    """(what a thief could look at in each row, shape (rows, 9); the same as ranks; which rows are `among`)."""
    spec = tables()[name].spec
    connection = sfbench.open(folder, tables=[name])
    key = spec.key[-1]
    money = [c.name for c in spec.columns if c.kind in ("money", "rate")]
    whole = " + ".join(f"CAST(({m} * 100) % 100 = 0 AND {m} <> 0 AS INT)" for m in money) or "0"
    tenths = " + ".join(f"CAST(({m} * 100) % 10 = 0 AND {m} <> 0 AS INT)" for m in money) or "0"
    nulls = " + ".join(f"CAST({c.name} IS NULL AS INT)" for c in spec.columns if c.nullable) or "0"
    number = key if spec.column(key).kind in ("key", "count") else "0"
    frame = connection.sql(
        f"SELECT row_number() OVER () AS place, {number} % 10, {number} % 97, "
        f"{number} - lag({number}, 1, 0) OVER (), lead({number}, 1, 0) OVER () - {number}, "
        f"{whole}, {tenths}, {nulls}, hash(t) % 1000 FROM {name} AS t"
    ).fetchnumpy()
    looked = [np.ma.filled(column, -1).astype(float) for column in frame.values()]
    # In a query of its own: a window that `among` asks for may bring rows into another order.
    placed = f"SELECT *, row_number() OVER () AS place FROM {name}"
    fits = connection.sql(f"SELECT COALESCE({among}, FALSE) AS fits FROM ({placed}) ORDER BY place").fetchnumpy()
    everything = np.column_stack(looked)
    ranks = everything.argsort(axis=0).argsort(axis=0) / len(everything)  # of all tables on one scale
    return everything, ranks, np.asarray(fits["fits"], bool)


def features(folder, name, planted, among="TRUE"):
    """(what is seen, shape (rows, 17); which rows are planted) of all planted rows and as many sound, which are drawn
    `among` the rows that the fault could have struck."""
    everything, ranks, fits = seen(folder, name, among)
    hit = np.zeros(len(everything), bool)
    hit[planted] = True
    sound = np.flatnonzero(~hit & fits)
    sound = np.random.default_rng(SEED).choice(sound, min(hit.sum(), len(sound)), replace=False)
    keep = np.concatenate([np.flatnonzero(hit), sound])
    return np.column_stack([everything[keep][:, 1:], ranks[keep]]), hit[keep]


def places(labels, name, condition):
    """Positions in the reported table of its planted rows, of the faults that fit."""
    blocks = json.loads(labels.schema.metadata[b"sfbench.blocks"])[name]
    counts = {block: planted for part in sorted(blocks, key=int) for block, _, planted in blocks[part]}
    start = dict(zip(counts, np.cumsum([0, *counts.values()])[:-1], strict=True))
    found = duckdb.sql(
        f"SELECT DISTINCT block, planted_row FROM labels WHERE \"table\" = '{name}' AND NOT decoy AND mechanism > 0 "
        f"AND planted_row IS NOT NULL AND fault {condition}"
    ).fetchall()
    return np.array([start[block] + row for block, row in found], int)


def boosted(x, y, seed, fold=None):
    """Scores of rows by models that have not seen them: boosted stumps on 16 bins, two folds (drawn if not given)."""
    bins = np.column_stack(
        [np.searchsorted(np.unique(np.quantile(column, np.linspace(0, 1, 17)[1:-1])), column) for column in x.T]
    )
    fold = np.random.default_rng(seed).integers(0, 2, len(y)) if fold is None else fold
    score = np.zeros(len(y))
    for held in (0, 1):
        learn, raised = fold != held, np.zeros(len(y))
        for _ in range(60):
            residual = np.where(learn, y - 1 / (1 + np.exp(-raised)), 0)
            best = (0.0, 0, 0, 0.0, 0.0)
            for feature in range(bins.shape[1]):
                sums = np.bincount(bins[:, feature], residual, 17).cumsum()
                counts = np.bincount(bins[learn, feature], minlength=17).cumsum()
                left, right = np.maximum(counts, 1), np.maximum(counts[-1] - counts, 1)
                gain = sums**2 / left + (sums[-1] - sums) ** 2 / right
                at = int(gain[:-1].argmax())
                if gain[at] > best[0]:
                    best = (gain[at], feature, at, sums[at] / left[at], (sums[-1] - sums[at]) / right[at])
            _, feature, at, low, high = best
            raised += 0.5 * np.where(bins[:, feature] <= at, low, high)
        score[fold == held] = raised[fold == held]
    return score


def auc(score, y):
    """Chance that a planted row scores above a sound one, ties half."""
    _, inverse, counts = np.unique(score, return_inverse=True, return_counts=True)
    rank = (np.cumsum(counts) - (counts - 1) / 2)[inverse]
    planted = y.sum()
    return (rank[y].sum() - planted * (planted + 1) / 2) / (planted * (len(y) - planted))


def looked_at(dirty, condition, among="TRUE"):
    """What a thief could look at, and which rows are planted, of all tables together."""
    folder, labels = dirty
    asked = f'SELECT DISTINCT "table" FROM labels WHERE NOT decoy AND mechanism > 0 AND fault {condition}'
    names = sorted({name for (name,) in duckdb.sql(asked).fetchall()})
    parts = [features(folder, name, places(labels, name, condition), among) for name in names]
    return np.concatenate([part[0] for part in parts]), np.concatenate([part[1] for part in parts])
