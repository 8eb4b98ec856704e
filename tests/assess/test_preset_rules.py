"""What each built-in method looks at, whom it leaves out, its bands and rules, as published or as its caption says."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sfbench.assess import run
from sfbench.assess.find import find_method, method_files
from sfbench.metrics import catalogue

from .preset_banks import GROUPS, PERIODS, UNITS, banks


@pytest.mark.parametrize("name", sorted(method_files()))
def test_less_is_better_where_the_metric_says_so(name):
    known = catalogue().metrics
    for key, own in find_method(name).indicators.items():
        if own.metric in known and known[own.metric].direction in ("up", "down"):
            assert own.direction == known[own.metric].direction, key


@pytest.mark.parametrize("name", sorted(method_files()))
def test_a_share_of_all_loans_is_an_amount_over_an_amount(name):
    """In %, of the balance of all loans; and a share of the market or a growth is of an amount, not of a number."""
    units = {m.id: {part.name: part.unit for part in m.components} for m in catalogue().metrics.values()}
    for key, own in find_method(name).indicators.items():
        if own.over:
            assert own.over == ("all_loan_balance", "all")
        if own.over or own.period.kind in ("growth", "market_share"):
            assert units[own.metric][own.component] == units["all_loan_balance"]["all"], key


TITLES = {  # of metrics with several components
    "All loans": "all_loan_balance.all",
    "Loans to non-bank financial institutions": "all_loan_balance.non_bank",
    "Loans abroad": "all_loan_balance.overseas",
    "Merger loans": "merger_loan_balance.balance",
    "Growth of all loans": "tech_enterprise_loan_growth_gap.yoy_all",
    "Growth gap": "tech_enterprise_loan_growth_gap.gap",
    "First borrowers in four quarters": "first_loan_firms.firms",
    "Long-term share of manufacturing loans": "manufacturing_long_term_share.share",
    "Median days to a decision": "approval_days.median_days",
    "Tech NPL ratio": "tech_npl_ratio.npl_ratio",
    "NPL ratio of all notes": "tech_npl_ratio.npl_ratio_all_notes",
    "Tech NPL ratio beyond tolerance": "tech_npl_tolerance_use.over_tolerance",
    "Share of the ten largest borrowers": "exposure_concentration.top10_share",
    "Loans of innovation products": "innovation_product_loans.balance",
}


@pytest.mark.parametrize("name", sorted(method_files()))
def test_an_indicator_is_the_figure_that_its_title_names(name):
    known = catalogue().metrics
    for own in find_method(name).indicators.values():
        if own.metric in known and len(known[own.metric].components) > 1 and own.period.kind != "growth":
            amount = "tech_enterprise_loan_growth_gap.yoy_tech_enterprise"
            assert f"{own.metric}.{own.component}" == TITLES.get(own.en, amount), own.en


@pytest.mark.parametrize("name", ["oecd_style", "shenzhen_tech_finance"])
def test_a_bank_without_a_tech_borrower_is_not_assessed(name):
    found = run(find_method(name), banks(name, borrowers={0: 0.0, 1: 1.0}))
    assert "U0" not in found.units and "U1" in found.units


def test_the_handbooks_rule_on_skew_and_kurtosis_has_its_printed_limits():
    """Becker et al. 2022, after the JRC: an outlier is pulled in where |skew| is above 2 and kurtosis above 3.5."""
    options = find_method("oecd_style").outliers.options
    assert (options["skewness"], options["kurtosis"]) == (2, 3.5)


G_SIB = ("size", "interconnectedness", "substitutability", "complexity", "cross_border")


@pytest.mark.parametrize(
    ("basis_points", "score", "bucket"),
    [
        ((400, 380, 1500, 450, 420), 430, "4"),  # bench.md, P8: substitutability counts 500
        ((100, 140, 90, 160, 158), 130, "1"),
        ((100, 140, 90, 160, 157), 129, None),
        ((230,) * 5, 230, "2"),
        ((229,) * 5, 229, "1"),
        ((330,) * 5, 330, "3"),
        ((429,) * 5, 429, "3"),
        ((537.5, 537.5, 500, 537.5, 537.5), 530, "5"),
        ((536.25, 536.25, 500, 536.25, 536.25), 529, "4"),
        ((2000, 2000, 500, 2000, 2000), 1700, "5"),  # far above the printed range: the last bucket is open here
    ],
)
def test_the_basel_preset_gives_the_printed_buckets(basis_points, score, bucket):
    others = [(10_000 - own) / (UNITS - 1) for own in basis_points]
    figures = {
        name: {u: rest for u in range(UNITS)} | {0: own}
        for name, own, rest in zip(G_SIB, basis_points, others, strict=True)
    }
    found = run(find_method("g_sib"), banks("g_sib", **figures))
    assert (found.score[0], found.band_of[0] and found.band_of[0].id) == (score, bucket)


@pytest.mark.parametrize(
    ("growth_", "all_loans", "plan", "expected"),
    [
        ((12, 12), (10, 10), 20, 8),  # ahead of all loans: the plan does not matter
        ((10, 10), (10, 10), 20, 8),
        ((12, 5), (10, 10), 4, 4),  # behind, but the plan is met: in proportion
        ((12, 5), (10, 10), 5, 4),
        ((12, 5), (10, 10), 6, 0),
        ((5, 5), (10, 10), 4, 4 - 3),  # behind in two years running
        ((5, 5), (10, 10), 6, 0 - 3),
        ((5, 5), (5, 10), 6, 0),  # level with all loans the year before: one year behind
        ((-1, -2), (10, 10), -9, 0 - 3 - 4),  # falling in two years running
        ((-1, -2), (-3, -4), -9, 8 - 4),
        ((0, -2), (-3, -4), -9, 8),
    ],
)
def test_the_growth_rule_as_published(growth_, all_loans, plan, expected):
    """NFRA, item 1.1.1: 8 points, in proportion, or none; 3 less if behind, 4 less if falling, in two years running."""
    ahead = {u: 20.0 for u in range(UNITS)}
    history = {"growth": growth_, "all_loans": all_loans, "gap": np.subtract(growth_, all_loans)}
    own = {key: ahead | {0: np.r_[[30.0] * (PERIODS - 2), pair]} for key, pair in history.items()}
    found = run(find_method("nfra_growth_rule"), banks("nfra_growth_rule", **own, plan=ahead | {0: float(plan)}))
    assert found.score[0] == pytest.approx(expected)


QUARTERS = {
    "sme_credit_guidance": ("excellent", "good", "medium", "encourage"),
    "rural_services": ("excellent", "good", "fair", "encourage"),
    "chongqing_green": ("first", "second", "third", "fourth"),
}


@pytest.mark.parametrize("name", QUARTERS)
def test_four_bands_hold_a_quarter_of_the_banks_each(name):
    """Of 14: ranks 1 to 4, 5 to 7, 8 to 11, 12 to 14, as a band holds who is at less than its end of the ranking."""
    result = run(find_method(name), banks(name))
    expected = [QUARTERS[name][int(4 * (rank - 1) / UNITS)] for rank in result.rank]
    assert [band.id for band in result.band_of] == expected


def test_the_citys_bands_begin_at_70_60_and_50_and_a_bank_beyond_its_tolerance_is_never_excellent():
    up = ("growth", "tech_share", "market_share", "borrowers", "first_loans", "products")
    rising = 1.1 ** np.arange(PERIODS)
    ends = {name: {0: 100 * rising, 1: 99 * rising, 2: 10 / rising} for name in up}
    ends |= {name: {0: 1.0, 1: 2.0, 2: 99.0} for name in ("days", "npl")}
    within_ = {u: -1.0 for u in range(UNITS)}
    name = "shenzhen_tech_finance"
    result = run(find_method(name), banks(name, **ends, over_tolerance=within_ | {0: 0.01, 2: 0.0}))
    assert result.score[:2].min() >= 70
    assert [result.band_of[u].id for u in (0, 1)] == ["good", "excellent"]
    limits = ((70, "excellent"), (60, "good"), (50, "medium"), (0, "encourage"))
    for score, band in zip(result.score[1:], result.band_of[1:], strict=True):
        assert band.id == next(name for limit, name in limits if score >= limit)
    assert len({band.id for band in result.band_of}) == 4


NO_POLICY_BANKS = {"pboc_green_2021", "sme_credit_guidance", "chongqing_green", "oecd_style", "shenzhen_tech_finance"}
THREE_PERIODS = {"pboc_green_2021", "sme_credit_guidance", "rural_services", "shenzhen_tech_finance"}


@pytest.mark.parametrize("name", sorted(method_files()))
def test_policy_banks_and_newcomers_are_out_where_the_scheme_leaves_them_out(name):
    """calibration.md, section 7: institutions of under three periods; policy banks are no peers of others."""
    data = banks(name)
    assert run(find_method(name), replace(data, groups=("policy", *GROUPS[1:]))).units == tuple(
        unit for unit in data.units if name not in NO_POLICY_BANKS or unit != "U0"
    )
    young = data.values.copy()
    young[0, :-2], young[1, :-3] = np.nan, np.nan
    said = {e.unit: e.en for e in run(find_method(name), replace(data, values=young)).exclusions}
    assert ("fewer than 3 periods" in said.get("U0", "")) == (name in THREE_PERIODS)
    assert "fewer than" not in said.get("U1", "")
