"""The parameter table of the model: one CSV a subject in `datasets/calibration/parameters/`."""

from __future__ import annotations

from functools import cache

from sfbench.errors import SfbenchError
from sfbench.folders import read_csv
from sfbench.spec import Parameter


@cache
def parameters() -> dict[str, Parameter]:
    """Every parameter by name. Raises SfbenchError for a value outside its own bounds or a missing source."""
    columns = read_csv("calibration/parameters")
    found: dict[str, Parameter] = {}
    for row in zip(*(columns[name] for name in _HEADER), strict=True):
        name, value, low, high, unit, source, *words = row
        parameter = Parameter(name, float(value), float(low), float(high), unit, source, *words)
        if name in found:
            raise SfbenchError(f"parameter {name!r} is declared twice", where="datasets/calibration/parameters")
        if not source or not parameter.low <= parameter.value <= parameter.high:
            why = "it has no source" if not source else f"{value} is outside [{low}, {high}]"
            raise SfbenchError(f"parameter {name!r} is not sound", where="datasets/calibration/parameters", why=why)
        found[name] = parameter
    return found


_HEADER = ("parameter", "value", "low", "high", "unit", "source", "confidence", "note", "source_zh", "note_zh")
