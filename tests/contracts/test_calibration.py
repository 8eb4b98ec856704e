"""Calibration: every Shenzhen figure is either answered by the tables or left out for a reason, at every scale."""

import json

import pytest
from typer.testing import CliRunner

import sfbench
from sfbench.cli.app import app
from sfbench.cli.calibration import unit_of
from sfbench.folders import read_csv
from sfbench.world.calibration_figures import QUERIES, figure
from sfbench.world.calibration_report import compare, not_expressed
from tests.world.shared import SEED, TINY


def keyed(name):
    columns = read_csv(f"calibration/{name}")
    records = [dict(zip(columns, cells, strict=True)) for cells in zip(*columns.values(), strict=True)]
    return {record["key"]: record for record in records}


FACTS, EXPRESSED, SILENT = keyed("facts.csv"), keyed("expressed"), keyed("not_expressed.csv")


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    out = tmp_path_factory.mktemp("calibration") / "tiny"
    sfbench.generate(scale=TINY, seed=SEED, out=out)
    return out


@pytest.fixture(scope="module")
def found(tiny):
    with sfbench.open(tiny) as connection:
        return {row.key: row for row in compare(connection, TINY)}


def test_every_shenzhen_fact_is_expressed_or_left_out_and_none_is_both():
    shenzhen = {key for key, fact in FACTS.items() if fact["geography"].startswith("Shenzhen")}
    assert shenzhen == EXPRESSED.keys() | SILENT.keys()
    assert not EXPRESSED.keys() & SILENT.keys()


@pytest.mark.parametrize("name", ["facts.csv", "expressed", "not_expressed.csv", "spread.csv"])
def test_no_key_stands_twice(name):
    keys = read_csv(f"calibration/{name}")["key"]
    assert len(set(keys)) == len(keys)


def test_what_is_left_out_has_a_reason_in_both_languages():
    assert not_expressed() == list(SILENT.values())
    for key, row in SILENT.items():
        assert len(row["reason"].split()) > 2, key
        assert len(row["reason_zh"]) > 5, key
        assert "whole city" not in row["reason"], key


def test_every_figure_is_worked_out_on_a_tiny_world(found):
    assert found.keys() == EXPRESSED.keys()
    there = [row for row in found.values() if row.simulated is not None]
    assert len(there) > 0.8 * len(found)
    assert all((row.deviation is None) == (row.simulated is None) for row in found.values())
    assert all(row.within is None for row in found.values() if row.simulated is None or not row.judged)


@pytest.mark.parametrize("value", ["SUM(amount_rmb)", "COUNT(*)", "SUM(amount_rmb) / COUNT(*)", "1.0 / COUNT(*)"])
def test_a_figure_without_a_row_is_not_in_this_world(tiny, value):
    with sfbench.open(tiny) as connection:
        for kind in ("query",) if value == "COUNT(*)" else QUERIES:
            assert figure(connection, kind, f"SELECT {value} FROM loan WHERE false", "2024-12", TINY) == (None, None)


def test_a_rule_that_no_row_keeps_is_a_figure_of_zero(tiny):
    with sfbench.open(tiny) as connection:
        assert figure(connection, "rule", "SELECT AVG(0) FROM loan", "2024-12", TINY) == (0.0, None)


def test_a_level_is_scaled_to_the_city_and_a_rate_is_not(tiny, found):
    with sfbench.open(tiny) as connection:
        branches = connection.execute(
            "SELECT COUNT(*) FROM branch WHERE specialised_on <= '2024-12-31' AND closed_on IS NULL"
        ).fetchone()[0]
        firms = connection.execute(
            "SELECT COUNT(DISTINCT enterprise_id) FROM credit_report WHERE queried_on <= '2024-06-30'"
        ).fetchone()[0]
    assert found["tech_branches_2024"].simulated == branches
    assert found["credit_platform_firms_2024H1"].simulated == pytest.approx(firms / TINY)


def test_rules_and_ceilings_are_kept_at_every_scale(found):
    rules = [row for row in found.values() if row.stated is not None and row.simulated is not None]
    assert {row.key for row in rules} >= {"gb2260_shenzhen", "riskpool_trigger"}
    assert all(row.simulated == 100 and row.within for row in rules)
    caps = [row for row in found.values() if row.cap and row.simulated is not None]
    assert len(caps) > 1
    assert all(row.simulated <= row.published and row.within for row in caps)


def test_a_broken_ceiling_and_a_broken_rule_are_outside(tiny):
    with sfbench.open(tiny) as connection:
        change(connection, "risk_claim", "share", "60")
        change(connection, "enterprise", "area_code", "'440399'")
        broken = {row.key: row for row in compare(connection, TINY)}
    assert broken["riskpool_max"].within is False
    assert broken["gb2260_shenzhen"].within is False


def change(connection, table, column, value):
    """The view of a table gives way to one in which every row has the value in the column."""
    connection.execute(f"CREATE TEMP TABLE changed_{table} AS SELECT * REPLACE ({value} AS {column}) FROM {table}")
    connection.execute(f"CREATE OR REPLACE TEMP VIEW {table} AS FROM changed_{table}")


def test_named_queries_and_words_are_the_only_kinds():
    assert {wish["kind"] for wish in EXPRESSED.values()} > set(QUERIES)


@pytest.mark.parametrize(("lang", "absent"), [("en", "not in this world"), ("zh", "此规模下没有数据")])
def test_the_command_says_what_is_not_in_this_world(tiny, lang, absent, found):
    said = CliRunner().invoke(app, ["calibration", str(tiny), "--lang", lang])
    assert said.exit_code == 0, said.output
    assert said.stdout.count(absent) >= sum(row.judged and row.within is None for row in found.values()) > 0
    assert all(row["reason" if lang == "en" else "reason_zh"] in said.stdout for row in SILENT.values())


def test_units_are_written_in_the_language():
    units = {fact["unit"] for key, fact in FACTS.items() if key in EXPRESSED}
    assert all(not any("一" <= letter <= "鿿" for letter in unit_of(unit, "en")) for unit in units)
    assert {unit_of("亿元 (above)", "zh"), unit_of("亿元 (above)", "en")} == {"亿元 (超)", "CNY 100m (above)"}
    assert unit_of("count", "zh") == "个"


def test_a_dataset_without_all_tables_is_refused_with_the_table(tmp_path):
    sfbench.generate(scale=TINY, seed=SEED, out=tmp_path / "part", tables=["month", "listing"])
    said = CliRunner().invoke(app, ["calibration", str(tmp_path / "part"), "--json"])
    assert said.exit_code == 2
    assert "lacks a table" in said.stderr and "bank_month" in said.stderr


def test_the_report_as_json_holds_figures_and_reasons(tiny):
    said = json.loads(CliRunner().invoke(app, ["calibration", str(tiny), "--json"]).stdout)
    assert {row["key"] for row in said["figures"]} == EXPRESSED.keys()
    assert {row["key"] for row in said["not_expressed"]} == SILENT.keys()
