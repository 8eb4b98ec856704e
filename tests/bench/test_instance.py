"""An instance: what a method sees is the world, and the truth is what its twin would have been."""

import math

import numpy as np
import polars as pl
import pytest

import sfbench
from sfbench.bench.instance import instance
from sfbench.content import scenario
from sfbench.errors import SfbenchError
from sfbench.spec import NEVER
from sfbench.world.plan import plan
from sfbench.world.reach import reach
from tests.bench.shared import TEXT


@pytest.fixture(scope="module")
def made(posed):
    return instance(posed, "main", 5)


def test_the_panel_is_the_lending_of_the_areas_worked_out_in_polars(posed, made):
    loans = pl.from_arrow(sfbench.generate(posed.where, scale=0.03, seed=5, tables=["loan"])["loan"])
    register = reach(plan(posed, scale=0.03, seed=5, tables=("loan",)), posed.levers[0])
    firms = pl.DataFrame({"enterprise_id": register["firm"], "unit": register["unit"]}).filter(
        pl.Series(register["eligible"])
    )
    sums = (
        loans.filter(pl.col("granted_on").is_between(pl.date(2024, 1, 1), pl.date(2026, 12, 31)))
        .join(firms, on="enterprise_id")
        .group_by("unit", pl.col("granted_on").dt.truncate("1q").alias("quarter"))
        .agg(pl.col("amount_rmb").cast(pl.Float64).sum().log())
        .pivot(on="quarter", index="unit", values="amount_rmb", sort_columns=True)
        .sort("unit")
        .drop_nulls()
    )
    assert sums["unit"].to_list() == made.unit.tolist()
    assert np.abs(sums.drop("unit").to_numpy() - made.observed.y).max() < 1e-9


def test_untreated_cells_are_those_of_the_twin(made):
    treated = made.observed.treated
    assert (made.effects[~treated] == 0).all()
    assert (made.effects[treated] != 0).mean() > 0.9


def test_the_effect_is_the_lever_s_in_log_points(made):
    # Requests from July on are drawn up to three months later, and amounts are rounded: below log(1.3) at first.
    late = made.observed.treated.copy()
    late[:, :7] = False
    assert made.effects[late].mean() == pytest.approx(math.log(1.3), abs=0.03)
    assert 0.8 * math.log(1.3) < made.att < 1.02 * math.log(1.3)


def test_half_of_the_areas_start_in_the_third_quarter_of_2025(made):
    starts = made.observed.start
    assert set(starts[starts < NEVER].tolist()) <= {6, 1_000_000}
    assert (starts == 6).sum() == 6


@pytest.mark.parametrize("variant", ["null_twin", "none"])
def test_a_null_twin_has_the_same_register_and_no_effect(posed, made, variant):
    null = instance(posed, variant, 5)
    assert (null.effects == 0).all() and null.att == 0
    if variant == "null_twin":
        assert (null.observed.start == made.observed.start).all()
        assert (null.observed.y == made.untreated).all()


def test_an_unknown_variant_and_a_scenario_without_a_task_are_refused(posed):
    with pytest.raises(SfbenchError, match="unknown variant"):
        instance(posed, "mane", 5)
    with pytest.raises(SfbenchError, match="poses no task"):
        instance(scenario("baseline"), "main", 5)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("from: 2024-01\n", "from: 2024-02\n", "whole quarters"),
        ("to: 2026-12", "to: 2023-12", "ends before it begins"),
        ("task: policy_effect\n  ", "", "'task' of 'bench' is missing"),
        ("scale: 0.03", "scale: -1.0", "above 0"),
        ("scale: 0.03", "scales: 0.03", "unknown key 'scales'"),
        ("variants:", "claim: {naive: before_after}\n  variants:", "'claim' and key 'fails_by'"),
        ("    none: [", "    main: [", "is there already"),
    ],
)
def test_what_is_wrong_with_a_bench_section_is_named(tmp_path, old, new, says):
    path = tmp_path / "one.yaml"
    assert old in TEXT
    path.write_text(TEXT.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(SfbenchError) as caught:
        scenario(str(path))
    assert says in str(caught.value) and f"{path}:" in str(caught.value)


def test_a_policy_for_nobody_poses_no_instance(tmp_path):
    path = tmp_path / "one.yaml"
    path.write_text(TEXT.replace("size: [small, micro]", "quality: {low: 99.0}"), encoding="utf-8")
    with pytest.raises(SfbenchError, match="made for nobody"):
        instance(scenario(str(path)), "main", 5)
