"""`check-schema` and `evaluate` say of some tables that they are the same in every city."""

import pyarrow.parquet as pq
import pytest

import sfbench
from sfbench.content import scenario_names
from sfbench.spec.alike import ALIKE

TINY = 0.002


def rows(folder, scenario, scale, seed):
    """The rows of those tables, as a city of their own has them."""
    sfbench.generate(scenario, scale=scale, seed=seed, out=folder, tables=list(ALIKE))
    return {name: pq.read_table(folder / "data" / name).to_pylist() for name in ALIKE}


@pytest.fixture(scope="module")
def baseline(tmp_path_factory):
    return rows(tmp_path_factory.mktemp("city") / "city", "baseline", TINY, 0)


@pytest.mark.parametrize("scenario", scenario_names())
def test_they_are_the_same_in_every_scenario_whatever_the_seed(tmp_path, baseline, scenario):
    assert rows(tmp_path / "city", scenario, TINY, 1) == baseline


def test_they_are_the_same_at_every_scale(tmp_path, baseline):
    assert rows(tmp_path / "city", "baseline", 0.01, 2) == baseline
