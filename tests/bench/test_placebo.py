"""The placebo: the world up to the policy, and a register that dates the policy a year too early."""

import dataclasses

import numpy as np
import pytest

from sfbench.bench.instance import instance, instances, variants_of
from sfbench.bench.run import run
from sfbench.bench.shelf import truth_of
from sfbench.content import scenario, scenario_names
from sfbench.errors import SfbenchError
from sfbench.world.variants import variant, variants
from tests.bench.shared import TEXT

BENCH = [scenario(name) for name in scenario_names() if scenario(name).trial]
EFFECTS = ["s01", "s02", "s03", "s04", "s05", "s06", "s07", "s08", "s10", "s11", "s12", "s30", "s35"]
PANEL = 6  # quarters from 2024-01 until the policy of the shared scenario begins in 2025-07


@pytest.fixture(scope="module")
def both(posed):
    return dict(instances(posed, ("main", "placebo"), 5))


def test_every_public_policy_whose_effect_is_asked_for_has_a_placebo():
    found = {one.name[:3] for one in BENCH if "placebo" in variants_of(one)}
    assert found == set(EFFECTS)


@pytest.mark.parametrize("one", [one for one in BENCH if "placebo" in variants_of(one)], ids=lambda one: one.name[:3])
def test_no_policy_stirs_before_a_placebo_ends_and_one_clean_quarter_comes_before_its_dates(one):
    sham, *rest = variant(one, "placebo").levers
    real = [lever for lever in rest if lever.name in {own.name for own in one.levers if not own.stays}]
    trial = variant(one, "placebo").trial
    assert real and all(lever.secret and lever.stays for lever in real)
    assert all(cohort.start - lever.before[0] > trial.last for lever in real for cohort in lever.cohorts)
    first = min(cohort.start for cohort in sham.cohorts)
    assert trial.first + 3 * trial.anticipation < first <= trial.last < one.trial.last
    assert sham.idle and not sham.secret and (trial.last + 1) % 3 == 0


def test_the_register_names_the_same_units_a_year_early(both):
    real, sham = (both[name].seen["register"]["start"].to_pylist() for name in ("main", "placebo"))
    assert set(real) == {6, None} and set(sham) == {2, None}
    # The placebo is shorter, so a unit may be whole in it that is not in the panel of three years.
    assert sham.count(2) >= real.count(6) and both["placebo"].truth["period"].to_pylist()[-1] == PANEL - 1


def test_what_is_seen_is_the_world_before_the_policy(posed, both):
    """Same places, same quarters, same amounts as in the main variant; and nothing in them is the policy's."""
    main, placebo = both["main"].truth.to_pylist(), both["placebo"].truth.to_pylist()
    amounts = {(row["unit"], row["period"]): row["y1"] for row in placebo}
    shared = [row for row in main if (row["unit"], row["period"]) in amounts]
    assert len(shared) == len({row["unit"] for row in main}) * PANEL
    assert all(row["y1"] == amounts[row["unit"], row["period"]] and row["y0"] == row["y1"] for row in shared)
    assert both["placebo"].value == 0 and both["placebo"].identified
    assert both["main"].value > 0.1


def test_made_alone_it_is_the_same_placebo(posed, both):
    alone = instance(posed, "placebo", 5)
    assert alone.truth.equals(both["placebo"].truth)
    assert all(alone.seen[name].equals(table) for name, table in both["placebo"].seen.items())


def test_what_banks_report_from_the_policy_on_is_not_in_the_placebo():
    """S12 relabels from 2025-07 on: until then what is reported as tech is tech."""
    found = scenario("s12_relabelling")
    small = dataclasses.replace(found, trial=dataclasses.replace(found.trial, scale=0.02))
    panel = instance(small, "placebo", 3).seen["panel"]
    truth = instance(small, "placebo", 3).truth
    assert panel["period"].to_pylist()[-1] == PANEL - 1
    assert np.abs(panel["y"].to_numpy() - truth["y1"].to_numpy()).max() == 0


def test_a_method_is_told_where_the_span_ends_and_a_trend_before_the_policy_gives_itself_away(tmp_path):
    """S7: lending grew where the pilot went. The placebo says so before there is a pilot; a third difference passes."""
    found = scenario("s07_growing_places")
    quick = dataclasses.replace(
        found,
        trial=dataclasses.replace(found.trial, scale=0.03),
        levers=tuple(dataclasses.replace(one, areas=20, step=one.step * 40) for one in found.levers),
    )
    methods = ("two_way_fixed_effects", "triple_difference")
    answers = run(quick, variants=("main", "placebo"), methods=methods, seeds=(1, 2), out=tmp_path)
    by = {(a.variant, a.method, a.seed): a for a in answers}
    for seed in (1, 2):
        found_out, third = (by["placebo", name, seed] for name in methods)
        assert found_out.truth == 0 < found_out.low
        assert abs(third.value) < found_out.value / 2
    cards = sorted(path.stem for path in (tmp_path / "cards").iterdir())
    assert cards == [quick.name, f"{found.name}_until_2025-06-30"]
    told = {
        truth_of(tmp_path, path.stem)[0]["variant"]: truth_of(tmp_path, path.stem)[0]["card"]
        for path in (tmp_path / "truth").iterdir()
    }
    assert told == {"main": cards[0], "placebo": cards[1]}


def test_a_policy_too_early_or_secret_and_a_question_of_another_kind_have_none(tmp_path):
    for number, (old, new) in enumerate(
        [
            ("from: 2025-07, share: 0.5}]\nbench", "from: 2025-01, share: 0.5}]\nbench"),
            ("areas: 12", "secret: true\n    areas: 12"),
        ]
    ):
        path = tmp_path / f"{number}.yaml"
        assert old in TEXT
        path.write_text(TEXT.replace(old, new, 1), encoding="utf-8")
        assert "placebo" not in variants(scenario(str(path)))
    with pytest.raises(SfbenchError, match="unknown variant 'placebo'"):
        instance(scenario("s25_allocation"), "placebo", 1)
