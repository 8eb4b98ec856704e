"""Answers as records, wherever they come from, of a method's process or of a submission: an estimate, or a failure."""

from __future__ import annotations

import math
from typing import Any

from sfbench.errors import SfbenchError


def numbers(value: Any, low: Any, high: Any) -> dict[str, Any]:
    """The record of an estimate; one bound alone is no interval. What cannot be right has failed, and says why."""
    given = {"value": value} | ({} if low is None or high is None else {"low": low, "high": high})
    try:
        found = {name: float(number) for name, number in given.items()}
    except (TypeError, ValueError):
        return no_answer("a figure of its answer is no number")
    if not all(map(math.isfinite, found.values())):
        return no_answer("a figure of its answer is not finite")
    if found.get("low", 0.0) > found.get("high", 0.0):
        return no_answer(f"its interval ends before it begins: {found['low']:g} to {found['high']:g}")
    return {"kind": "estimate"} | found


def no_answer(why: str) -> dict[str, Any]:
    """The record of an answer that is none."""
    return {"kind": "failed", "why": why}


def no_estimate(rows: int, columns: list[str]) -> dict[str, Any]:
    """The record of a table that is no estimate."""
    found = ", ".join(columns)
    return no_answer(f"an estimate is one row with `value`, perhaps `low`, `high`, and not {rows} of {found}")


def in_one_line(error: SfbenchError) -> str:
    """What an error says, its cause and what to do, as a failure's reason."""
    return "; ".join(part for part in (error.what, error.why, error.fix) if part)
