"""Compare a long table of metrics with the expected rows of the set."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

from .edits import HERE, cell, read_csv

KEY = ("metric", "component", "period", "cut", "cut_value")
# Additive components: a row that is absent says the same as a row with 0
NOT_ADDITIVE = {
    "tech_enterprise_loan_growth_gap": (),
    "new_loan_rate": (),
    "report_reconciliation_gap": ("enterprise_gap", "tech_gap"),
}
Expected = Mapping[tuple[str, ...], Mapping[str, str]]


def expected(change: str | None = None) -> dict[tuple[str, ...], dict[str, str]]:
    """Expected rows by key (all text): of the clean set, or after a planted change (`value` empty where none)."""
    rows = {tuple(r[k] for k in KEY): r for r in read_csv(HERE / "expected_metrics.csv")}
    for r in read_csv(HERE / "expected_changes.csv") if change else ():
        key = tuple(r[k] for k in KEY)
        if r["change"] == change and r["state"] == "disappears":
            del rows[key]
        elif r["change"] == change:
            rows[key] = {
                **{k: r[k] for k in KEY},
                "value": r["after"],
                "computable": "true" if r["after"] else "false",
                "reason": r["reason"],
            }
    return rows


def additive(metric: str, component: str) -> bool:
    """Whether values of a component add up over banks."""
    return metric not in NOT_ADDITIVE or component in NOT_ADDITIVE[metric]


def differences(
    actual: Iterable[Mapping[str, Any]], want: Expected | None = None, relative: float = 1e-9, absolute: float = 1e-9
) -> list[str]:
    """One line per difference between metric rows (dicts with KEY, value, computable, reason) and the expected ones."""
    want = expected() if want is None else want
    got = {tuple(cell(row[k]) for k in KEY): row for row in actual}
    out = []
    for key in sorted(set(want) | set(got)):
        wanted, row = want.get(key), got.get(key)
        if additive(key[0], key[1]):
            one, two = float((wanted or {}).get("value") or 0), float((row or {}).get("value") or 0)
            if not math.isclose(one, two, rel_tol=relative, abs_tol=absolute):
                out.append(f"{key}: expected {one!r}, found {two!r}")
        elif wanted is None or row is None:
            out.append(f"{key}: {'unexpected' if wanted is None else 'missing'} row")
        elif wanted["computable"] == "false":
            if row["value"] is not None or row["computable"] or row["reason"] != wanted["reason"]:
                out.append(f"{key}: expected no value ({wanted['reason']}), found {row['value']!r} ({row['reason']})")
        elif row["value"] is None or not math.isclose(
            float(wanted["value"]), row["value"], rel_tol=relative, abs_tol=absolute
        ):
            out.append(f"{key}: expected {wanted['value']}, found {row['value']!r}")
    return out
