"""An instance: what a method sees is the world, and the truth is what its twin would have been."""

import math

import numpy as np
import polars as pl
import pytest

import sfbench
from sfbench.bench.instance import instance, instances
from sfbench.content import scenario
from sfbench.errors import SfbenchError
from sfbench.world.plan import plan
from sfbench.world.reach import reach
from tests.bench.shared import TEXT

QUARTERS = 12


def grid(column):
    """A column by unit and quarter as an array of that shape."""
    return column.to_numpy().reshape(-1, QUARTERS)


def effects(found):
    return grid(found.truth["y1"]) - grid(found.truth["y0"])


def exposed(found):
    return found.truth["exposed"].to_numpy(zero_copy_only=False).reshape(-1, QUARTERS)


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
    assert sums["unit"].to_list() == made.truth["unit"].unique().to_pylist()
    assert np.abs(sums.drop("unit").to_numpy() - grid(made.seen["panel"]["y"])).max() < 1e-9


def test_untreated_cells_are_those_of_the_twin(made):
    assert (effects(made)[~exposed(made)] == 0).all()
    assert (effects(made)[exposed(made)] != 0).mean() > 0.9


def test_the_effect_is_the_lever_s_in_log_points(made):
    # Requests from July on are drawn up to three months later, and amounts are rounded: below log(1.3) at first.
    late = exposed(made).copy()
    late[:, :7] = False
    assert effects(made)[late].mean() == pytest.approx(math.log(1.3), abs=0.03)
    assert made.value == pytest.approx(effects(made)[exposed(made)].mean())
    assert 0.8 * math.log(1.3) < made.value < 1.02 * math.log(1.3)


def test_half_of_the_areas_start_in_the_third_quarter_of_2025(made):
    starts = made.seen["register"]["start"].to_pylist()
    assert set(starts) == {6, None} and starts.count(6) == 6


def test_the_register_names_whom_the_truth_holds_for_treated(made):
    starts = [QUARTERS if start is None else start for start in made.seen["register"]["start"].to_pylist()]
    assert ((np.arange(QUARTERS) >= np.array(starts)[:, None]) == exposed(made)).all()


@pytest.mark.parametrize("variant", ["null_twin", "none"])
def test_a_null_twin_has_the_same_register_and_no_effect(posed, made, variant):
    null = instance(posed, variant, 5)
    assert (effects(null) == 0).all() and null.value == 0
    if variant == "null_twin":
        assert null.seen["register"].equals(made.seen["register"])
        assert (grid(null.seen["panel"]["y"]) == grid(made.truth["y0"])).all()


def test_made_beside_the_main_variant_it_is_the_same_null_twin(posed):
    beside = dict(instances(posed, ("main", "null_twin"), 5))["null_twin"]
    alone = instance(posed, "null_twin", 5)
    assert beside.truth.equals(alone.truth)
    assert all(beside.seen[name].equals(table) for name, table in alone.seen.items())


def test_an_unknown_variant_and_a_scenario_without_a_task_are_refused(posed):
    with pytest.raises(SfbenchError, match="unknown variant"):
        instance(posed, "mane", 5)
    with pytest.raises(SfbenchError, match="poses no task"):
        instance(scenario("baseline"), "main", 5)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("to: 2026-12", "to: 2023-12", "ends before it begins"),
        ("question: tech_sme_quarter\n  ", "", "'question' of 'bench' is missing"),
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


def test_a_panel_off_the_quarters_is_refused(tmp_path):
    path = tmp_path / "one.yaml"
    path.write_text(TEXT.replace("from: 2024-01\n", "from: 2024-02\n"), encoding="utf-8")
    with pytest.raises(SfbenchError, match="whole quarters"):
        instance(scenario(str(path)), "main", 5)


def test_a_policy_for_nobody_poses_no_instance(tmp_path):
    path = tmp_path / "one.yaml"
    path.write_text(TEXT.replace("size: [small, micro]", "quality: {low: 99.0}"), encoding="utf-8")
    with pytest.raises(SfbenchError, match="made for nobody"):
        instance(scenario(str(path)), "main", 5)
