"""A lever may choose firms by a figure that they report, if it is known before what the lever moves."""

import polars as pl
import pytest

from sfbench.content import scenario
from sfbench.errors import SfbenchError
from sfbench.spec import NEVER
from sfbench.world.blocks import make, prelude
from sfbench.world.plan import plan
from sfbench.world.reach import reach
from sfbench.world.variants import variant

SCALE, SEED = 0.01, 3


def by_block(wish, name):
    """The columns of a table, block by block."""
    small = prelude(wish)
    return [make(wish, wish.block(number), small)[0][name] for number in range(wish.blocks)]


@pytest.fixture(scope="module")
def wish():
    return plan("s09_eligibility", scale=SCALE, seed=SEED, tables=("loan", "enterprise_year"))


def reported(wish):
    """Enterprise and how far its reported R&D ratio of 2024 lies above the floor for its revenue."""
    parts = []
    for one in by_block(wish, "enterprise_year"):
        names = ("enterprise_id", "year", "revenue", "rd_spend")
        parts.append(pl.DataFrame({name: one[name] for name in names}))
    yuan = pl.col("revenue") / 100
    floor = pl.when(yuan <= 5e7).then(5.0).when(yuan <= 2e8).then(4.0).otherwise(3.0)
    rows = pl.concat(parts).filter(pl.col("year") == 2024, pl.col("revenue") > 0)
    return rows.select("enterprise_id", margin=100 * pl.col("rd_spend") / pl.col("revenue") - floor)


def test_whom_it_reaches_is_who_reports_a_ratio_at_the_floor_or_above(wish):
    found = reach(wish, wish.scenario.levers[0])
    reached = pl.DataFrame({"enterprise_id": found["firm"], "reached": found["start"] < NEVER})
    both = reported(wish).join(reached, on="enterprise_id").filter(pl.col("margin").abs() > 1e-3)  # a cent decides else
    assert both.height > 300 and 0.2 < both["reached"].mean() < 0.8
    assert (both["reached"] == (both["margin"] > 0)).all()


def test_it_moves_the_rates_of_those_firms_and_nothing_else(wish):
    reached = reach(wish, wish.scenario.levers[0])
    treated = reached["firm"][reached["start"] < NEVER].tolist()
    ours, theirs = (by_block(one, "note") for one in (wish, wish.twin))
    for one, other in zip(ours, theirs, strict=True):
        assert all((one[name] == other[name]).all() for name in one if name != "rate")
        firm = pl.Series(one["attempt"] >> 15)
        moved = pl.Series(one["rate"] != other["rate"])
        assert firm.filter(moved).is_in(treated).all() and moved.sum() > 100


@pytest.mark.parametrize("tables", [("month",), ("enterprise",)])
def test_whom_it_reaches_does_not_hang_on_the_tables_that_are_asked_for(wish, tables):
    """A calendar alone makes no table of firms, and the truth tells of all."""
    other = plan("s09_eligibility", scale=SCALE, seed=SEED, tables=tables)
    assert (reach(wish, wish.scenario.levers[0])["start"] == reach(other, other.scenario.levers[0])["start"]).all()


def test_an_idle_policy_reaches_the_same_firms(wish):
    idle = plan(variant(wish.scenario, "null_twin"), scale=SCALE, seed=SEED, tables=("loan",))
    lever, other = wish.scenario.levers[0], idle.scenario.levers[0]
    assert (reach(wish, lever)["start"] == reach(idle, other)["start"]).all() and other.first == 0


def test_a_figure_that_is_known_too_late_is_refused(tmp_path):
    text = """title_zh: 甲
title_en: A
caption: A test.
extends: baseline
levers:
  - name: help
    title_zh: 帮扶
    title_en: Help
    source: a test
    parameter: PARAMETER
    multiply: 0.5
    who: {rd_margin: {low: 0}}
    cohorts: [{from: 2025-01, share: 1.0}]
"""
    path = tmp_path / "one.yaml"
    path.write_text(text.replace("PARAMETER", "risk.distress_level"), encoding="utf-8")
    with pytest.raises(SfbenchError, match="'rd_margin' is known only after"):
        scenario(str(path))
    path.write_text(text.replace("PARAMETER", "credit.demand"), encoding="utf-8")
    assert scenario(str(path)).levers


@pytest.mark.parametrize(("name", "low", "high"), [("s09_eligibility", 0.2, 1.0), ("baseline", -0.2, 0.2)])
def test_strong_firms_stretch_more_often_only_where_the_scenario_says_so(name, low, high):
    wish = plan(name, scale=SCALE, seed=SEED, tables=("loan",))
    made, _ = make(wish, wish.block(0), prelude(wish))
    margin, quality = pl.Series(made["firm_month"]["rd_margin"]), pl.Series(made["firm_state"]["quality"])
    tech = pl.Series(made["firm_state"]["kind"] <= 1)
    heap, below = (quality.filter(tech & margin.is_between(*ends)) for ends in ((0.0, 0.25), (-1.0, 0.0)))
    assert low < heap.mean() - quality.filter(tech).mean() < high and len(below) > 5
