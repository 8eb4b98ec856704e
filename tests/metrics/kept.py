"""What tests of `evaluate --cache` share: a full evaluation is the oracle of one that takes over what it may."""

from __future__ import annotations

import math
from datetime import date
from pathlib import Path

import pyarrow as pa

from sfbench.metrics import evaluate_folder


def day(text: str) -> date:
    return date.fromisoformat(text)


def same(found: pa.Table, whole: pa.Table) -> None:
    """Equal rows; values as far as the order of a sum of doubles may move them."""
    assert found.drop_columns(["value", "value_city"]).equals(whole.drop_columns(["value", "value_city"]))
    for one, other in zip(found["value"].to_pylist(), whole["value"].to_pylist(), strict=True):
        assert (one is None) == (other is None)
        assert one is None or math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-9)


def evaluated(data: Path, as_of: str | None, metrics: list[str], cache: Path) -> pa.Table:
    """The figures with a cache, which are those of a full evaluation."""
    known = as_of and day(as_of)
    found = evaluate_folder(data, as_of=known or None, metrics=metrics, cache=cache).table
    same(found, evaluate_folder(data, as_of=known or None, metrics=metrics).table)
    return found
