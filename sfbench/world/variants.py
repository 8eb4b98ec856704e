"""Variants of a scenario for the bench: as written, without any effect, before any, and those that its file names."""

from __future__ import annotations

from dataclasses import replace

from sfbench.errors import SfbenchError, did_you_mean
from sfbench.spec import NEVER, Lever, Scenario, Trial

MAIN, NULL_TWIN, PLACEBO = "main", "null_twin", "placebo"
_EARLIER, _QUARTER = 12, 3  # months: dates of a placebo lie a year back, in the same season; panels are of quarters


def variants(scenario: Scenario) -> tuple[str, ...]:
    """Names of the variants of a scenario with a `bench` section."""
    if scenario.trial is None:
        return (MAIN, NULL_TWIN)
    own = (PLACEBO,) if _placebo_trial(scenario, scenario.trial) else ()
    return (MAIN, NULL_TWIN, *own, *scenario.trial.variants)


def variant(scenario: Scenario, name: str) -> Scenario:
    """The scenario with that variant's levers. Raises SfbenchError for an unknown name.

    In the null twin the policy reaches the same units in the same months and does nothing, so a method sees a register
    as in the main variant, and any effect that it claims is false. Of a scenario without a policy the null twin is the
    world whose reports are sound.

    The placebo is the world as written until the policy first stirs anything. The register has the same units a year
    early: whatever a method finds there, the policy was not. It is there if that leaves a quarter without any reaction
    before the first of those dates.
    """
    if name not in variants(scenario):
        raise SfbenchError(
            f"unknown variant {name!r} of {scenario.name!r}",
            where="--variant",
            fix=did_you_mean(name, variants(scenario)),
        )
    if name == MAIN:
        return scenario
    named = replace(scenario, variant=name)
    if name == NULL_TWIN:
        idle = (lever if lever.stays else _idle(lever) for lever in scenario.levers)
        return replace(named, levers=tuple(idle), faults=scenario.faults if scenario.levers else ())
    assert scenario.trial is not None  # it names the others
    if name == PLACEBO:
        real = (lever if lever.stays else replace(lever, stays=True, secret=True) for lever in scenario.levers)
        levers = (_a_year_early(_policies(scenario)[0]), *real)
        return replace(named, levers=levers, trial=_placebo_trial(scenario, scenario.trial))
    own = scenario.trial.variants[name]
    return replace(named, levers=tuple({one.name: one for one in (*scenario.levers, *own)}.values()))


def _policies(scenario: Scenario) -> list[Lever]:
    """The levers that a question is about: the first is the one of the register."""
    return [lever for lever in scenario.levers if not lever.stays]


def _idle(lever: Lever) -> Lever:
    """The lever without any effect, and so without a budget."""
    return replace(lever, budget=None, first=0.0, step=0.0, before=(lever.before[0], 0.0), spill=0.0)


def _a_year_early(lever: Lever) -> Lever:
    """A policy that is said to reach the same units a year before it does, and does nothing."""
    cohorts = tuple(replace(cohort, start=cohort.start - _EARLIER) for cohort in lever.cohorts)
    return replace(_idle(lever), name=PLACEBO, drawn_as=lever.drawn, cohorts=cohorts, end=NEVER)


def _placebo_trial(scenario: Scenario, trial: Trial) -> Trial | None:
    """The question up to the last quarter before any policy stirs; None where that leaves too little to tell."""
    policies = _policies(scenario)
    if not policies or policies[0].secret:
        return None
    stirs = min(cohort.start - lever.before[0] for lever in policies for cohort in lever.cohorts)
    said = min(cohort.start for cohort in policies[0].cohorts) - _EARLIER
    end = stirs - stirs % _QUARTER
    if said - trial.anticipation * _QUARTER <= trial.first or end <= said:
        return None
    return replace(trial, last=end - 1)
