"""A class of firms keeps its total where its firms are the larger ones of the bins that all classes share."""

import numpy as np
import pyarrow as pa
import pytest

from sfbench.synth import scales
from sfbench.synth.columns import decode, fit, raw

K = 10


@pytest.fixture(scope="module")
def column():
    """Debts of 400 plain firms, and of 60 of a class whose five largest owe most of all."""
    random = np.random.default_rng(2)
    plain = random.lognormal(0, 1, 400) * 1e6
    special = np.r_[random.lognormal(0, 1, 55) * 1e6, np.full(5, 4e8) + np.arange(5)]
    values = np.round(np.r_[plain, special])
    classes = np.repeat([0, 1], [400, 60])
    units = np.arange(460)
    coding, codes = fit("debt", pa.array(values), units, K)
    return coding, codes, values, classes, units


def by_class(values, classes):
    return np.bincount(classes, weights=values)


def test_totals_of_classes_hold(column):
    coding, codes, values, classes, units = column
    drawn = raw(decode(coding, codes, np.full(len(codes), 0.5)))[0]
    found = scales.fit(coding, codes, values, classes, units, K)
    scaled = scales.scaled(drawn, codes, classes, found)
    assert abs(by_class(drawn, classes)[1] / by_class(values, classes)[1] - 1) > 0.2
    assert by_class(scaled, classes) == pytest.approx(by_class(values, classes), rel=0.02)


def test_a_scale_rests_on_k_firms_of_the_class(column):
    coding, codes, values, classes, units = column
    found = scales.fit(coding, codes, values, classes, units, K)[1]
    mine = codes[classes == 1]
    for scale in np.unique(found[np.unique(mine)]):
        assert scale == 1 or np.isin(mine, np.flatnonzero(found == scale)).sum() >= K


def test_a_class_of_fewer_than_k_firms_has_none(column):
    coding, codes, values, classes, units = column
    rare = np.where(np.arange(len(classes)) < 9, 2, classes)
    assert 2 not in scales.fit(coding, codes, values, rare, units, K)
