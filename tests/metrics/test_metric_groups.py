"""Metrics by group: definitions, figures worked out by hand, planted changes, an oracle by another route.

`tests/acceptance/metrics/<group>/` was written from the definitions before the SQL that it judges.
"""

from __future__ import annotations

import importlib
import math
import re
from collections.abc import Iterable, Mapping
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from acceptance.edits import read_csv
from acceptance.metrics.dataset import HERE, groups, write_group

import sfbench
from metrics.views import open_views
from sfbench.metrics import catalogue, evaluate, records

KEY = ("metric", "component", "period", "cut", "cut_value")
Key = tuple[str, ...]
Figures = Mapping[Key, float | None]
CATALOGUE = catalogue()
WORLD = 0.02


@cache
def definitions(group: str) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = yaml.safe_load((HERE / group / "definitions.yaml").read_text(encoding="utf-8"))
    return found


METRICS = [(group, metric) for group in groups() for metric in sorted(definitions(group))]
CHANGES = {
    (group, change["id"]): change
    for group in groups()
    for change in yaml.safe_load((HERE / group / "changes.yaml").read_text(encoding="utf-8"))
}


def additive(group: str, key: Key) -> bool:
    return any(part[0] == key[1] and part[2] for part in definitions(group)[key[0]]["components"])


def sql_rows(folder: Path, metrics: Iterable[str]) -> dict[Key, dict[str, Any]]:
    rows = records(evaluate(open_views(folder), scale=1.0, metrics=list(metrics)))
    return {tuple(row[name] for name in KEY): row for row in rows if row["period"] is not None}


def sql_figures(folder: Path, metrics: Iterable[str]) -> Figures:
    return {key: row["value"] for key, row in sql_rows(folder, metrics).items()}


def expected(group: str) -> dict[Key, dict[str, str]]:
    return {tuple(row[name] for name in KEY): row for row in read_csv(HERE / group / "expected.csv")}


def off(group: str, found: Figures, wanted: Figures) -> list[str]:
    """Differences. An absent row says the same as no value in a cut, and as zero for what adds up."""
    lines = []
    for key in sorted(found.keys() | wanted.keys()):
        a, b = found.get(key), wanted.get(key)
        if additive(group, key):
            a, b = a or 0.0, b or 0.0
        elif key[3] == "total" and (key in found) != (key in wanted):
            lines.append(f"{key}: {'unexpected' if key in found else 'missing'} row")
        if (a is None) != (b is None) or (a is not None and not math.isclose(a, b or 0.0, rel_tol=1e-9, abs_tol=1e-9)):
            lines.append(f"{key}: found {a!r}, expected {b!r}")
    return lines


def only(metric: str, figures: Mapping[Key, Any]) -> dict[Key, Any]:
    return {key: value for key, value in figures.items() if key[0] == metric}


