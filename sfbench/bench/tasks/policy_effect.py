"""Policy effect: what a policy changed, from a panel of units and the public register of whom it reached when."""

from __future__ import annotations

import math

import numpy as np
import pyarrow as pa

from sfbench.bench.posed import Posed
from sfbench.bench.truth import connection, run_truth, span_of
from sfbench.bench.worlds import Tables, Worlds
from sfbench.errors import SfbenchError
from sfbench.kit import Columns
from sfbench.spec import NEVER, Question, Task, Trial

TASK = Task(
    zh="政策效果",
    en="Policy effect",
    asks_zh="受处理单位各季平均效果(对数点)及区间；无法识别时可拒答",
    asks_en="mean effect over the treated unit-quarters from the start on, in log points, each unit-quarter alike",
    answer="estimate",
    headline="rmse",
)

WAYS = 20  # to choose the treated units: a randomisation test of fewer cannot reach 5 %
MONTHS = 3  # of a period: all panels are by quarter
Amounts = dict[str, np.ndarray]  # outcome -> (units, quarters), nan where there is none


def pose(question: Question, worlds: Worlds, trial: Trial) -> Posed:
    """The panel of log amounts as reported and the register; the truth is real amounts against the twin's.

    The question's SQL gives (unit, period, amount), with further outcomes in columns `amount_*`, from `register` and
    `outsider` (who has a unit and is not eligible). The register that is shown has `start` and, as `start_NAME`, those
    of public policies beside the one that is asked about. A unit without an amount in some quarter of any world is left
    out. Raises SfbenchError if fewer than two are whole, or none of them is treated.
    """
    where = worlds.plan.scenario.where
    if trial.first % MONTHS or trial.last % MONTHS != MONTHS - 1:
        raise SfbenchError("a panel is of whole quarters", where=where, fix="let it begin in 2024-01, end in 2026-12")
    register = worlds.register
    if register is None or not len(register["unit"]):
        raise SfbenchError(
            "the policy is made for nobody in this world",
            where=where,
            fix="give a lever, or widen its `who`",
        )
    seen = _amounts(question, worlds, trial, worlds.seen)
    real = seen if worlds.real is worlds.seen else _amounts(question, worlds, trial, worlds.real)
    twin = real if worlds.twin is worlds.real else _amounts(question, worlds, trial, worlds.twin)
    whole = np.logical_and.reduce([np.isfinite(amount).all(1) for one in (seen, real, twin) for amount in one.values()])
    unit = np.flatnonzero(whole)
    if len(unit) < 2:
        raise SfbenchError(
            "fewer than two units have an amount in every quarter",
            where=where,
            fix="raise bench.scale",
        )
    first, near = (_periods(register, name, trial, len(whole))[unit] for name in ("start", "near"))
    others = {one.name: worlds.made_for(one) for one in worlds.beside}
    y1, y0 = (np.log(one["amount"][unit]) for one in (real, twin))
    exposed = np.arange(y1.shape[1]) >= first[:, None]
    if not exposed.any():
        raise SfbenchError(
            "no unit with an amount in every quarter is treated within the span",
            where=where,
            fix="let the span end after the start, or raise bench.scale",
        )
    cells = {
        "unit": np.repeat(unit, y1.shape[1]),
        "period": np.tile(np.arange(y1.shape[1]), len(unit)),
        "y0": y0.reshape(-1),
        "y1": y1.reshape(-1),
        "exposed": exposed.reshape(-1),
    }
    shown = {"y" + name.removeprefix("amount"): np.log(amount[unit]).reshape(-1) for name, amount in seen.items()}
    number = np.arange(len(unit))  # what a unit is called in the city, nobody needs to know
    panel = pa.table({"unit": np.repeat(number, y1.shape[1]), "period": cells["period"], **shown})
    dates = {"start": first, "near": near}
    dates |= {f"start_{name}": _periods(found, "start", trial, len(whole))[unit] for name, found in others.items()}
    starts = {name: pa.array(when, mask=when >= y1.shape[1]) for name, when in dates.items()}
    units = pa.table({"unit": number, **starts})
    value = float((y1 - y0)[exposed].mean())
    return Posed({"panel": panel, "register": units}, pa.table(cells), value, _identified(exposed, trial.anticipation))


def _identified(exposed: np.ndarray, anticipation: int) -> bool:
    """Whether parallel trends tell the effect in every treated cell, and a test at 5 % could.

    The cell's unit has a quarter before, the quarter a unit that is not treated yet; and there are twenty ways or more
    to choose as many treated units, without which nothing could be significant.
    """
    first = np.where(exposed.any(1), exposed.argmax(1), exposed.shape[1] + anticipation)
    clean = np.arange(exposed.shape[1]) < (first - anticipation)[:, None]
    told = (clean.any(1) | ~exposed.any(1)).all() and (clean.any(0) | ~exposed.any(0)).all()
    return bool(told) and math.comb(len(exposed), int(exposed.any(1).sum())) >= WAYS


def _periods(register: Columns, name: str, trial: Trial, units: int) -> np.ndarray:
    """The period of each unit's `start`, or from which a treated unit is `near` it."""
    month, mine = np.full(units, NEVER), register["unit"] < units
    month[register["unit"][mine]] = register[name][mine]
    return np.where(month == NEVER, NEVER, (month - trial.first) // MONTHS)


def _amounts(question: Question, worlds: Worlds, trial: Trial, tables: Tables) -> Amounts:
    register = worlds.register
    assert register is not None  # `pose` was here before
    with connection(tables | worlds.members) as held:
        found = run_truth(held, question, span_of(trial))
    shape = int(register["unit"].max()) + 1, (trial.last - trial.first + 1) // MONTHS
    at = found["unit"].to_numpy().astype(np.int64), found["period"].to_numpy().astype(np.int64) - trial.first // MONTHS
    out = {}
    for name in found.column_names:
        if name.startswith("amount"):
            out[name] = np.full(shape, np.nan)
            out[name][at] = found[name].to_numpy()
    return out
