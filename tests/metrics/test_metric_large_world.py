"""On a city that has more of what is rare: enough rows behind every metric, and the oracles agree (minutes)."""

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

ENOUGH = 30
# Not rows that contribute, but what these are grouped by or compared with.
KEYS = {"month", "institution", "district", "cluster", "relay_cohort", "tech_drawdown_quarter"}
# Few in a part of a city; the metric counts the other rows that it reads, which are enough.
HOLDERS = {"qflp": "qflp_inflow"}
FULLER = """
title_zh: 稀有业务更多
title_en: More of what is rare
caption: More cash pools, protected bonds, facilities, total quotas of foreign money and sponsored institutes.
extends: baseline
params:
  pool.number: 900
  protection.interbank: 1.0
  protection.exchange: 1.0
  protection.guaranteed: 1.0
  facility.take_up_large: 0.12
  facility.take_up_medium: 0.06
  facility.take_up_small: 0.016
  facility.take_up_micro: 0.0024
  qflp.total_from: 24240
  qflp.total_share: 1.0
  institute.number: 12000
  institute.sponsored: 1.0
"""


@pytest.fixture(scope="module")
def fuller(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(tmp_path_factory.mktemp("fuller"), 0.07)


@pytest.fixture(scope="module")
def larger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(tmp_path_factory.mktemp("larger"), 0.3)


def made(folder: Path, scale: float) -> Path:
    (folder / "fuller.yaml").write_text(FULLER, encoding="utf-8")
    sfbench.generate(folder / "fuller.yaml", scale=scale, seed=11, out=folder / "city")
    return folder / "city"


@pytest.mark.parametrize("group", groups())
def test_the_oracle_agrees_on_a_city_with_more_of_what_is_rare(group: str, fuller: Path) -> None:
    assert not disagreements(group, fuller)[:5]


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


def test_every_metric_reads_thirty_rows_or_more_of_each_input(fuller: Path) -> None:
    known, rows = catalogue(), inputs(fuller, catalogue().metrics)
    few = {name for name, count in rows.items() if count < ENOUGH}
    assert few <= HOLDERS.keys(), {name: rows[name] for name in few}
    for metric in known.metrics:
        needs = {need.name for need in known.needs[metric]}
        assert all(rows[HOLDERS[name]] >= ENOUGH and HOLDERS[name] in needs for name in needs & few), metric


@pytest.mark.slow
def test_in_a_larger_one_no_input_has_fewer(larger: Path) -> None:
    assert {name: count for name, count in inputs(larger, catalogue().metrics).items() if count < ENOUGH} == {}


@pytest.mark.slow
@pytest.mark.parametrize("group", groups())
def test_the_oracle_agrees_on_a_larger_one(group: str, larger: Path) -> None:
    assert not disagreements(group, larger)[:5]
