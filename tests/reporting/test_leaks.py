"""Nothing but its content betrays a planted row: not its place, its number, its decimals, its nulls or its hash.

All faults mixed, and those whose content is what the classifier sees alone; the others alone: `test_leaks_one_by_one`.
"""

import duckdb
import numpy as np
import pytest

import sfbench
from sfbench.store.undo import read_labels, undo
from tests.reporting.planted import scenario
from tests.reporting.thief import OF_DECIMALS, OF_ORDER, WANTED, auc, boosted, looked_at, places, seen
from tests.world.shared import SEED

SMALL = 0.02
# The classifier sees order, numbers, decimals and nulls. To see these faults there is to see the fault itself.
DECIMALS = {
    "heaping": "its content is the decimals: figures end in zeros",
    "rounding": "its content is the decimals: figures are rounded",
    "imputed_constant": "one figure stands in many rows, with the decimals of that one",
    "placeholder": "its content is a date or figure of round digits in place of the true one",
}
ORDER = {"reordered": "its content is the order of rows"}
# Rows of these are chosen by the month and the bank that they report, not one by one: who is struck is told by what the
# bank is and by the month, which no one hides. So a row is compared with what it would be without the fault.
OF_A_BANK = {
    "drift": "every row of a bank from a month on",
    "schema_drift": "every row of a bank from a month on",
    "window_dressing": "every row of a bank at a quarter end",
    "padded_figures": "every row of a bank in a year",
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


def test_no_classifier_finds_planted_rows_by_what_surrounds_their_content(dirty):
    x, y = looked_at(dirty, f"NOT IN {(*DECIMALS, *ORDER, *OF_A_BANK)}")
    honest = auc(boosted(x, y, SEED), y)
    leaked = x.copy()
    leaked[y, 0] = 7  # every planted row has a number that ends in 7
    assert y.sum() >= WANTED
    assert auc(boosted(leaked, y, SEED), y) > 0.9
    assert abs(honest - 0.5) <= 0.02


# Often enough for WANTED rows each.
OFTEN_SCALE = 0.04
OFTEN = """
title_zh: 小数与次序类差错
title_en: Faults of decimals and order
caption: Faults whose content is decimals or order, often.
extends: baseline
faults:
  - {{fault: heaping, table: credit_application, columns: [amount_requested], rate: 0.06, mechanism: {mechanism},
     with: {{threshold: 1000000, reach: 3}}}}
  - {{fault: rounding, table: enterprise_year, columns: [rd_spend], rate: 0.4, mechanism: {mechanism}}}
  - {{fault: imputed_constant, table: credit_application, columns: [tenor_requested], rate: 0.06,
     mechanism: {mechanism}}}
  - {{fault: placeholder, table: loan, columns: [due_on], rate: 0.08, mechanism: {mechanism}}}
  - {{fault: reordered, table: loan_flow, rate: 0.01, mechanism: {mechanism}}}
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
    sfbench.generate(str(folder / "often.yaml"), scale=OFTEN_SCALE, seed=SEED, out=folder / "city")
    return (folder / "city", read_labels(folder / "city")), request.param


@pytest.mark.parametrize("fault", DECIMALS)
def test_a_fault_whose_content_is_decimals_is_found_by_nothing_else(often, fault):
    made, mechanism = often
    x, y = looked_at(made, f"= '{fault}'", STRUCK.get((fault, mechanism), "TRUE"))
    x = np.delete(x, OF_DECIMALS, axis=1)
    assert min(y.sum(), (~y).sum()) >= WANTED
    assert abs(auc(boosted(x, y, SEED), y) - 0.5) <= 0.02


def test_a_fault_whose_content_is_the_order_of_rows_is_found_by_nothing_else(often):
    x, y = looked_at(often[0], "= 'reordered'")
    assert min(y.sum(), (~y).sum()) >= WANTED
    assert auc(boosted(x, y, SEED), y) > 0.6  # by its content
    x = np.delete(x, OF_ORDER, axis=1)
    assert abs(auc(boosted(x, y, SEED), y) - 0.5) <= 0.02


BANKS = {  # table, columns, rate, how many worlds are needed for enough rows
    "drift": ("credit_application", "[amount_requested]", 0.5, 1),
    "schema_drift": ("loan", "[grant_rate, benchmark_rate]", 1.0, 2),
    "window_dressing": ("bank_month", "[]", 1.0, 3),
    "padded_figures": ("bank_month", "[]", 1.0, 3),
}


def before_and_after(fault, mechanism, folder):
    """(what is seen of the rows that a fault struck, and of the same rows without it; which are which; the pairs)."""
    table, columns, rate, worlds = BANKS[fault]
    wish = f"fault: {fault}, table: {table}, columns: {columns}, rate: {rate}, mechanism: {mechanism}"
    parts = []
    for seed in range(SEED, SEED + worlds):
        out, back = folder / f"{seed}", folder / f"{seed}-clean"
        mine = scenario(folder, f"  - {{{wish}}}\n")
        sfbench.generate(mine, scale=SMALL, seed=seed, tables=[table], out=out)
        undo(out, back)
        at = places(read_labels(out), table, f"= '{fault}'")
        for dataset, planted in ((out, True), (back, False)):
            everything, ranks, _ = seen(dataset, table)
            x = np.column_stack([everything[at][:, 1:], ranks[at]])
            parts.append((x, np.full(len(at), planted), at + seed * 10**9))
    return tuple(np.concatenate([part[i] for part in parts]) for i in range(3))


@pytest.mark.parametrize("mechanism", [1, 2])
@pytest.mark.parametrize("fault", OF_A_BANK)
def test_a_fault_of_a_bank_leaves_no_trace_on_its_rows_but_its_content(fault, mechanism, tmp_path):
    x, y, pair = before_and_after(fault, mechanism, tmp_path)
    assert y.sum() >= WANTED
    pairs, which = np.unique(pair, return_inverse=True)
    fold = np.random.default_rng(SEED).integers(0, 2, len(pairs))[which]  # a pair stays together
    leaked = x.copy()
    leaked[y, 0] = 7
    assert auc(boosted(leaked, y, SEED, fold), y) > 0.9
    if fault == "schema_drift":  # rates in hundredths, or of another column: its content is decimals
        x = np.delete(x, OF_DECIMALS, axis=1)
    assert abs(auc(boosted(x, y, SEED, fold), y) - 0.5) <= 0.02
