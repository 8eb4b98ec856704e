"""No expectation is violated in a clean city of any size: the fewest firms, and a last block of thirty."""

import pytest

import sfbench
from sfbench.quality.run import validate_declared
from sfbench.world.plan import LEAST_FIRMS, plan


@pytest.mark.parametrize(("firms", "seed"), [(LEAST_FIRMS, 3), (LEAST_FIRMS, 4), (6174, 2)])
def test_a_clean_city_of_an_odd_size_breaks_no_rule(firms, seed, tables, tmp_path):
    sfbench.generate(scale=firms / plan("baseline", scale=1).firms, seed=seed, out=tmp_path / "city")
    report = validate_declared(tmp_path / "city", tables)
    assert [(f.id, f.outcome, f.reason) for f in report.findings if f.outcome != "passed"] == []
