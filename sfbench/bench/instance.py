"""Instances: what the worlds of a scenario's variant and seed pose to a method."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from sfbench.bench.posed import Posed
from sfbench.bench.questions import question
from sfbench.bench.tasks import module
from sfbench.bench.truth import pose as pose_by_query
from sfbench.bench.worlds import worlds
from sfbench.errors import SfbenchError, did_you_mean
from sfbench.spec import Scenario, Trial
from sfbench.world.plan import Plan, plan
from sfbench.world.variants import MAIN, NULL_TWIN, PLACEBO, variant, variants

EFFECT = "policy_effect"  # the task of effects of policies


def instance(scenario: Scenario, name: str, seed: int, extra: tuple[Path, ...] = ()) -> Posed:
    """The instance of a variant and seed. Raises SfbenchError if the scenario poses no task."""
    return next(found for _, found in instances(scenario, (name,), seed, extra))


def instances(
    scenario: Scenario, names: Sequence[str], seed: int, extra: tuple[Path, ...] = ()
) -> Iterator[tuple[str, Posed]]:
    """(variant, instance) of a seed. The null twin is the main variant's world without its policy: made once for both,
    unless faults that follow no lever stay in it. The placebo is the main variant's world with other dates."""
    asked = question(posed(scenario).question, extra)
    pose = getattr(module(asked.task), "pose", pose_by_query)
    shared = all(wish.follows for wish in scenario.faults) or not scenario.levers
    main = None
    for name in names:
        wish = wished(scenario, name, seed, extra)
        if name == NULL_TWIN and shared and main is not None:
            made = main.null(wish)
        elif name == PLACEBO and main is not None:
            made = main.placebo(wish)
        else:
            made = worlds(wish)
            main = made if name == MAIN else main
        yield name, pose(asked, made, posed(wish.scenario))


def variants_of(scenario: Scenario, extra: tuple[Path, ...] = ()) -> tuple[str, ...]:
    """Names of the variants that pose something: a placebo is there for effects of policies only."""
    effect = question(posed(scenario).question, extra).task == EFFECT
    return tuple(name for name in variants(scenario) if effect or name != PLACEBO)


def posed(scenario: Scenario) -> Trial:
    """The scenario's trial. Raises SfbenchError if it has none."""
    if scenario.trial is None:
        raise SfbenchError(
            f"scenario {scenario.name!r} poses no task", where=scenario.where, fix="give it a `bench` section"
        )
    return scenario.trial


def wished(scenario: Scenario, name: str, seed: int, extra: tuple[Path, ...] = ()) -> Plan:
    """The plan of an instance: only the tables that its question reads, at the bench's scale. Its scenario is the
    variant's, with the question as that has it. Raises SfbenchError for an unknown variant."""
    trial = posed(scenario)
    if name not in variants_of(scenario, extra):
        fix = did_you_mean(name, variants_of(scenario, extra))
        raise SfbenchError(f"unknown variant {name!r} of {scenario.name!r}", where="--variant", fix=fix)
    asked = question(trial.question, extra)
    tables = (*asked.tables, *asked.also)
    return plan(variant(scenario, name), scale=trial.scale, seed=seed, tables=tables, extra=extra, hidden=True)
