"""A parameter of the model: a number with a unit, a source and a confidence."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Parameter:
    """One row of `datasets/calibration/parameters/`; a scenario may set another value within [low, high]."""

    name: str
    value: float
    low: float
    high: float
    unit: str
    source: str
    confidence: str  # high | medium | low | prior | fitted
    note: str = ""
    source_zh: str = ""
    note_zh: str = ""
