"""What a model keeps of a bin's numbers is no row's own, unless enough firms have that number."""

import numpy as np
import pyarrow as pa
import pytest

from sfbench.synth.columns import fit

K = 10


@pytest.mark.parametrize("kind", [pa.int64(), pa.float64(), pa.decimal128(18, 2)])
@pytest.mark.parametrize("rows", [21, 41, 500, 5000])
@pytest.mark.parametrize("rows_per_firm", [1, 7])
def test_no_number_of_a_bin_is_one_that_fewer_firms_hold(kind, rows, rows_per_firm):
    random = np.random.default_rng(rows)
    yuan = np.unique(random.lognormal(12, 2, rows * rows_per_firm).round())
    firms = np.arange(len(yuan)) % rows
    coding, _ = fit("x", pa.array(yuan.tolist()).cast(kind), firms, K)
    assert len(coding.low)
    raw = yuan * 100 if pa.types.is_decimal(kind) else yuan
    for numbers in (coding.low, coding.high, coding.mean, coding.edges):
        assert not np.isin(numbers, raw).any()


def test_a_number_that_enough_firms_hold_may_stand_there():
    yuan = np.r_[np.full(60, 1000.0), 1001 + np.random.default_rng(1).lognormal(9, 1, 20000)]
    coding, _ = fit("x", pa.array(yuan), np.arange(len(yuan)), K)
    assert 1000.0 not in coding.levels and 1000.0 in coding.low
