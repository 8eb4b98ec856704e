"""Runs the attacks of `attacks/` on a case."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from pathlib import Path

from sfbench.errors import SfbenchError, did_you_mean
from sfbench.privacy.case import Case
from sfbench.privacy.outcome import Outcome


def attack_names() -> list[str]:
    """Names of all attacks."""
    return sorted(path.stem for path in (Path(__file__).parent / "attacks").glob("[!_]*.py"))


def attacked(case: Case, names: Sequence[str] | None = None) -> list[Outcome]:
    """Outcomes of the attacks (None: all) that have something to look at. Raises SfbenchError for an unknown one."""
    known = attack_names()
    for name in names or ():
        if name not in known:
            raise SfbenchError(f"no attack {name!r}", fix=did_you_mean(name, known))
    found = (importlib.import_module(f"sfbench.privacy.attacks.{name}") for name in names or known)
    outcomes = [module.attack(case) for module in found]
    return [outcome for outcome in outcomes if outcome is not None]
