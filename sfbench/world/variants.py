"""Variants of a scenario for the bench: the world as written, without any effect, and those that its file names."""

from __future__ import annotations

from dataclasses import replace

from sfbench.errors import SfbenchError, did_you_mean
from sfbench.spec import Scenario

MAIN, NULL_TWIN = "main", "null_twin"


def variants(scenario: Scenario) -> tuple[str, ...]:
    """Names of the variants of a scenario with a `bench` section."""
    return (MAIN, NULL_TWIN, *(scenario.trial.variants if scenario.trial else ()))


def variant(scenario: Scenario, name: str) -> Scenario:
    """The scenario with that variant's levers. Raises SfbenchError for an unknown name.

    In the null twin the policy reaches the same units in the same months and does nothing, so a method sees a register
    as in the main variant, and any effect that it claims is false. Of a scenario without a policy the null twin is the
    world whose reports are sound.
    """
    if name == MAIN:
        return scenario
    if name == NULL_TWIN:
        idle = (
            lever if lever.stays else replace(lever, first=0.0, step=0.0, before=(lever.before[0], 0.0), spill=0.0)
            for lever in scenario.levers
        )
        return replace(scenario, levers=tuple(idle), faults=scenario.faults if scenario.levers else ())
    own = scenario.trial.variants if scenario.trial else {}
    if name not in own:
        raise SfbenchError(
            f"unknown variant {name!r} of {scenario.name!r}",
            where="--variant",
            fix=did_you_mean(name, variants(scenario)),
        )
    return replace(scenario, levers=tuple({one.name: one for one in (*scenario.levers, *own[name])}.values()))
