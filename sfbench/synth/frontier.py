"""Cards of several copies side by side: which copy is worse than another in every respect, and which is not.

Risk is the largest lower bound (95 %) of any attack's gain, fidelity the mean of the shares among the card's figures,
utility the worse of the two trained tasks (area under the curve on the copy less on the original). A copy is on the
frontier unless another is no worse in all three and better in one. What a card does not know counts as worst there.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sfbench.errors import SfbenchError
from sfbench.synth.card import CARD
from sfbench.synth.utility import TASKS

SHARES = ("marginal", "pair", "three_way", "children", "time_series")  # 1: as the original


@dataclass(frozen=True, slots=True)
class Row:
    """One copy. None: the card does not know. `attack` is the one that gained most; `verdict` the card's on privacy."""

    copy: str
    method: str
    risk: float | None
    attack: str
    fidelity: float | None
    utility: float | None
    plan_metrics: float | None
    verdict: str
    on_frontier: bool = False


def frontier(cards: Sequence[Path]) -> list[Row]:
    """A row a card, in the order given. Raises SfbenchError for a file that is no card."""
    rows = [_row(path) for path in cards]
    marked = [asdict(row) | {"on_frontier": not any(_beats(other, row) for other in rows)} for row in rows]
    return [Row(**row) for row in marked]


def _row(path: Path) -> Row:
    try:
        card = json.loads(path.read_text(encoding="utf-8"))
        if card["kind"] != CARD:
            raise ValueError(card["kind"])
        figures = {figure["name"]: figure for figure in card["figures"]}
        attacks = [f["attack"] for f in card["figures"] if f.get("attack") and f["attack"]["tries"]]
        worst = max(attacks, key=lambda one: (one["risk_low"], one["risk"]), default=None)
        shares = [value for name in SHARES if (value := _value(figures, name)) is not None]
        tasks = [value for name in TASKS if (value := _value(figures, name)) is not None]
        return Row(
            copy=str(card["about"]["copy"]),
            method=str(card["about"]["method"]),
            risk=None if worst is None else float(worst["risk_low"]),
            attack="" if worst is None else str(worst["attack"]),
            fidelity=sum(shares) / len(shares) if shares else None,
            utility=min(tasks, default=None),
            plan_metrics=_value(figures, "plan_metrics"),
            verdict=str(card["privacy"]),
        )
    except OSError as error:
        raise SfbenchError("the card cannot be read", where=str(path), why=str(error)) from error
    except (ValueError, KeyError, TypeError) as error:
        fix = "give a card.json that `sfbench synth report --out` wrote"
        raise SfbenchError("this is no card of a copy", where=str(path), why=repr(error), fix=fix) from error


def _value(figures: Mapping[str, Any], name: str) -> float | None:
    value = figures.get(name, {}).get("value")
    return None if value is None else float(value)


def _beats(one: Row, other: Row) -> bool:
    mine, theirs = _goods(one), _goods(other)
    return mine != theirs and all(a >= b for a, b in zip(mine, theirs, strict=True))


def _goods(row: Row) -> tuple[float, ...]:
    """The more the better."""
    known = (None if row.risk is None else -row.risk, row.fidelity, row.utility)
    return tuple(-math.inf if value is None else value for value in known)
