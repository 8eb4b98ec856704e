"""P1, P2: the Technology Achievement Index of the OECD/JRC Handbook (2008), 23 countries by 8 indicators."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import kendalltau

from sfbench.assess import Method, Step, run
from sfbench.assess.normalise.order import above_below_mean
from sfbench.assess.normalise.scale import min_max, z

from .shared import context, indicator, method, oecd

# Handbook, table 23, column EW: the countries in their order of rank
EXPECTED = """
Finland, United States, Sweden, Japan, Korea, Netherlands, United Kingdom, Singapore, Canada, Australia, Germany,
Norway, Ireland, Belgium, New Zealand, Austria, France, Israel, Spain, Italy, Czech Republic, Hungary, Slovenia
"""
# UNDP, Human Development Report 2001: 0 and 1 of each indicator
POSTS = {"PAT": (0, 994), "ROY": (0, 272.6), "INT": (0, 232.4), "EXP": (0, 80.8), "SCH": (0.8, 12), "UNI": (0.1, 27.4)}
POSTS |= {"TEL": (0, math.log10(901)), "ELE": (math.log10(22), math.log10(6969))}
BUDGET = dict(zip(oecd().indicators, (0.11, 0.11, 0.11, 0.18, 0.10, 0.06, 0.15, 0.18), strict=True))


def index(**steps: Step) -> Method:
    steps = {"normalise": Step("goalposts", {"cap": True})} | steps
    return method({name: indicator(goalposts=POSTS[name]) for name in oecd().indicators}, **steps)


def order(result) -> list[str]:
    return [result.units[u] for u in np.argsort(result.rank)]


def test_goalposts_with_caps_and_equal_weights_give_all_23_ranks():
    result = run(index(), oecd())
    assert order(result) == [name.strip() for name in EXPECTED.split(",")]
    assert sorted(result.rank) == list(range(1, 24))
    published = {"Finland": 0.744, "United States": 0.733, "Sweden": 0.703, "Japan": 0.698, "Korea": 0.666}
    published |= {"Netherlands": 0.630, "United Kingdom": 0.606, "Slovenia": 0.458}
    for country, score in published.items():
        assert result.score[result.units.index(country)] == pytest.approx(score, abs=0.002)


def test_contributions_of_an_arithmetic_mean_sum_to_the_score():
    result = run(index(), oecd())
    assert result.additive
    np.testing.assert_allclose(result.contributions.sum(axis=1), result.score, rtol=1e-14)


def test_weights_of_a_budget_allocation_rank_as_the_definition_says():
    """The Handbook's budget allocation (table 23, BAP), worked out here from its definition in plain Python."""
    result = run(index(weights=Step("given", {"values": BUDGET})), oecd())
    scores = {}
    for country, row in zip(oecd().units, oecd().values[:, 0].tolist(), strict=True):
        shares = [
            min(1.0, max(0.0, (value - POSTS[name][0]) / (POSTS[name][1] - POSTS[name][0])))
            for name, value in zip(oecd().indicators, row, strict=True)
        ]
        scores[country] = sum(w * s for w, s in zip(BUDGET.values(), shares, strict=True))
    assert order(result) == sorted(scores, key=lambda country: -scores[country])


def test_min_max_over_the_countries_gives_other_ranks():
    result = run(index(normalise=Step("min_max")), oecd())
    assert kendalltau(result.rank, run(index(), oecd()).rank)[0] == pytest.approx(0.8735, abs=5e-5)
    assert result.rank[result.units.index("Norway")] == 4
    assert result.rank[result.units.index("Korea")] == 7


def test_without_caps_five_ranks_differ():
    capped, free = (run(index(normalise=Step("goalposts", {"cap": cap})), oecd()).rank for cap in (True, False))
    assert (capped != free).sum() == 5


def test_years_of_schooling_normalise_as_in_table_15():
    panel = oecd()
    x = panel.values[:, 0, panel.indicators.index("SCH")][:, None]
    at = {country: panel.units.index(country) for country in panel.units}
    sample = z(x, context(x), ddof=1)[:, 0]
    for country, value in {"Finland": 0.26, "United States": 1.52, "Sweden": 1.14, "Singapore": -1.58}.items():
        assert sample[at[country]] == pytest.approx(value, abs=0.005)
    assert sample[at["Japan"]] == pytest.approx(-0.06, abs=0.005)
    assert z(x, context(x), ddof=0)[at["United States"], 0] == pytest.approx(1.56, abs=0.005)
    scaled = min_max(x, context(x))[:, 0]
    for country, value in {"Finland": 0.59, "United States": 1, "Sweden": 0.88, "Japan": 0.49, "Singapore": 0}.items():
        assert scaled[at[country]] == pytest.approx(value, abs=0.005)
    side = above_below_mean(x, context(x), p=0.2)[:, 0]
    assert [side[at[country]] for country in ("United States", "Singapore", "Finland")] == [1, -1, 0]
