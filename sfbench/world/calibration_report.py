"""How far a dataset is from the published figures: every fact that its tables can express, with what was found.

`datasets/calibration/facts.csv` holds the facts, the folder `expressed/` which figure of the data answers one, and
`not_expressed.csv` why another cannot be answered.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sfbench.errors import SfbenchError
from sfbench.folders import read_csv
from sfbench.world.calibration_figures import figure

if TYPE_CHECKING:
    from collections.abc import Iterator

    import duckdb

# Criterion of the project: sourced levels within 3 %, 5 % where confidence is medium; yoy and rates by points.
TOLERANCE = {"high": 3.0, "medium": 5.0}
YOY_POINTS = 1.0
STANDARD_DEVIATIONS = 3.0  # a single world may be this far off by chance
_COUNTS = ("count", "firms", "applications")
_UNSCALED = ("query_fixed", "query_cap", "rule")
_ROUNDING = 1e-6  # of a ceiling


@dataclass(frozen=True, slots=True)
class Row:
    """One published figure and what the dataset says.

    `deviation` is in percent of the published level, or in points where the figure is itself a percentage.
    `deviation_sd` is what chance alone gives a world of this scale (None if not measured). `judged` is False for
    figures from memory: they are priors. `simulated` is None where this world has no row for the figure.
    A figure with `cap` is a ceiling: it may be lower in a small world, and never higher. A rule without a number
    (`stated`) is the percent of rows that keep it, against 100.
    """

    key: str
    en: str
    zh: str
    unit: str
    as_of: str
    published: float
    stated: str | None
    confidence: str
    source: str
    simulated: float | None
    deviation: float | None
    deviation_sd: float | None
    sampling_sd: float  # of a count of this size in a world of this scale, percent; 0 for other figures
    note_share: float | None  # share of the figure that loan notes (or tags) make up, 0 to 1
    cap: bool
    judged: bool
    within: bool | None


def compare(connection: duckdb.DuckDBPyConnection, scale: float) -> list[Row]:
    """Rows in the order of `expressed/`; amounts and counts are judged at the scale of the city."""
    facts = _rows("facts.csv")
    spread = {key: float(row["sd"]) for key, row in _rows("spread.csv").items()}
    wishes = _rows("expressed")
    return [_compare(connection, scale, facts[key], wish, spread.get(key)) for key, wish in wishes.items()]


def not_expressed() -> list[dict[str, str]]:
    """`key`, `reason` and `reason_zh` of the Shenzhen facts that no table can answer."""
    return list(_rows("not_expressed.csv").values())


def _compare(
    connection: duckdb.DuckDBPyConnection, scale: float, fact: dict[str, str], wish: dict[str, str], sd: float | None
) -> Row:
    rule, cap = wish["kind"] == "rule", wish["kind"] == "query_cap"
    published = 100.0 if rule else float(fact["value"])
    unit = "% of rows" if rule else fact["unit"]
    value, share = figure(connection, wish["kind"], wish["argument"], wish["month"], scale)
    points = unit.startswith("%")
    unscaled = points or wish["kind"] in _UNSCALED
    simulated = None if value is None else value / (1.0 if unscaled else scale)
    deviation = None
    if simulated is not None:
        deviation = simulated - published if points else 100 * (simulated / published - 1)
    judged = not fact["source"].startswith("memory") and fact["confidence"] in TOLERANCE
    chance = None if sd is None else sd * (0.2 / scale) ** 0.5  # measured at 0.2; noise falls with the root of size
    counted = unit.split()[0] in _COUNTS and not unscaled
    sampling = 100 / max(published * scale, 1.0) ** 0.5 if counted else 0.0
    chance = max(chance or 0.0, sampling) if counted else chance  # a small count has its own sampling error
    within = None
    if judged and deviation is not None:
        allowed = YOY_POINTS if points else TOLERANCE[fact["confidence"]]
        far = deviation if cap else abs(deviation)
        within = far <= (_ROUNDING if cap else max(allowed, STANDARD_DEVIATIONS * (chance or 0.0)))
    return Row(
        key=fact["key"],
        en=fact["definition_en"],
        zh=fact["definition_zh"],
        unit=unit,
        as_of=fact["as_of"],
        published=published,
        stated=fact["value"] if rule else None,
        confidence="prior" if fact["source"].startswith("memory") else fact["confidence"],
        source=fact["source"],
        simulated=simulated,
        deviation=deviation,
        deviation_sd=chance,
        sampling_sd=sampling,
        note_share=share,
        cap=cap,
        judged=judged,
        within=within,
    )


def _rows(name: str) -> dict[str, dict[str, str]]:
    """The rows of a calibration file or folder by their key."""
    return {row["key"]: row for row in _records(name)}


def _records(name: str) -> Iterator[dict[str, str]]:
    columns = read_csv(f"calibration/{name}")
    if "key" not in columns:
        raise SfbenchError("the file has no column `key`", where=f"datasets/calibration/{name}")
    for cells in zip(*columns.values(), strict=True):
        yield dict(zip(columns, cells, strict=True))
