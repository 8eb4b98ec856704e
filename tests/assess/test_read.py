"""A method file: every step named, every error with its line, all at once."""

from __future__ import annotations

import copy

import pytest
import yaml

from sfbench.assess import Step, read_method, run
from sfbench.assess.options import options_of
from sfbench.assess.spec import RULES, STEPS
from sfbench.assess.steps import KINDS
from sfbench.errors import SfbenchError

from .shared import TEMPLATE, panel


@pytest.fixture
def write(tmp_path):
    def make(**changes):
        content = copy.deepcopy(TEMPLATE) | changes
        path = tmp_path / "mine.yaml"
        left = {key: value for key, value in content.items() if value != "absent"}
        path.write_text(yaml.safe_dump(left, allow_unicode=True, sort_keys=False), encoding="utf-8")
        return path

    return make


def errors(path) -> str:
    with pytest.raises(SfbenchError) as caught:
        read_method(path)
    return str(caught.value)


def test_a_file_becomes_a_method_that_runs(write):
    method = read_method(write())
    assert (method.name, method.scored) == ("mine", ("volume", "risk"))
    assert method.normalise == Step("z", {"ddof": 1})
    result = run(method, panel([[1.0, 0.1], [2, 0.3], [4, 0.2]], ["volume", "risk"]))
    assert result.realised == method.pipeline()
    assert "normalise z(ddof=1)" in result.realised


@pytest.mark.parametrize("step", [*STEPS, *RULES])
def test_a_step_that_is_not_named_is_an_error_that_lists_the_choices(write, step):
    text = errors(write(**{step: "absent"}))
    assert f"step {step!r} is not named" in text
    assert all(kind in text for kind in KINDS[step])


@pytest.mark.parametrize("step", [*STEPS, *RULES])
def test_no_option_of_any_step_has_a_default(step):
    for kind, function in KINDS[step].items():
        assert not function.__kwdefaults__, kind
        options_of(function)


def test_a_wrong_kind_gets_a_suggestion_and_its_line(write):
    path = write(normalise={"kind": "min_mx"})
    line = next(n for n, text in enumerate(path.read_text(encoding="utf-8").splitlines(), 1) if "min_mx" in text)
    text = errors(path)
    assert f"mine.yaml:{line}: unknown kind 'min_mx' of step 'normalise'" in text
    assert "did you mean 'min_max'?" in text


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"normalise": "z"}, "option 'ddof' of normalise z is not named"),
        ({"normalise": {"kind": "z", "ddof": 2}}, "'ddof' must be one of 0, 1, not 2"),
        ({"normalise": {"kind": "z", "ddof": True}}, "'ddof' must be one of 0, 1, not True"),
        ({"normalise": {"kind": "z", "ddof": 1, "ddf": 1}}, "unknown option 'ddf' of normalise z"),
        ({"normalise": {"ddof": 1}}, "step 'normalise' names no kind"),
        ({"outliers": {"kind": "winsorise_sd", "k": -1}}, "'k' must be above 0, not -1"),
        ({"outliers": {"kind": "winsorise_sd", "k": 0}}, "'k' must be above 0, not 0"),
        ({"outliers": {"kind": "winsorise_sd", "k": True}}, "'k' must be a number, not True"),
        ({"outliers": {"kind": "winsorise_sd", "k": float("inf")}}, "'k' must be a number, not inf"),
        ({"aggregate": {"kind": "geometric", "floor": -0.1}}, "'floor' must be at least 0, not -0.1"),
        ({"aggregate": {"kind": "vikor", "v": 1.1}}, "'v' must be at least 0 and at most 1, not 1.1"),
        ({"outliers": {"kind": "winsorise_count", "k": 1.5}}, "'k' must be a whole number, not 1.5"),
        ({"weights": {"kind": "given", "values": {"volume": 1}}}, "'values' leaves out risk"),
        ({"weights": {"kind": "given", "values": {"volum": 1}}}, "names no scored: 'volum'; did you mean 'volume'?"),
        ({"weights": {"kind": "given", "values": {"volume": 0.7, "risk": 0.7}}}, "weights sum to 1.4"),
        ({"weights": {"kind": "given", "values": {"volume": 1.5, "risk": -0.5}}}, "weights below 0: risk"),
        ({"weights": {"kind": "pillars", "values": {"size": 1.1, "quality": -0.1}}}, "weights below 0: quality"),
        ({"weights": {"kind": "ahp", "comparisons": {"volume": {}}, "by": "geometric"}}, "not compared: volume-risk"),
        (
            {"weights": {"kind": "ahp", "comparisons": {"volume": {"risk": 10}}, "by": "geometric"}},
            "must be at least 0.111",
        ),
        ({"weights": {"kind": "ahp", "comparisons": {"volume": {"risk": 0.1}}, "by": "geometric"}}, "and at most 9"),
        ({"weights": {"kind": "bod", "low": 0, "high": 1.5}}, "'high' must be at least 0 and at most 1"),
        ({"aggregate": {"kind": "share_scoring", "caps": {"sise": 5}, "step": 1}}, "did you mean 'size'?"),
        ({"normalise": "none"}, "less is better of 'risk', and nothing turns it"),
        ({"normalise": {"kind": "goalposts", "cap": True}}, "indicator 'volume' has no goalposts"),
        ({"exclude": [{"kind": "minimum_size", "indicator": "assets", "at_least": 1}]}, "names no indicator: 'assets'"),
        ({"exclude": "minimum_periods"}, "'exclude' must be `none`, or a list of choices"),
        ({"bands": {"kind": "cutoffs", "bands": [{"id": "a", "zh": "a", "en": "a"}], "end": None}}, "leaves out limit"),
        ({"bands": {"kind": "cutoffs", "bands": [], "end": None}}, "must not be an empty list"),
        ({"confidence": "certain"}, "'confidence' must be one of high, medium, low"),
        ({"official": "no way"}, "'official' must be true or false"),
        ({"alternatives": {"normalize": ["min_max"]}}, "unknown step 'normalize'"),
        ({"alternatives": {"normalise": ["min_max", "zz"]}}, "unknown kind 'zz'"),
        ({"titel": "x"}, "unknown key 'titel'"),
        ({"indicators": {}}, "'indicators' must be a mapping of names to indicators"),
    ],
)
def test_what_is_wrong_is_said(write, changes, message):
    assert message in errors(write(**changes))


