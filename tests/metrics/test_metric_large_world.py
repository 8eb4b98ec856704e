"""On a fifth of the city: enough rows behind every metric, and the oracles agree (minutes)."""

from __future__ import annotations

import importlib
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


@pytest.fixture(scope="module")
def fifth(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("fifth")
    sfbench.generate("baseline", scale=SCALE, seed=11, out=folder)
    return folder


@pytest.mark.parametrize("group", groups())
def test_the_oracle_agrees_on_a_fifth_of_the_city(group: str, fifth: Path) -> None:
    oracle = importlib.import_module(f"metrics.oracles.{group}").figures
    assert not off(group, sql_figures(fifth, definitions(group)), oracle(fifth))[:5]


def test_every_metric_reads_thirty_rows_or_more_of_each_input(fifth: Path) -> None:
    known, connection = catalogue(), open_views(fifth)
    marts = {mart.id: mart for metric in known.metrics for mart in known.marts_of(metric)}
    for mart in marts.values():
        connection.execute(f"CREATE TEMP TABLE {mart.id} AS {mart.sql.rstrip().rstrip(';')}")
    named = {need.name for metric in known.metrics for need in known.needs[metric]} - KEYS
    rows = {name: connection.execute(f'SELECT COUNT(*) FROM "{name}"').fetchall()[0][0] for name in named}
    few = {name for name, count in rows.items() if count < ENOUGH}
    assert few <= HOLDERS.keys(), {name: rows[name] for name in few}
    for metric in known.metrics:
        needs = {need.name for need in known.needs[metric]}
        assert all(rows[HOLDERS[name]] >= ENOUGH and HOLDERS[name] in needs for name in needs & few), metric
