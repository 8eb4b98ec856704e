"""The figures that a method may be asked for, named and worked out from the potential outcomes of a world."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa

from sfbench.kit import Columns
from sfbench.spec import NEVER, Lever, Trial

QUARTER = 3  # months
SCHEMA = pa.schema(
    [
        *((name, pa.string()) for name in ("estimand", "kind", "lever", "outcome", "unit_set", "period_set")),
        *((name, pa.string()) for name in ("weighting", "group", "time", "scale")),
        ("value", pa.float64()),
        ("cells", pa.int64()),
        ("includes_anticipation", pa.bool_()),
        ("net_of_spillover", pa.bool_()),
    ]
)


def estimands(lever: Lever, outcome: str, made: Columns, trial: Trial | None) -> pa.Table:
    """Rows of `truth/estimands.parquet` from `cells`; every value is of this world (finite sample).

    total: yuan over all units and months, anticipation and spillover in it; total_treated: over treated cells. Of the
    span of a scenario's question, over units with an amount in every quarter of both worlds and quarters from the
    unit's on, in log points, each cell alike: att; att_gt by group (first month) and time; att_es by quarters since the
    start. `cells` is how many cells a value is of.
    """
    head = {"lever": lever.name, "outcome": outcome, "group": None, "time": None}
    rows: list[dict[str, Any]] = [head | one for one in _totals(made)]
    if trial is not None:
        rows += [head | {"period_set": _span(trial)} | one for one in _effects(made, trial)]
    named = (
        {"estimand": "/".join(str(row[k]) for k in ("kind", "group", "time") if row[k] is not None)} | row
        for row in rows
    )
    return pa.Table.from_pylist(list(named), SCHEMA)


def _totals(made: Columns) -> Iterator[dict[str, Any]]:
    tau, treated = made["y1"] - made["y0"], made["month"] >= made["start"]
    for kind, mine, net in (("total", np.ones(len(tau), bool), True), ("total_treated", treated, False)):
        yield {
            "kind": kind,
            "unit_set": "all" if net else "treated",
            "period_set": "all",
            "weighting": "amount",
            "scale": "yuan",
            "value": int(tau[mine].sum()) / 100,
            "cells": int(mine.sum()),
            "includes_anticipation": net,
            "net_of_spillover": net,
        }


def _effects(made: Columns, trial: Trial) -> Iterator[dict[str, Any]]:
    same = {
        "unit_set": "treated, whole",
        "weighting": "cell",
        "scale": "log",
        "includes_anticipation": False,
        "net_of_spillover": False,
    }
    effect, start, time = _logs(made, trial)
    first = (start - trial.first) // QUARTER
    treated = (start < NEVER) & (time >= first)
    if treated.any():
        yield same | {"kind": "att", "value": float(effect[treated].mean()), "cells": int(treated.sum())}
    for kind, group, when, mine in (
        ("att_gt", start, time, treated),
        ("att_es", np.zeros_like(start), time - first, treated),
    ):
        pairs = np.unique(np.stack([group[mine], when[mine]]), axis=1).T
        for one, at in pairs.tolist():
            here = mine & (group == one) & (when == at)
            names = {"group": _month(one), "time": _quarter(trial.first + at * QUARTER)}
            names = names if kind == "att_gt" else {"time": str(at)}
            yield same | names | {"kind": kind, "value": float(effect[here].mean()), "cells": int(here.sum())}


def _logs(made: Columns, trial: Trial) -> tuple[Any, Any, Any]:
    """(log of y1 over y0, start, number of the quarter) by unit and quarter of the span, flat, of whole units."""
    inside = (made["month"] >= trial.first) & (made["month"] <= trial.last)
    units, first, place = np.unique(made["unit"][inside], return_index=True, return_inverse=True)
    quarter = (made["month"][inside] - trial.first) // QUARTER
    shape = len(units), (trial.last - trial.first + 1) // QUARTER
    sums = [
        np.bincount(place * shape[1] + quarter, made[name][inside], shape[0] * shape[1]).reshape(shape)
        for name in ("y0", "y1")
    ]
    whole = (sums[0] > 0).all(1) & (sums[1] > 0).all(1)
    effect = np.log(sums[1][whole]) - np.log(sums[0][whole])
    start = np.repeat(made["start"][inside][first[whole]], shape[1])
    return effect.reshape(-1), start, np.tile(np.arange(shape[1]), int(whole.sum()))


def _span(trial: Trial) -> str:
    return f"{_month(trial.first)}/{_month(trial.last)}"


def _month(number: int) -> str:
    return f"{number // 12}-{number % 12 + 1:02d}"


def _quarter(month: int) -> str:
    return f"{month // 12}Q{month % 12 // QUARTER + 1}"
