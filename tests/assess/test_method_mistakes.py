"""Mistakes that a user makes in a method file: each is an error with its line, before anything is computed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from sfbench.assess import Step, read_method
from sfbench.assess.calendar import number_of
from sfbench.assess.check import compatible
from sfbench.assess.data import read_folder
from sfbench.assess.find import find_method
from sfbench.errors import SfbenchError

from .shared import TEMPLATE, indicator, method

TEXT = yaml.safe_dump(TEMPLATE, allow_unicode=True, sort_keys=False)
BANDS = "{kind: cutoffs, end: null, bands: [{id: a, zh: 甲, en: A, limit: 60}, {id: b, zh: 乙, en: B, limit: 0}]}"


def wrong(folder: Path, old: str, new: str) -> str:
    """What reading says of the template with `new` in place of `old`; the line is that of `new`."""
    assert TEXT.count(old) == 1
    path = folder / "mine.yaml"
    path.write_text(TEXT.replace(old, new), encoding="utf-8")
    with pytest.raises(SfbenchError) as caught:
        read_method(path)
    line = TEXT[: TEXT.index(old)].count("\n") + 1
    assert f"mine.yaml:{line}: " in str(caught.value)
    return str(caught.value)


def test_a_weight_that_is_given_twice_is_not_the_last_of_the_two(tmp_path):
    given = "weights: {kind: given, values: {volume: 0.9, risk: 0.5, volume: 0.5}}"
    assert "key 'volume' is given twice" in wrong(tmp_path, "weights: equal", given)


def test_a_key_of_a_band_that_is_given_twice_is_an_error(tmp_path):
    twice = f"bands: {BANDS.replace('limit: 60', 'limit: 60, limit: 80')}"
    assert "key 'limit' is given twice" in wrong(tmp_path, "bands: none", twice)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("weights: equal", "weights: {kind: given, values: {volume: half, risk: 1}}", "'values.volume' must be"),
        ("bands: none", f"bands: {BANDS.replace('limit: 0}', 'limit: low}')}", "'bands.2.limit' must be a number"),
        (
            "normalise:\n  kind: z\n  ddof: 1",
            "normalise: {kind: horizontal, deviation: sd, points: [[0, 1], [x, 2]]}",
            "'points.2.1' must be a number",
        ),
        (
            "weights: equal",
            "weights: {kind: ahp, by: geometric, comparisons: {volume: {risk: 12}}}",
            "'comparisons.volume.risk' must be at least",
        ),
    ],
)
def test_a_wrong_part_of_an_option_is_said_with_the_keys_that_lead_to_it(tmp_path, old, new, said):
    assert said in wrong(tmp_path, old, new)


def test_bands_of_the_same_id_are_an_error(tmp_path):
    """A veto could not say which of them it means."""
    assert "the same id: a" in wrong(tmp_path, "bands: none", f"bands: {BANDS.replace('id: b', 'id: a')}")


def test_an_indicator_may_be_called_yes(tmp_path):
    """YAML reads it as true."""
    path = tmp_path / "mine.yaml"
    own = TEXT.replace("  risk:", "  yes:").replace(
        "weights: equal", "weights: {kind: given, values: {volume: 1, yes: 0}}"
    )
    path.write_text(own, encoding="utf-8")
    assert read_method(path).weights.options["values"] == {"volume": 1.0, "yes": 0.0}


def test_a_value_that_holds_itself_has_no_end(tmp_path):
    own = "weights: &own {kind: given, values: *own}"
    assert "a value holds itself" in wrong(tmp_path, "weights: equal", own)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("outliers: none", "outliers: {kind: winsorise_sd, k: 1" + "0" * 400 + "}"),
        ("outliers: none", "outliers: {kind: winsorise_count, k: 1" + "0" * 400 + "}"),
        ("missing: drop", "missing: {kind: last_observed, periods: 100000}"),
        ("exclude: none", "exclude: [{kind: minimum_periods, periods: 1000000000}]"),
    ],
)
def test_a_number_beyond_any_data_is_wrong_input_and_no_internal_error(tmp_path, old, new):
    assert "must be" in wrong(tmp_path, old, new)


def test_an_alternative_of_weights_is_looked_at_before_it_is_drawn(tmp_path):
    other = "bands: none\nalternatives: {weights: [{kind: given, values: {volume: 0.5, risk: 0.7}}]}"
    path = tmp_path / "mine.yaml"
    path.write_text(TEXT.replace("bands: none", other), encoding="utf-8")
    with pytest.raises(SfbenchError, match=r"weights sum to 1\.2"):
        read_method(path)


def test_where_no_indicator_is_scored_a_weight_has_none_to_name(tmp_path):
    path = tmp_path / "mine.yaml"
    own = TEXT.replace("role: scored", "role: condition")
    path.write_text(own.replace("weights: equal", "weights: {kind: given, values: {volume: 1}}"), encoding="utf-8")
    with pytest.raises(SfbenchError, match="names 'volume', and the method has no scored"):
        read_method(path)


def test_points_in_proportion_are_for_more():
    rule = Step("pro_rata", {"points": 1.0, "reference": "a", "plan": "a"})
    with pytest.raises(SfbenchError, match="less is better of 'a', and nothing turns it"):
        compatible(method({"a": indicator(direction="down", normalise=rule)}))


def test_a_peer_group_that_nobody_knows_excludes_nobody_and_is_an_error(tiny):
    own = replace(find_method("oecd_style"), exclude=(Step("group", {"name": "polcy"}),))
    with pytest.raises(SfbenchError, match="no peer group 'polcy'"):
        read_folder(own, tiny)


@pytest.mark.parametrize(("kind", "text"), [("quarter", "0001Q1"), ("month", "9999-12"), ("year", "0000")])
def test_a_period_at_the_ends_of_the_calendar_is_none(kind, text):
    with pytest.raises(SfbenchError, match=f"is no {kind}"):
        number_of(kind, text)
