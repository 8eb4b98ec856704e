"""Peer groups whose members stand between each other's, and methods and panels that make no sense."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sfbench.assess import Step, run
from sfbench.assess.bands import Band
from sfbench.assess.field import Normalised, joined
from sfbench.errors import SfbenchError

from .shared import context, indicator, method, panel

S, NAN = Step, np.nan
GROUPS = ("b", "a", "b", "c", "a", "b", "a", "c")


def figures():
    """[unit, period, indicator]: two scored ones, one of them with gaps and one less is better, and two conditions."""
    x = np.random.default_rng(11).uniform(1, 9, (8, 3, 4))
    x[:, -1, 1] = [NAN, 3, 5, 2, NAN, 7, 4, 6]
    x[3, -1, 0] = NAN
    x[:, :, 2] = np.array([1, 0, 0, 1, 0, 1, 1, 0])[:, None]
    return panel(x, ["up", "down", "flag", "npl"], groups=GROUPS)


def rules(peers, **steps):
    indicators = {"up": indicator(), "down": indicator(direction="down")}
    indicators |= {name: indicator(role="condition") for name in ("flag", "npl")}
    words = {"en": "x", "zh": "x", "relation": "at_least", "periods": 1}
    own = {
        "missing": S("last_observed", {"periods": 1}),
        "outliers": S("winsorise_sd", {"k": 1.0}),
        "normalise": S("min_max"),
        "weights": S("given", {"values": {"up": 0.25, "down": 0.75}}),
        "adjust": (S("when", words | {"id": "i", "indicator": "flag", "limit": 1.0, "points": 0.125}),),
        "veto": (S("risk_floor", words | {"indicator": "npl", "limit": 6.0, "effect": "rank_last", "to": None}),),
        "bands": S("quantiles", {"bands": (Band("top", "top", "top", 0.5), Band("rest", "rest", "rest", 0.5))}),
        "exclude": (S("minimum_size", {"indicator": "npl", "at_least": 2.0}),),
    }
    return method(indicators, peers=S(peers), **own | steps)


def test_a_group_that_is_assessed_apart_has_what_it_has_alone():
    data = figures()
    found = run(rules("apart"), data)
    assert found.units == tuple(unit for unit in data.units if unit in found.units)  # in the panel's order
    for group in "abc":
        place = [u for u, own in enumerate(GROUPS) if own == group]
        some = {name: tuple(getattr(data, name)[u] for u in place) for name in ("units", "names", "groups")}
        alone = run(rules("together"), replace(data, values=data.values[place], **some))
        rows = [u for u, own in enumerate(found.groups) if own == group]
        assert tuple(found.units[u] for u in rows) == alone.units
        for name in ("figures", "treated", "normalised", "weights", "contributions", "base", "score", "rank", "band"):
            np.testing.assert_array_equal(getattr(found, name)[rows], getattr(alone, name), err_msg=name)
        assert found.adjustments[0].values[rows].tolist() == alone.adjustments[0].values.tolist()
        assert found.vetoes[0][2][rows].tolist() == alone.vetoes[0][2].tolist()
        said = [note.en for note in alone.notes if note.step not in ("missing", "outliers")]
        assert {f"{group}: {words}" for words in said} <= {note.en for note in found.notes}
    assert found.vetoes[0][2].any() and found.adjustments[0].values.any() and found.bands[0].id == "top"


@pytest.mark.parametrize("peers", ["apart", "normalise_within"])
def test_the_order_of_units_of_several_groups_does_not_matter(peers):
    data, order = figures(), [5, 2, 7, 0, 3, 1, 6, 4]
    moved = {name: tuple(getattr(data, name)[u] for u in order) for name in ("units", "names", "groups")}
    steps = {"weights": S("entropy", {"of": "treated"})} if peers == "normalise_within" else {}
    plain, other = (
        run(rules(peers, **steps), own) for own in (data, replace(data, values=data.values[order], **moved))
    )
    place = [other.units.index(unit) for unit in plain.units]
    for name in ("treated", "normalised", "weights", "score", "rank", "band"):
        np.testing.assert_allclose(getattr(other, name)[place], getattr(plain, name), rtol=1e-12, err_msg=name)


def test_normalised_within_its_group_a_unit_is_scored_and_ranked_among_all():
    """Min-max by group, by hand; then one set of weights, vetoes and ranks."""
    data = figures()
    found = run(rules("normalise_within"), data)
    for group in "abc":
        rows = [u for u, own in enumerate(found.groups) if own == group]
        for column, sign in ((0, 1), (1, -1)):
            own = sign * found.treated[rows, column]
            expected = (own - own.min()) / np.ptp(own) if len(rows) > 1 else [0.5]
            assert found.normalised[rows, column] == pytest.approx(expected)
    plain = found.normalised @ [0.25, 0.75]
    assert found.base == pytest.approx(plain)
    keys = found.score - 99 * found.vetoes[0][2]
    assert found.rank.tolist() == [1 + int((keys > own + 1e-12).sum()) for own in keys]


def test_units_behind_a_veto_keep_their_order_among_themselves():
    indicators = {"i0": indicator(), "npl": indicator(role="condition")}
    rule = {"en": "x", "zh": "x", "indicator": "npl", "relation": "above", "limit": 5.0, "periods": 1}
    own = method(indicators, veto=(S("risk_floor", rule | {"effect": "rank_last", "to": None}),))
    found = run(own, panel([[9.0, 6], [1, 1], [7, 6], [2, 1]], list(indicators)))
    assert found.rank.tolist() == [3, 2, 4, 1]


def test_every_array_of_a_joined_field_runs_over_the_same_units():
    def part(*places):
        x = np.array(places, float)[:, None] * [[1.0, 10]]
        own = context(x, history=x[:, None] + 100, groups=np.array(places) % 2, aside={"a": x[:, 0] + 500})
        return Normalised(np.array(places), x + 0.5, own)

    whole = joined([part(3, 0), part(1), part(4, 2)])
    expected = part(0, 1, 2, 3, 4)
    assert whole.places.tolist() == [0, 1, 2, 3, 4]
    np.testing.assert_array_equal(whole.values, expected.values)
    for name in ("history", "groups", "treated"):
        np.testing.assert_array_equal(getattr(whole.context, name), getattr(expected.context, name))
    np.testing.assert_array_equal(whole.context.aside["a"], expected.context.aside["a"])


FLOOR = {"en": "x", "zh": "x", "indicator": "i1", "relation": "above", "limit": 1.0, "periods": 1}
SENSELESS = {
    "no indicator is scored": method({"i0": indicator(role="condition"), "i1": indicator(role="condition")}),
    "goalposts that do not rise": method({"i0": indicator(goalposts=(1.0, 1.0)), "i1": indicator()}),
    "goalposts that fall": method({"i0": indicator(goalposts=(2.0, 1.0)), "i1": indicator()}),
    "an indicator of which less is better and that its own step does not turn": method(
        {"i0": indicator(direction="down", normalise=S("none")), "i1": indicator()}, normalise=S("min_max")
    ),
    "a share of which less is better, added up": method(
        {"i0": indicator(direction="down"), "i1": indicator()}, normalise=S("share_of_total", {"points": 1.0})
    ),
    "a weight below 0": method(["i0", "i1"], weights=S("given", {"values": {"i0": 1.5, "i1": -0.5}})),
    "a pillar below 0": method(
        {"i0": indicator(pillar="a"), "i1": indicator(pillar="b")},
        weights=S("pillars", {"values": {"a": 1.5, "b": -0.5}}),
    ),
    "a last rank with a limit": method(
        ["i0", "i1"], veto=(S("risk_floor", FLOOR | {"effect": "rank_last", "to": 5.0}),)
    ),
    "a highest score that is a word": method(
        ["i0", "i1"], veto=(S("risk_floor", FLOOR | {"effect": "score_at_most", "to": "good"}),)
    ),
    "a highest band of a method without bands": method(
        ["i0", "i1"], veto=(S("risk_floor", FLOOR | {"effect": "band_at_most", "to": "good"}),)
    ),
}


@pytest.mark.parametrize("what", SENSELESS)
def test_a_method_that_makes_no_sense_is_refused(what):
    with pytest.raises(SfbenchError):
        run(SENSELESS[what], panel([[1.0, 2], [3, 4]]))


def test_an_indicator_that_its_own_step_turns_may_stand_beside_one_that_none_does():
    own = {"i0": indicator(direction="down", normalise=S("min_max")), "i1": indicator()}
    assert run(method(own), panel([[1.0, 2], [3, 4]])).score.tolist() == [1.5, 2]


GOOD = {"units": ("a", "b"), "names": ("A", "B"), "groups": ("g", "g"), "periods": ("p", "q"), "indicators": ("i", "j")}
WRONG = {
    "no unit": {"units": (), "names": (), "groups": (), "values": np.zeros((0, 2, 2))},
    "a period twice": {"periods": ("p", "p")},
    "an indicator twice": {"indicators": ("i", "i")},
    "a group too few": {"groups": ("g",)},
    "an infinite figure": {"values": np.array([[[1.0, 2], [3, np.inf]], [[1, 2], [3, 4]]])},
}


@pytest.mark.parametrize("what", WRONG)
def test_a_panel_that_is_not_one_is_refused(what):
    plain = type(figures())(**GOOD | {"values": np.zeros((2, 2, 2))})
    assert plain.until("p").periods == ("p",)
    with pytest.raises(SfbenchError):
        plain.until("r")
    with pytest.raises(SfbenchError):
        replace(plain, **WRONG[what])
