"""Survival of firms by age (Kaplan-Meier, delayed entry): many leave in their first years, the old ones last."""

from __future__ import annotations

import duckdb
import numpy as np

from sfbench.realism.check import Check, Measured, Panel, Result, Series, columns, ratio
from sfbench.realism.statistics import Ints, kaplan_meier

# Firms are watched from the first month of the data; those dissolved before it are not in the register.
_FIRMS = """
    WITH seen AS (SELECT date_trunc('month', min(month)) AS first, max(month) AS last FROM month)
    SELECT date_diff('month', founded_on, greatest(founded_on, first)) AS entry,
           date_diff('month', founded_on, least(coalesce(dissolved_on, last), last)) AS leave,
           coalesce(dissolved_on <= last, false) AS ended
    FROM enterprise, seen WHERE founded_on <= last AND coalesce(dissolved_on >= first, true)"""
_SPAN = 480  # months
_YOUNG, _OLD = slice(24, 84), slice(120, 240)


def _compute(connection: duckdb.DuckDBPyConnection) -> Result:
    firms = columns(connection, _FIRMS)
    entry, leave = (firms[name].astype(np.int64) for name in ("entry", "leave"))
    survival, risk = kaplan_meier(entry, leave, firms["ended"].astype(bool), _SPAN)
    figures = {f"survival_{y}": Measured(float(survival[12 * y - 1]), int(risk[12 * y - 1])) for y in (3, 5, 10)}
    ends = np.bincount(leave[firms["ended"].astype(bool)], minlength=_SPAN)[:_SPAN]
    young, old = (_hazard(ends, risk, part) for part in (_YOUNG, _OLD))
    many = int(ends[_YOUNG].sum() + ends[_OLD].sum())
    figures["survival_young_to_old"] = Measured(ratio(young, old), many)
    enough = np.flatnonzero(risk >= 30)
    series = Series(("存续率", "surviving"), enough / 12, 100 * survival[enough], "step")
    title = ("按年龄的企业存续率", "Firms that survive to an age")
    return Result(figures, (Panel(title, ("企业年龄(年)", "age in years"), ("%", "% surviving"), (series,)),))


def _hazard(ends: Ints, risk: Ints, part: slice) -> float:
    return float(ends[part].sum() / max(risk[part].sum(), 1))


CHECK = Check("survival", "企业存续", "Survival of firms by age", ("enterprise", "month"), _compute)
