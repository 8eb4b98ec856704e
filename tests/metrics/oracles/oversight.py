"""Oracle of measures 16 to 19, from tests/acceptance/metrics/oversight/definitions.yaml, in polars and plain Python."""

from __future__ import annotations

from pathlib import Path

from .oversight_assessment import assessment
from .oversight_kit import Data, Figures, Found
from .oversight_loans import concentration, formation, migration, npl_ratio
from .oversight_risk import alerts, incidents
from .oversight_work import exchanges, outreach, practices, releases, results, tasks

PARTS = (
    tasks,
    releases,
    results,
    assessment,
    exchanges,
    outreach,
    practices,
    npl_ratio,
    migration,
    alerts,
    concentration,
    incidents,
    formation,
)


def figures(folder: Path) -> Figures:
    """(metric, component, period, cut, cut_value) -> value; None where a ratio has no base."""
    data, found = Data(folder), Found()
    for part in PARTS:
        part(data, found)
    return found.figures
