"""Nothing but its content betrays a planted row: not its place, its number, its decimals, its nulls or its hash."""

import duckdb
import numpy as np
import pytest

import sfbench
from sfbench.content import tables
from sfbench.store.undo import read_labels
from tests.world.shared import SEED

SMALL = 0.02
WANTED = 5_000
# The classifier sees order, numbers, decimals and nulls. To see these faults there is to see the fault itself.
DECIMALS = {
    "heaping": "its content is the decimals: figures end in zeros",
    "rounding": "its content is the decimals: figures are rounded",
    "imputed_constant": "one figure stands in many rows, with the decimals of that one",
    "placeholder": "its content is a date or figure of round digits in place of the true one",
}
BY_NATURE = {
    "reordered": "its content is the order of rows",
    "drift": "hits every row of a bank from a month on, which lie together in the order of rows",
    "schema_drift": "hits every row of a bank from a month on, which lie together in the order of rows",
}


@pytest.fixture(scope="module", params=["dirty_feeds", "dirty_feeds_kept"])
def dirty(request, tmp_path_factory):
    """A small world with faults: (folder, labels)."""
    out = tmp_path_factory.mktemp("dirty") / request.param
    sfbench.generate(request.param, scale=SMALL, seed=SEED, out=out)
    return out, read_labels(out)


def test_a_small_world_bears_thousands_of_faults(dirty):
    connection = duckdb.connect()
    connection.register("labels", dirty[1])
    found = connection.sql(
        'SELECT count(DISTINCT ("table", block, row, planted_row)) FROM labels WHERE NOT decoy AND mechanism > 0'
    ).fetchall()
    assert found[0][0] >= WANTED
    classes = connection.sql("SELECT DISTINCT class FROM labels WHERE mechanism > 0").fetchall()
    assert {name for (name,) in classes} == {"cell", "row", "table", "cross", "statistical"}
    assert len(connection.sql("SELECT DISTINCT fault FROM labels WHERE decoy").fetchall()) >= 4


def features(folder, name, planted, among="TRUE"):
    """(what a thief could look at, shape (rows, 8); which rows are planted) of all planted rows and as many sound,
    which are drawn `among` the rows that the fault could have struck."""
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
        f"{whole}, {tenths}, {nulls}, hash(t) % 1000, COALESCE({among}, FALSE) FROM {name} AS t"
    ).fetchnumpy()
    *seen, fits = [np.ma.filled(column, -1).astype(float) for column in frame.values()]
    everything = np.column_stack(seen)
    hit = np.zeros(len(everything), bool)
    hit[planted] = True
    sound = np.random.default_rng(SEED).choice(
        np.flatnonzero(~hit & (fits > 0)), min(hit.sum(), (~hit & (fits > 0)).sum()), replace=False
    )
    keep = np.concatenate([np.flatnonzero(hit), sound])
    order = everything.argsort(axis=0).argsort(axis=0)[keep] / len(everything)  # of all tables on one scale
    return np.column_stack([everything[keep][:, 1:], order]), hit[keep]


def places(labels, name, condition):
    """Positions in the reported table of its planted rows, of the faults that fit."""
    import json

    blocks = json.loads(labels.schema.metadata[b"sfbench.blocks"])[name]
    counts = {block: planted for part in sorted(blocks, key=int) for block, _, planted in blocks[part]}
    start = dict(zip(counts, np.cumsum([0, *counts.values()])[:-1], strict=True))
    found = duckdb.sql(
        f"SELECT DISTINCT block, planted_row FROM labels WHERE \"table\" = '{name}' AND NOT decoy AND mechanism > 0 "
        f"AND planted_row IS NOT NULL AND fault {condition}"
    ).fetchall()
    return np.array([start[block] + row for block, row in found], int)


def boosted(x, y, seed):
    """Scores of rows by models that have not seen them: boosted stumps on 16 bins, two folds."""
    bins = np.column_stack(
        [np.searchsorted(np.unique(np.quantile(column, np.linspace(0, 1, 17)[1:-1])), column) for column in x.T]
    )
    fold, score = np.random.default_rng(seed).integers(0, 2, len(y)), np.zeros(len(y))
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


def test_no_classifier_finds_planted_rows_by_what_surrounds_their_content(dirty):
    x, y = looked_at(dirty, f"NOT IN {(*DECIMALS, *BY_NATURE)}")
    honest = auc(boosted(x, y, SEED), y)
    leaked = x.copy()
    leaked[y, 0] = 7  # every planted row has a number that ends in 7
    assert y.sum() >= WANTED
    assert auc(boosted(leaked, y, SEED), y) > 0.9
    assert abs(honest - 0.5) <= 0.02


# Often enough in a small world for some thousand rows each: an AUC of 0.5 then has a standard error of at most 0.0075.
EACH = 2_900
OFTEN = """
title_zh: 小数类差错
title_en: Faults of decimals
caption: Faults whose content is decimals, often.
extends: baseline
faults:
  - {{fault: heaping, table: credit_application, columns: [amount_requested], rate: 0.06, mechanism: {mechanism},
     with: {{threshold: 1000000, reach: 3}}}}
  - {{fault: rounding, table: enterprise_year, columns: [rd_spend], rate: 0.4, mechanism: {mechanism}}}
  - {{fault: imputed_constant, table: credit_application, columns: [tenor_requested], rate: 0.06,
     mechanism: {mechanism}}}
  - {{fault: placeholder, table: loan, columns: [due_on], rate: 0.08, mechanism: {mechanism}}}
"""


# Which rows a fault may strike by a mechanism, where not all: figures of at least ten units of 10,000 yuan are rounded,
# requests of up to four times the threshold pulled down to it.
STRUCK = {
    ("rounding", 1): "rd_spend >= 100000",
    ("rounding", 2): "rd_spend >= 100000",
    ("heaping", 2): "amount_requested > 1000000 AND amount_requested <= 4000000",
}


@pytest.fixture(scope="module", params=[1, 2])
def often(request, tmp_path_factory):
    """A small world with many faults of decimals, by one mechanism: (folder, labels), and the mechanism."""
    folder = tmp_path_factory.mktemp("often")
    (folder / "often.yaml").write_text(OFTEN.format(mechanism=request.param), encoding="utf-8")
    sfbench.generate(str(folder / "often.yaml"), scale=SMALL, seed=SEED, out=folder / "city")
    return (folder / "city", read_labels(folder / "city")), request.param


@pytest.mark.parametrize("fault", DECIMALS)
def test_a_fault_whose_content_is_decimals_is_found_by_nothing_else(often, fault):
    made, mechanism = often
    x, y = looked_at(made, f"= '{fault}'", STRUCK.get((fault, mechanism), "TRUE"))
    x = np.delete(x, [4, 5, 13, 14], axis=1)  # the decimals and their order
    assert min(y.sum(), (~y).sum()) >= EACH
    assert abs(auc(boosted(x, y, SEED), y) - 0.5) <= 0.02
