"""Claims on one metric: rows of its group's acceptance set are edited, and its figures move as the definition says.

A test lists claims; each says in words what is true, which rows are put, and by how much which figures move.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml
from acceptance import edits as base
from acceptance.metrics.dataset import HERE, declared, group_tables, groups
from acceptance.worked.dataset import write_dataset

from sfbench.metrics import evaluate, records

Edit = Mapping[str, Any]
Figures = dict[tuple[str, ...], float | None]
OTHERS = "banks"  # the group on whose rows metrics are evaluated that are of none


@dataclass(frozen=True, kw_only=True)
class Claim:
    """With these rows the figures of `period` differ by `moves` from those of the set as it stands, or are `gives`.

    A figure is named by its component, of the total, or as `component cut value`.
    """

    says: str
    metric: str
    period: str
    rows: tuple[Edit, ...]
    moves: Mapping[str, float] = field(default_factory=dict)
    gives: Mapping[str, float | None] = field(default_factory=dict)


def like(table: str, key: Mapping[str, Any], **cells: Any) -> Edit:
    """A new row: a copy of the row of this key with other cells."""
    return {"op": "add", "table": table, "like": key, "row": cells}


def put(table: str, key: Mapping[str, Any], column: str, value: Any) -> Edit:
    """Another value in a row of the set."""
    return {"op": "set", "table": table, "key": key, "column": column, "value": value}


def claims(*listed: Claim) -> pytest.MarkDecorator:
    """The parameter `claim` of a test, which is called by what the claim says."""
    return pytest.mark.parametrize("claim", listed, ids=[claim.says.replace(" ", "-") for claim in listed])


class Moved:
    """Evaluates claims; each group's set is written once, and of an edited one only the tables that differ."""

    def __init__(self, folder: Callable[[str], Path]) -> None:
        self._folder = folder
        self._group = {metric: group for group in groups() for metric in _metrics(group)}
        self._set, self._before = cache(self._opened), cache(self._figures)

    def check(self, claim: Claim) -> None:
        before, after = self._before(claim.metric), self._after(claim)
        for name, move in claim.moves.items():
            key = _key(name, claim.period)
            assert key in before or key in after, f"{name} has no figure at {claim.period}"
            found = (after.get(key) or 0.0) - (before.get(key) or 0.0)
            assert math.isclose(found, move, rel_tol=1e-6, abs_tol=1e-9), f"{name} moves by {found}, not by {move}"
        for name, value in claim.gives.items():
            given = after.get(_key(name, claim.period))
            assert given == (None if value is None else pytest.approx(value, rel=1e-9, abs=1e-9)), name

    def _opened(self, group: str) -> tuple[base.Tables, Path, duckdb.DuckDBPyConnection]:
        tables, connection = group_tables(group), duckdb.connect()
        folder = write_dataset(self._folder(group), tables, declared())
        _show(connection, folder, declared())
        return tables, folder, connection

    def _figures(self, metric: str) -> Figures:
        connection = self._set(self._group.get(metric, OTHERS))[-1]
        rows = records(evaluate(connection, scale=1.0, metrics=[metric]))
        return {(r["component"], r["cut"], r["cut_value"], str(r["period"])): r["value"] for r in rows}

    def _after(self, claim: Claim) -> Figures:
        tables, folder, connection = self._set(self._group.get(claim.metric, OTHERS))
        edited = {str(edit["table"]): declared()[edit["table"]] for edit in claim.rows}
        changed = {name: copy.deepcopy(tables[name]) for name in edited}
        for edit in claim.rows:
            base.apply(changed, edit)
        _show(connection, write_dataset(self._folder("edited"), changed, edited), edited)
        try:
            return self._figures(claim.metric)
        finally:
            _show(connection, folder, edited)


def _show(connection: duckdb.DuckDBPyConnection, folder: Path, tables: Iterable[str]) -> None:
    for name in tables:
        connection.execute(f"CREATE OR REPLACE VIEW {name} AS FROM '{folder}/data/{name}/*.parquet'")


def _metrics(group: str) -> list[str]:
    return list(yaml.safe_load((HERE / group / "definitions.yaml").read_text(encoding="utf-8")))


def _key(name: str, period: str) -> tuple[str, ...]:
    component, *cut = name.split(" ")
    return (component, *(cut or ("total", "total")), period)
