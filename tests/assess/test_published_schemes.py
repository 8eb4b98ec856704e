"""P7, P8: the arithmetic of the PBoC green evaluation (2021) and of the Basel G-SIB score."""

from __future__ import annotations

import numpy as np
import pytest

from sfbench.assess import Step, run
from sfbench.assess.bands import Band

from .shared import indicator, method, panel

BUCKETS = tuple(Band(str(n), f"第{n}组", f"bucket {n}", 30 + 100 * n) for n in range(5, 0, -1))
CATEGORIES = ("size", "interconnected", "substitutability", "complexity", "cross_border")


def g_sib(caps, end=630.0):
    steps = {"aggregate": Step("share_scoring", {"caps": caps, "step": 1.0})}
    steps["bands"] = Step("cutoffs", {"bands": BUCKETS, "end": end})
    return method({name: indicator(pillar=name) for name in CATEGORIES}, **steps)


def bucket(scores, caps) -> tuple[float, str | None]:
    result = run(g_sib(caps), panel([scores], CATEGORIES))
    band = result.band_of[0]
    return result.score[0], band and band.id


def test_the_cap_on_substitutability_decides_the_bucket():
    assert bucket([400, 380, 1500, 450, 420], {"substitutability": 500.0}) == (430, "4")
    assert bucket([400, 380, 1500, 450, 420], None) == (630, None)  # above the printed range of bucket 5


def test_a_score_is_rounded_to_whole_basis_points_before_the_cutoff():
    assert bucket([100, 140, 90, 160, 158], {"substitutability": 500.0}) == (130, "1")
    assert bucket([100, 140, 90, 160, 157], {"substitutability": 500.0}) == (129, None)


def test_indicators_are_shares_of_the_sample_in_basis_points_and_categories_weigh_a_fifth_each():
    """Two indicators in one category; shares by hand."""
    x = [[30, 10, 5], [70, 90, 15]]
    indicators = {name: indicator(pillar=pillar) for name, pillar in (("a", "size"), ("b", "size"), ("c", "other"))}
    steps = {"normalise": Step("share_of_total", {"points": 10_000.0}), "weights": Step("hierarchical_equal")}
    result = run(
        method(indicators, **steps, aggregate=Step("share_scoring", {"caps": {"size": 1500.0}, "step": 1.0})),
        panel(x, ["a", "b", "c"]),
    )
    # first: size (3000 + 1000) / 2 = 2000, capped at 1500; other 2500; mean 2000. Second: size 8000 to 1500; other 7500
    assert result.score.tolist() == [2000, 4500]
    assert result.contributions.sum(axis=1).tolist() == [2000, 4500]


# Points (vertical, horizontal) of four indicators, and three qualitative scores
QUANTITATIVE = ((80, 60), (50, 40), (100, 70), (90, 95))
QUALITATIVE = {"execution": (70, 0.3), "system": (85, 0.4), "support": (90, 0.3)}
FOUR = ("total_share", "market_share", "growth", "risk_share")


def pboc_green(pillars):
    """80 / 20; four indicators of 25 % with 10 vertical and 15 horizontal; here a deviation is its own points."""
    normalise = Step(
        "vertical_horizontal",
        {
            "vertical_share": 0.4,
            "periods": 3,
            "past": "before",
            "deviation": "difference",
            "points": ((0.0, 0.0), (100.0, 100.0)),
        },
    )
    indicators = {name: indicator(pillar="quantitative", normalise=normalise) for name in FOUR}
    indicators |= {name: indicator(pillar="qualitative") for name in QUALITATIVE}
    weights = {name: pillars[0] * 0.25 for name in FOUR}
    weights |= {name: pillars[1] * weight for name, (_, weight) in QUALITATIVE.items()}
    return method(indicators, weights=Step("given", {"values": weights}))


def history(points):
    """Two banks over four periods: the first deviates by (v, h) from its own past and from the mean of the two."""
    x = np.zeros((2, 4, len(points) + 3))
    for i, (v, h) in enumerate(points):
        now = 1000.0
        x[0, :, i] = [now - v - 3, now - v, now - v + 3, now]
        x[1, :, i] = now - 2 * h
    x[:, :, len(points) :] = [value for value, _ in QUALITATIVE.values()]
    return panel(x, [*FOUR, *QUALITATIVE])


def test_the_parts_of_the_green_evaluation_add_up():
    whole = run(pboc_green((0.8, 0.2)), history(QUANTITATIVE))
    assert whole.score[0] == pytest.approx(73.80, abs=1e-9)
    assert whole.normalised[0].tolist() == pytest.approx([68, 44, 82, 93, 70, 85, 90])
    own = dict(zip(whole.indicators, whole.contributions[0], strict=True))
    assert sum(own[name] for name in FOUR) / 0.8 == pytest.approx(32.00 + 39.75)
    assert sum(own[name] for name in QUALITATIVE) / 0.2 == pytest.approx(82.0)


def test_full_vertical_and_no_horizontal_points_give_forty():
    result = run(pboc_green((1.0, 0.0)), history(((100, 0),) * 4))
    assert result.score[0] == pytest.approx(40)


def test_a_bank_without_three_periods_of_its_own_is_out_and_no_longer_anyones_peer():
    values = history(QUANTITATIVE).values.copy()
    newcomer = np.full((1, *values.shape[1:]), np.nan)
    newcomer[0, -1] = 5000.0
    everyone = panel(np.concatenate([values, newcomer]), [*FOUR, *QUALITATIVE])
    result = run(pboc_green((0.8, 0.2)), everyone)
    assert result.units == ("U0", "U1")
    assert result.score[0] == pytest.approx(73.80)
    assert [(e.unit, "no baseline" in e.en) for e in result.exclusions] == [("U2", True)]
    ruled = pboc_green((0.8, 0.2)).with_step("exclude", (Step("minimum_periods", {"periods": 3}),))
    assert run(ruled, everyone).exclusions[0].en == "fewer than 3 periods reported"


def test_growth_below_all_loans_earns_points_in_proportion_only_where_the_plan_is_met():
    """NFRA item 1.1.1, by hand: 8 points at 10 % growth of all loans; 5 % with the plan met; 5 % without; faster."""
    rule = Step("pro_rata", {"points": 8.0, "reference": "all_loans", "plan": "plan"})
    indicators = {"growth": indicator(normalise=rule)}
    indicators |= {name: indicator(role="condition") for name in ("all_loans", "plan")}
    x = [[0.10, 0.10, 0.20], [0.05, 0.10, 0.04], [0.05, 0.10, 0.06], [0.12, 0.10, 0.02], [-0.02, -0.01, -0.05]]
    result = run(method(indicators), panel(x, list(indicators)))
    assert result.score.tolist() == pytest.approx([8, 4, 0, 8, 0])
