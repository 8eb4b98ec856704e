"""The size of a test: the rate of claims where there is no effect, with its exact binomial interval."""

import math

import pytest
from typer.testing import CliRunner

from sfbench.bench.results import keep
from sfbench.bench.run import Answer, run
from sfbench.bench.size import sizes
from sfbench.cli.app import app
from sfbench.content import scenario


def answers(claims, of, method="a", truth=0.0, kind="estimate", variant="null_twin"):
    """So many claims among so many answers."""
    return [
        Answer(
            scenario="s",
            variant=variant,
            seed=seed,
            method=method,
            kind=kind,
            seconds=0.0,
            truth=truth,
            figures={"claims": float(seed < claims)},
        )
        for seed in range(of)
    ]


def at_most(claims, of, rate):
    """The chance of at most so many claims, term by term."""
    return sum(math.comb(of, k) * rate**k * (1 - rate) ** (of - k) for k in range(claims + 1))


@pytest.mark.parametrize(("claims", "of"), [(3, 50), (10, 200), (180, 200)])
def test_the_interval_leaves_half_a_percent_on_either_side(claims, of):
    """Clopper and Pearson: at the bounds, what was seen or more extreme has a chance of 0.5 %."""
    (found,) = sizes(answers(claims, of))
    assert (found.claims, found.instances, found.rate) == (claims, of, claims / of)
    assert at_most(claims, of, found.high) == pytest.approx(0.005)
    assert 1 - at_most(claims - 1, of, found.low) == pytest.approx(0.005)


@pytest.mark.parametrize(
    ("claims", "verdict"), [(0, "seldom"), (1, "seldom"), (10, "holds"), (18, "holds"), (20, "too often")]
)
def test_five_percent_lies_in_the_interval_above_it_or_below(claims, verdict):
    assert sizes(answers(claims, 200))[0].verdict == verdict


def test_worlds_with_an_effect_and_failures_do_not_count_and_refusals_claim_nothing():
    mixed = answers(5, 5, truth=0.1) + answers(3, 5, kind="failed") + answers(0, 4, kind="refusal") + answers(2, 6)
    (found,) = sizes(mixed)
    assert (found.instances, found.claims) == (10, 2)
    assert not sizes(answers(1, 4, truth=None))


def test_each_method_and_variant_is_by_itself():
    found = sizes(answers(1, 5, "b") + answers(2, 5, "a") + answers(3, 5, "a", variant="placebo"))
    assert [(one.method, one.variant, one.claims) for one in found] == [
        ("a", "null_twin", 2),
        ("b", "null_twin", 1),
        ("a", "placebo", 3),
    ]


def test_the_command_shows_what_was_run_and_says_if_nothing_was(tmp_path):
    keep(answers(22, 200), tmp_path)
    shown = CliRunner().invoke(app, ["bench", "size", str(tmp_path)])
    assert shown.exit_code == 0 and "too often" in shown.stdout and "0.110" in shown.stdout
    keep(answers(1, 5, truth=1.0), tmp_path / "other")
    none = CliRunner().invoke(app, ["bench", "size", str(tmp_path / "other")])
    assert none.exit_code == 2 and "no world without an effect" in none.stderr


@pytest.mark.slow
def test_good_methods_hold_their_size_where_a_policy_does_nothing(tmp_path):
    """S11, two districts of S6 and banks of S12: 5 % is in, or above, the interval of each method that is for it."""
    few, many = ("donald_lang", "randomisation"), ("two_way_fixed_effects", "imputation", "randomisation")
    for name, methods in (("s06_few_districts", few), ("s11_null_policy", many), ("s12_relabelling", few)):
        found = run(
            scenario(name),
            variants=("null_twin",),
            methods=(*methods, "before_after"),
            seeds=range(30001, 30051),
            out=tmp_path,
        )
        by = {one.method: one for one in sizes(found)}
        assert all(by[method].verdict != "too often" for method in methods), by
        assert name != "s11_null_policy" or by["before_after"].verdict == "too often"