@pytest.mark.parametrize(
    "changes",
    [
        {"aggregate": {"kind": "geometric", "floor": 0}, "normalise": "min_max"},
        {"aggregate": {"kind": "vikor", "v": 1}},
        {"aggregate": {"kind": "vikor", "v": 0}},
        {"weights": {"kind": "ahp", "comparisons": {"volume": {"risk": 9}}, "by": "geometric"}},
        {"weights": {"kind": "ahp", "comparisons": {"volume": {"risk": 1 / 9}}, "by": "eigenvector"}},
        {"outliers": {"kind": "winsorise_count", "k": 1}},
        {"normalise": {"kind": "horizontal", "deviation": "sd", "points": [[-1, 0], [0, 50], [1, 100]]}},
    ],
)
def test_the_ends_of_what_an_option_takes_are_taken(write, changes):
    assert read_method(write(**changes)).name == "mine"


def test_an_indicator_that_is_wrong_is_said_with_its_name(write):
    indicators = copy.deepcopy(TEMPLATE["indicators"])
    del indicators["risk"]["direction"]
    indicators["volume"]["period"] = {"kind": "mean", "periods": 0}
    text = errors(write(indicators=indicators))
    assert "'direction' of indicator 'risk' is not named" in text
    assert "one of: up, down" in text
    assert "'periods' must be at least 1 and at most 600, not 0" in text


def test_all_errors_come_together(write):
    text = errors(write(missing="absent", weights="equl", source="absent"))
    for part in ("step 'missing' is not named", "did you mean 'equal'?", "key 'source' is not named"):
        assert part in text


def test_a_veto_must_name_a_band_that_exists(write):
    rule = {"kind": "risk_floor", "en": "x", "zh": "x", "indicator": "risk", "relation": "above", "limit": 0.05}
    text = errors(write(veto=[rule | {"periods": 1, "effect": "band_at_most", "to": "fair"}]))
    assert "names no band: 'fair'" in text


def test_knots_must_rise(write):
    step = {"kind": "horizontal", "deviation": "sd", "points": [[1, 0], [0, 100]]}
    assert "'points' must be points from left to right" in errors(write(normalise=step))


def test_alternatives_are_read_as_steps_are(write):
    method = read_method(
        write(alternatives={"normalise": ["min_max", {"kind": "z", "ddof": 0}], "weights": ["critic"]})
    )
    assert method.alternatives["normalise"] == (Step("min_max"), Step("z", {"ddof": 0}))
    x = panel([[1.0, 0.1], [2, 0.3], [4, 0.2]], ["volume", "risk"])
    for step, choices in method.alternatives.items():
        for choice in choices:
            assert f"{step} {choice}" in run(method.with_step(step, choice), x).realised


def test_a_file_that_is_no_method_is_refused(tmp_path):
    path = tmp_path / "list.yaml"
    path.write_text("- a\n", encoding="utf-8")
    assert "a method is a mapping of keys" in errors(path)
    path.write_text("a: [", encoding="utf-8")
    assert "not readable as YAML" in errors(path)
    assert "no such method file" in errors(tmp_path / "none.yaml")


def test_a_key_given_twice_is_an_error(write):
    path = write()
    path.write_text(path.read_text(encoding="utf-8") + "bands: none\n", encoding="utf-8")
    assert "key 'bands' is given twice" in errors(path)


def test_every_kind_has_its_words_in_both_languages():
    import csv

    from sfbench.assess import kinds
    from sfbench.assess.steps import KINDS

    found = {record["name"]: record for record in kinds.kinds()}
    assert set(found) == {f"{step}.{kind}" for step, own in KINDS.items() for kind in own}
    with kinds._ZH.open(encoding="utf-8", newline="") as lines:
        assert [row["name"] for row in csv.DictReader(lines)] == list(found)
    assert all(record["zh"] and record["en"] and "SfbenchError" not in record["en"] for record in found.values())
    assert [name for name, one in found.items() if bool(one["caption"]) != bool(one["caption_zh"])] == []
    assert found["weights.pillars"]["options"] == {"values": "{pillar: number, ...}"}
    assert found["bands.cutoffs"]["options"]["end"] == "number | null"


def test_what_is_wrong_with_an_option_is_said_in_chinese_too(write):
    """The key was Chinese and the sentence English: 'high'须为at least 0 and at most 1."""
    from sfbench.error_words import describe

    with pytest.raises(SfbenchError) as caught:
        read_method(write(weights={"kind": "bod", "low": 0, "high": 1.5}))
    assert "'high'须在0与1之间，而不是1.5" in describe(caught.value, "zh")
    with pytest.raises(SfbenchError) as caught:
        read_method(write(aggregate={"kind": "share_scoring", "caps": {"sise": 5}, "step": 1}))
    assert "'caps'所列pillar不存在：'sise'；是否指'size'？" in describe(caught.value, "zh")
