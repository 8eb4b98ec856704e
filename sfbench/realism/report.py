"""Runs the checks on a dataset and judges each figure by its band."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection
from pathlib import Path
from typing import Literal

import duckdb

from sfbench.errors import SfbenchError, did_you_mean, raise_all
from sfbench.realism.check import Check, Measured, Panel
from sfbench.realism.checks import checks
from sfbench.realism.thresholds import Threshold, thresholds

Verdict = Literal["inside", "outside", "too few", "not computable"]


@dataclasses.dataclass(frozen=True, slots=True)
class Figure:
    """A judged figure; `reason` says why there is no judgement."""

    threshold: Threshold
    value: float | None
    observations: int
    verdict: Verdict
    reason: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Realism:
    """The figures in the order of checks, and what there is to draw by check."""

    figures: tuple[Figure, ...]
    panels: dict[str, tuple[Panel, ...]]

    def of(self, verdict: Verdict) -> tuple[Figure, ...]:
        """The figures with that verdict."""
        return tuple(figure for figure in self.figures if figure.verdict == verdict)

    @property
    def holds(self) -> bool:
        """Something was judged, and nothing is outside."""
        return bool(self.of("inside")) and not self.of("outside")

    def records(self) -> list[dict[str, object]]:
        """The figures as plain rows."""
        return [
            {
                **figure.threshold._asdict(),
                **{name: getattr(figure, name) for name in ("value", "observations", "verdict", "reason")},
            }
            for figure in self.figures
        ]


def realism(dataset: Path | str, names: Collection[str] | None = None) -> Realism:
    """Judge a dataset by all checks, or by those named. Raises SfbenchError for a bad name or an unreadable dataset."""
    from sfbench.store.read import open_dataset

    known = checks()
    raise_all(
        [
            SfbenchError(f"unknown check {name!r}", where="--check", fix=did_you_mean(name, known))
            for name in names or ()
            if name not in known
        ]
    )
    connection = open_dataset(dataset)
    try:
        return judge(connection, [check for name, check in known.items() if names is None or name in names])
    finally:
        connection.close()


def judge(connection: duckdb.DuckDBPyConnection, chosen: Collection[Check]) -> Realism:
    """The same on an open connection. A check whose tables are not all there is not computable."""
    tables = {row[0] for row in connection.execute("SELECT table_name FROM information_schema.tables").fetchall()}
    figures: list[Figure] = []
    panels: dict[str, tuple[Panel, ...]] = {}
    for check in chosen:
        bands = {key: band for key, band in thresholds().items() if band.check == check.name}
        missing = [table for table in check.needs if table not in tables]
        if missing:
            why = f"needs {', '.join(missing)}"
            figures += [Figure(band, None, 0, "not computable", why) for band in bands.values()]
            continue
        result = check.compute(connection)
        if result.figures.keys() != bands.keys():
            odd = ", ".join(sorted(result.figures.keys() ^ bands.keys()))
            raise SfbenchError(
                f"check {check.name!r} and its bands differ: {odd}", where="datasets/calibration/realism.csv"
            )
        figures += [_judged(band, result.figures[key]) for key, band in bands.items()]
        panels[check.name] = result.panels
    return Realism(tuple(figures), panels)


def _judged(band: Threshold, found: Measured) -> Figure:
    if found.observations < band.least:
        why = f"{found.observations} observations, needs {band.least}"
        return Figure(band, found.value, found.observations, "too few", why)
    if found.value is None:  # enough is there, but a ratio has nothing below it: no real city looks so
        return Figure(band, None, found.observations, "outside", "no value")
    value = float(found.value)
    return Figure(band, value, found.observations, "inside" if band.low <= value <= band.high else "outside")
