"""Several tables at the top: each has its own rows and its own descendants, and no attack takes one for another."""

import numpy as np
import pyarrow as pa
import pytest

from sfbench import privacy
from sfbench.synth import fidelity
from sfbench.synth.learned import Learned, with_units

FIRMS, LOANS = 30, 80


def learned(seed=0):
    """Firms with visits, and loans of nobody with payments: four tables, two of them at the top."""
    random = np.random.default_rng(seed)
    visits, payments = np.repeat(np.arange(FIRMS), 2), np.repeat(np.arange(LOANS), 3)
    money = pa.array(np.arange(len(payments))).cast(pa.decimal128(21, 2)).cast(pa.decimal128(18, 2))
    return with_units(
        [
            Learned("firm", pa.table({"size": random.random(FIRMS)})),
            Learned("loan", pa.table({"rate": random.random(LOANS)})),
            Learned("visit", pa.table({"length": random.random(len(visits))}), "firm", visits),
            Learned("payment", pa.table({"paid": money}), "loan", payments),
        ]
    )


@pytest.mark.parametrize(
    ("top", "rows", "columns"),
    [
        ("", FIRMS, {"size", "visit: length, mean", "visit: length, largest", "visit: rows"}),
        ("loan", LOANS, {"rate", "payment: paid, mean", "payment: paid, largest", "payment: rows"}),
    ],
)
def test_a_frame_holds_one_table_at_the_top_with_what_hangs_on_it(top, rows, columns):
    frame = privacy.firms(learned(), top)
    assert frame.rows == rows and set(frame.columns) == columns


def test_rows_are_counted_where_they_hang():
    tables = learned()
    assert (privacy.firms(tables).numbers["visit: rows"] == 2).all()
    assert (privacy.firms(tables, "loan").numbers["payment: rows"] == 3).all()


def test_totals_are_by_the_row_at_the_top_that_money_hangs_on():
    """Loans are more than firms: taken for firms, they had no place."""
    found = fidelity.figures(learned(), learned(1))
    assert found["total_ratio"] == pytest.approx(1) and found["top_ten_ratio"] == pytest.approx(1)
    largest = np.arange(3 * LOANS).reshape(LOANS, 3).sum(axis=1)
    assert fidelity._by_firm(learned(), "payment", "paid").tolist() == pytest.approx((100 * largest).tolist())  # cents
