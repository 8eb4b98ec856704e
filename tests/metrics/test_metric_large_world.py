"""On a fifth of the city: enough rows behind every metric, and the oracles agree (minutes)."""

from __future__ import annotations

import importlib
from collections.abc import Iterable
from pathlib import Path

import pytest
from acceptance.metrics.dataset import groups

import sfbench
from metrics.test_metric_groups import definitions, off, sql_figures
from metrics.views import open_views
from sfbench.metrics import catalogue

SCALE, ENOUGH = 0.2, 30
# Not rows that contribute, but what these are grouped by or compared with.
KEYS = {"month", "institution", "district", "cluster", "relay_cohort", "tech_drawdown_quarter"}
# Few in a fifth of the city; the metric counts the other rows that it reads, which are enough.
HOLDERS = {
    "cash_pool": "cash_pool_member",
    "qflp": "qflp_inflow",
    "credit_protection": "bond",
    "sponsor_note": "deal",
}
# A city that has more of these: the metrics that read them, by group.
RARE = {
    "markets": ["bond_enhancement_cover", "cash_pool_members", "qflp_inflow", "sti_bond_spread"],
    "sharing": ["eco_science_finance"],
}
FULLER = """
title_zh: 稀有业务更多
title_en: More of what is rare
caption: More cash pools, protected bonds, total quotas of foreign money and sponsored institutes.
extends: baseline
params:
  pool.number: 300
  protection.interbank: 1.0
  protection.exchange: 1.0
  protection.guaranteed: 1.0
  qflp.total_from: 24240
  qflp.total_share: 1.0
  institute.number: 4000
  institute.sponsored: 1.0
"""


@pytest.fixture(scope="module")
def fifth(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("fifth")
    sfbench.generate("baseline", scale=SCALE, seed=11, out=folder)
    return folder


@pytest.mark.parametrize("group", groups())
def test_the_oracle_agrees_on_a_fifth_of_the_city(group: str, fifth: Path) -> None:
    assert not disagreements(group, fifth)[:5]


def disagreements(group: str, folder: Path) -> list[str]:
    """Where the SQL and the oracle of a group differ on a city."""
    oracle = importlib.import_module(f"metrics.oracles.{group}").figures
    return off(group, sql_figures(folder, definitions(group)), oracle(folder))


def inputs(folder: Path, metrics: Iterable[str]) -> dict[str, int]:
    """Tables and marts that these metrics read -> their rows, without what is only grouped by or compared with."""
    known, connection = catalogue(), open_views(folder)
    marts = {mart.id: mart for metric in metrics for mart in known.marts_of(metric)}
    for mart in marts.values():
        connection.execute(f"CREATE TEMP TABLE {mart.id} AS {mart.sql.rstrip().rstrip(';')}")
    named = {need.name for metric in metrics for need in known.needs[metric]} - KEYS
    return {name: connection.execute(f'SELECT COUNT(*) FROM "{name}"').fetchall()[0][0] for name in named}


def test_every_metric_reads_thirty_rows_or_more_of_each_input(fifth: Path) -> None:
    known, rows = catalogue(), inputs(fifth, catalogue().metrics)
    few = {name for name, count in rows.items() if count < ENOUGH}
    assert few <= HOLDERS.keys(), {name: rows[name] for name in few}
    for metric in known.metrics:
        needs = {need.name for need in known.needs[metric]}
        assert all(rows[HOLDERS[name]] >= ENOUGH and HOLDERS[name] in needs for name in needs & few), metric


@pytest.fixture(scope="module")
def fuller(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fifth of a city has a dozen cash pools; a larger one with more of all that is rare has enough for a proof."""
    folder = tmp_path_factory.mktemp("fuller")
    (folder / "fuller.yaml").write_text(FULLER, encoding="utf-8")
    sfbench.generate(folder / "fuller.yaml", scale=1.5 * SCALE, seed=11, out=folder / "city")
    return folder / "city"


@pytest.mark.slow
@pytest.mark.parametrize("group", RARE)
def test_where_the_rare_is_less_rare_thirty_rows_are_behind_these_too(group: str, fuller: Path) -> None:
    assert {name: count for name, count in inputs(fuller, RARE[group]).items() if count < ENOUGH} == {}
    assert not disagreements(group, fuller)[:5]
