"""The band of every figure: `datasets/calibration/realism.csv`."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from sfbench.errors import SfbenchError
from sfbench.folders import read_csv

_FILE = "calibration/realism.csv"


class Threshold(NamedTuple):
    """A figure is inside if low <= value <= high; with fewer than `least` observations it says too little."""

    key: str
    check: str
    zh: str
    en: str
    unit: str
    low: float
    high: float
    least: int
    source: str
    source_zh: str
    confidence: str


@cache
def thresholds() -> dict[str, Threshold]:
    """Every figure's band by key. Raises SfbenchError for a band without source or upside down, and for a double."""
    rows = read_csv(_FILE)
    found: dict[str, Threshold] = {}
    for key, check, zh, en, unit, low, high, least, source, source_zh, confidence in zip(
        *(rows[name] for name in Threshold._fields), strict=True
    ):
        one = Threshold(key, check, zh, en, unit, float(low), float(high), int(least), source, source_zh, confidence)
        if key in found or not (source and source_zh) or not one.low < one.high:
            why = (
                "it stands twice"
                if key in found
                else "it has no source"
                if not (source and source_zh)
                else f"[{low}, {high}]"
            )
            raise SfbenchError(f"the band of {key!r} is not sound", where=f"datasets/{_FILE}", why=why)
        found[key] = one
    return found