@pytest.fixture(scope="session")
def acceptance_sql(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """group -> rows of its metrics on its own acceptance rows."""

    @cache
    def rows(group: str) -> dict[Key, dict[str, Any]]:
        return sql_rows(write_group(tmp_path_factory.mktemp(group), group), definitions(group))

    return rows


@pytest.fixture(scope="session")
def world_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("world")
    sfbench.generate("baseline", scale=WORLD, seed=11, out=folder)
    return folder


@pytest.fixture(scope="session")
def world_figures(world_folder: Path) -> Any:
    """group -> (by SQL, by the oracle) on a generated world."""

    @cache
    def both(group: str) -> tuple[Figures, Figures]:
        oracle = importlib.import_module(f"metrics.oracles.{group}").figures
        return sql_figures(world_folder, definitions(group)), oracle(world_folder)

    return both


@pytest.mark.parametrize(("group", "metric"), METRICS)
def test_the_header_says_what_the_definition_says(group: str, metric: str) -> None:
    wanted, found = definitions(group)[metric], CATALOGUE.metrics[metric]
    parts = [[c.name, c.unit, c.additive, c.zh, c.en] for c in found.components]
    assert parts == [list(part) for part in wanted["components"]]
    assert set(found.cuts) == {"total", *wanted["cuts"]}
    for name in ("measure", "zh", "en", "period", "direction"):
        assert getattr(found, name) == wanted[name], name
    assert found.target == (wanted.get("target") or "")


@pytest.mark.parametrize(("group", "metric"), METRICS)
def test_every_figure_is_the_one_worked_out_from_the_definition(group: str, metric: str, acceptance_sql: Any) -> None:
    wanted, rows = only(metric, expected(group)), only(metric, acceptance_sql(group))
    values = {key: float(row["value"]) if row["value"] else None for key, row in wanted.items()}
    assert not off(group, {key: row["value"] for key, row in rows.items()}, values)
    for key, row in rows.items():
        if key in wanted and key[3] == "total":
            assert (str(row["computable"]).lower(), row["reason"] or "") == (
                wanted[key]["computable"],
                wanted[key]["reason"],
            ), key


@pytest.mark.parametrize(("group", "metric"), METRICS)
def test_every_metric_has_values_that_vary(group: str, metric: str) -> None:
    values = [row["value"] for row in only(metric, expected(group)).values() if row["value"]]
    assert len(set(values)) > 1


@pytest.mark.parametrize("group", groups())
def test_figures_worked_out_by_hand_are_those_of_the_set(group: str) -> None:
    text = (HERE / group / "README.md").read_text(encoding="utf-8")
    line = r"^\| H\w+ \| (\w+) \| (\w+) \| ([\d-]+) \| (\S+) \| (\S+) \| .* \| `([^`]+)` \|$"
    hand = re.findall(line, text, re.M)
    assert {row[0] for row in hand} == set(definitions(group))
    wanted = expected(group)
    for *key, arithmetic in hand:
        assert re.fullmatch(r"[-+*/().,\d\s]+|None", arithmetic), arithmetic
        exact = eval(re.sub(r"\d+(\.\d+)?", r'Fraction("\g<0>")', arithmetic), {"Fraction": Fraction})
        assert math.isclose(float(wanted[tuple(key)]["value"]), float(exact), rel_tol=1e-6, abs_tol=1e-9), key


@pytest.mark.parametrize("group", groups())
def test_the_oracle_gives_the_figures_of_the_set(group: str, tmp_path: Path) -> None:
    oracle = importlib.import_module(f"metrics.oracles.{group}").figures
    values = {key: float(row["value"]) if row["value"] else None for key, row in expected(group).items()}
    assert not off(group, oracle(write_group(tmp_path, group)), values)


@pytest.mark.parametrize(("group", "change"), CHANGES)
def test_a_planted_change_moves_the_known_figures(group: str, change: str, tmp_path: Path, acceptance_sql: Any) -> None:
    plant = CHANGES[group, change]
    moved = {move["metric"] for move in plant["moves"]}
    before = {key: row["value"] for key, row in acceptance_sql(group).items()}
    after = sql_figures(write_group(tmp_path, group, plant["edits"]), moved | set(plant.get("still") or ()))
    for move in plant["moves"]:
        key = tuple(str(move[name]) for name in KEY)
        for when, figures in (("before", before), ("after", after)):
            found, wanted = figures.get(key), move[when]
            if additive(group, key):
                found, wanted = found or 0.0, wanted or 0.0
            assert (found is None) == (wanted is None), (key, when, found, wanted)
            assert found is None or math.isclose(found, wanted, rel_tol=1e-6, abs_tol=1e-9), (key, when, found, wanted)
        assert move["before"] != move["after"], key
    for metric in plant.get("still") or ():
        assert not off(group, only(metric, after), only(metric, before)), metric


@pytest.mark.parametrize(("group", "metric"), METRICS)
def test_the_oracle_agrees_on_a_generated_world(group: str, metric: str, world_figures: Any) -> None:
    sql, oracle = world_figures(group)
    assert not off(group, only(metric, sql), only(metric, oracle))[:5]


def test_every_metric_of_the_plan_is_defined_once() -> None:
    names = [metric for _, metric in METRICS]
    assert len(names) == len(set(names))
