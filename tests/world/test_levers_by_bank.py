"""A lever by bank moves what banks report, from its month on, and nothing that happens."""

import numpy as np
import polars as pl
import pytest

import sfbench
from sfbench.bench.instance import instance
from sfbench.content import scenario
from sfbench.errors import SfbenchError
from sfbench.spec import NEVER
from sfbench.world.levers import banks_reached, strength

TEXT = """title_zh: 甲
title_en: A
caption: A test.
extends: baseline
levers:
  - name: scheme
    title_zh: 计划
    title_en: Scheme
    source: a test
    parameter: reporting.chance
    add: 0.5
    unit: bank
    cohorts: [{from: 2025-01, share: 0.25}, {from: 2025-07, share: 0.25, times: 0.0}]
faults:
  - {fault: flag_against_attribute, table: loan, columns: [tech_use], rate: 1.0, follows: scheme}
"""
BANKS = 60


def wrote(folder, text):
    path = folder / "one.yaml"
    path.write_text(text, encoding="utf-8")
    return str(path)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    path = wrote(tmp_path_factory.mktemp("bank"), TEXT)
    tables = ["loan", "bank_month"]
    return (
        scenario(path).levers[0],
        sfbench.generate(path, scale="small", seed=3, tables=tables),
        sfbench.generate("baseline", scale="small", seed=3, tables=tables),
    )


def test_each_cohort_takes_its_share_of_the_banks(made):
    start = banks_reached(made[0], 3).start
    assert [(start == month).sum() for month in (2025 * 12, 2025 * 12 + 6, NEVER)] == [15, 15, 30]


def test_rows_of_reached_banks_are_hit_from_the_start_on_and_no_other(made):
    lever, dirty, clean = made
    both = pl.from_arrow(clean["loan"]).join(pl.from_arrow(dirty["loan"]), on="loan_id", suffix="_seen")
    found = banks_reached(lever, 3)
    hit = np.flatnonzero((found.start < NEVER) & (found.times > 0)) + 1
    there = pl.col("institution_id").is_in(hit.tolist()) & (pl.col("granted_on") >= pl.date(2025, 1, 1))
    moved = pl.col("tech_use") != pl.col("tech_use_seen")
    open_rows = both.filter(there & ~pl.col("tech_use"))
    assert open_rows.select(moved.mean()).item() == pytest.approx(0.5, abs=0.03)
    assert both.filter(~there & moved).is_empty() and both.filter(moved & pl.col("tech_use")).is_empty()


def test_what_happens_is_untouched(made):
    _, dirty, clean = made
    assert dirty["bank_month"].equals(clean["bank_month"])


def test_strength_is_the_lever_s_size_there_and_nought_elsewhere(made):
    lever = made[0]
    found = banks_reached(lever, 3)
    early, idle = int(np.flatnonzero(found.start == 2025 * 12)[0]) + 1, int(np.flatnonzero(found.start == NEVER)[0]) + 1
    who = np.array([early, early, idle, 10_000])
    month = np.array([2024 * 12 + 11, 2025 * 12, 2026 * 12, 2026 * 12])
    assert strength(lever, 3, who, month).tolist() == [0, 0.5, 0, 0]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("follows: scheme", "follows: schema", "no such lever by bank"),
        ("unit: bank", "unit: firm", "moves reporting.chance"),
        ("parameter: reporting.chance", "parameter: credit.demand", "moves reporting.chance"),
        ("unit: bank\n", "unit: bank\n    who: {kind: [tech]}\n", "unknown key 'kind' of 'who'"),
        ("unit: bank\n", "unit: bank\n    secret: maybe\n", "true or false"),
        ("table: loan, columns: [tech_use]", "table: industry, columns: [digital]", "names no institution"),
    ],
)
def test_what_is_wrong_is_named(tmp_path, old, new, says):
    assert old in TEXT
    with pytest.raises(SfbenchError, match=says):
        scenario(wrote(tmp_path, TEXT.replace(old, new, 1)))


def test_banks_of_a_type_alone_are_reached(tmp_path):
    cohorts = "[{from: 2025-01, share: 0.25}, {from: 2025-07, share: 0.25, times: 0.0}]"
    assert cohorts in TEXT
    text = TEXT.replace("unit: bank\n", "unit: bank\n    who: {bank_type: [foreign]}\n")
    text = text.replace(cohorts, "[{from: 2025-01, share: 1.0}]")
    lever = scenario(wrote(tmp_path, text)).levers[0]
    known = pl.from_arrow(sfbench.generate("baseline", tables=["institution"])["institution"])
    foreign = known.filter(pl.col("bank_type") == "foreign")["institution_id"].to_list()
    assert (np.flatnonzero(banks_reached(lever, 3).start < NEVER) + 1).tolist() == foreign


def test_a_secret_lever_is_no_table_of_a_method():
    assert "register" not in instance(scenario("s13_window_dressing"), "main", 1).seen
    assert "register" in instance(scenario("s34_additionality"), "main", 1).seen
