"""Whom each lever of a plan is made for, and what they really are: `truth/units.parquet`."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from sfbench.content.levers import labels
from sfbench.engines.repeated import repeated
from sfbench.kit import Columns, Ints, month_start
from sfbench.spec import NEVER, Lever
from sfbench.world.plan import Plan


def units(plan: Plan, lever: Lever, found: Columns) -> pa.Table:
    """One row a firm or bank that a lever is made for; `found` is what `reach` gives.

    lever; enterprise_id or institution_id (the other is null); unit, to which its cells belong; starts_on, and of units
    that are never reached near_on: the day from which a unit next to theirs is (null: never); times: how strong the
    effect is, relative to the lever's. Of a firm by birth: latent_quality (standard normal) and true_kind. Of a bank
    gaming: the faults, with + between them, that its reports bear from its start on (null: it reports as it should).
    """
    found = {name: values[found["eligible"]] for name, values in found.items()}
    rows = len(found["unit"])
    kinds = pa.array(list(labels("kind")))
    of_firm = {
        "latent_quality": pa.array(found["quality"]) if "quality" in found else pa.nulls(rows, pa.float64()),
        "true_kind": pa.DictionaryArray.from_arrays(pa.array(found["kind"].astype(np.int8)), kinds)
        if "kind" in found
        else pa.nulls(rows, pa.dictionary(pa.int8(), pa.string())),
    }
    faults = "+".join(dict.fromkeys(wish.fault for wish in plan.scenario.faults if wish.follows == lever.name))
    games = (found["start"] < NEVER) & (found["times"] != 0) & bool(faults)
    return pa.table(
        {
            "lever": repeated(lever.name, rows),
            "enterprise_id": _ids(found.get("firm"), rows),
            "institution_id": _ids(found.get("institution"), rows),
            "unit": pa.array(found["unit"]),
            "starts_on": _days(found["start"]),
            "near_on": _days(found["near"]),
            "times": pa.array(found["times"]),
            **of_firm,
            "gaming": pa.array([faults] * rows, pa.string(), mask=~games) if rows else pa.nulls(0, pa.string()),
        }
    )


def _ids(numbers: Any, rows: int) -> Any:
    return pa.nulls(rows, pa.int64()) if numbers is None else pa.array(numbers)


def _days(month: Ints) -> Any:
    """First days of months as dates, null where it is NEVER."""
    ever = month < NEVER
    days = np.zeros(len(month), np.int32)
    days[ever] = month_start(month[ever])
    return pa.array(days, pa.date32(), mask=~ever)
