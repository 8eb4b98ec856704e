"""Fixtures: the acceptance set, clean or with edits."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import duckdb
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # `acceptance` and `metrics` are packages of tests/

from acceptance.loader import write_dataset

import sfbench
from metrics.claims import Moved
from metrics.views import Opened, open_views
from sfbench.metrics.session import Session
from sfbench.spec import Metric


@pytest.fixture
def opened(tmp_path: Path) -> Opened:
    """`opened(edits)`: the set with these edits as views."""
    made = 0

    def make(edits: Iterable[Mapping[str, Any]] = ()) -> duckdb.DuckDBPyConnection:
        nonlocal made
        made += 1
        return open_views(write_dataset(tmp_path / f"set-{made}", edits))

    return make


@pytest.fixture(scope="session")
def acceptance_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The clean set on disk."""
    return write_dataset(tmp_path_factory.mktemp("acceptance"))


@pytest.fixture
def acceptance(acceptance_folder: Path) -> duckdb.DuckDBPyConnection:
    """The clean set as views."""
    return open_views(acceptance_folder)


@pytest.fixture(scope="session")
def moved(tmp_path_factory: pytest.TempPathFactory) -> Moved:
    """What edits of a group's set move in one metric; a set is written once for all tests."""

    def folder(name: str) -> Path:
        return tmp_path_factory.mktemp(name)

    return Moved(folder)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("cache") / "world"
    sfbench.generate("baseline", scale="tiny", seed=5, out=out)
    return out


@pytest.fixture
def computed(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Ids of the metrics that are computed, as they are."""
    names: list[str] = []
    add = Session.add

    def noted(self: Session, metric: Metric) -> None:
        names.append(metric.id)
        add(self, metric)

    monkeypatch.setattr(Session, "add", noted)
    yield names
