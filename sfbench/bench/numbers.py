"""An estimate and its interval as a record, wherever they come from: of a method's process, or of a submission."""

from __future__ import annotations

import math
from typing import Any


def numbers(value: Any, low: Any, high: Any) -> dict[str, Any]:
    """The record of an estimate; one bound alone is no interval. What cannot be right has failed, and says why."""
    given = {"value": value} | ({} if low is None or high is None else {"low": low, "high": high})
    try:
        found = {name: float(number) for name, number in given.items()}
    except (TypeError, ValueError):
        return _failed("a figure of its answer is no number")
    if not all(map(math.isfinite, found.values())):
        return _failed("a figure of its answer is not finite")
    if found.get("low", 0.0) > found.get("high", 0.0):
        return _failed(f"its interval ends before it begins: {found['low']:g} to {found['high']:g}")
    return {"kind": "estimate"} | found


def _failed(why: str) -> dict[str, Any]:
    return {"kind": "failed", "why": why}
