"""What each built-in method makes of the same banks, worked out from what is published of it and from its caption."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import rankdata

from sfbench.assess import run
from sfbench.assess.find import find_method, method_files

from .preset_banks import GROUPS, banks


def growth(x, lag):
    """A share of the figure `lag` periods before."""
    return x[:, lag:] / x[:, :-lag] - 1


def market(x):
    """Per cent of all banks, in each period."""
    return 100 * x / x.sum(axis=0)


def points(z):
    """calibration.md, section 7: 100 times 0.6 + 0.2 z, between 0 and 1."""
    return 100 * np.clip(0.6 + 0.2 * z, 0, 1)


def vertical_horizontal(x, share, sign=1):
    """`share` against the bank's mean of the three periods before, the rest against the banks' mean; in their sds."""
    now, sd = x[:, -1], x[:, -1].std(ddof=1)
    own, peers = (now - x[:, -4:-1].mean(axis=1)) / sd, (now - now.mean()) / sd
    return share * points(sign * own) + (1 - share) * points(sign * peers)


def percentile(x):
    """Share of the banks behind, itself half."""
    return (rankdata(x) - 0.5) / len(x)


def within(x, rule):
    """A rule of each peer group on its own."""
    kinds = np.array(GROUPS)
    result = np.empty(len(x))
    for kind in set(GROUPS):
        result[kinds == kind] = rule(x[kinds == kind])
    return result


def min_max(x):
    return (x - x.min()) / np.ptp(x)


def winsorised(x):
    """The largest and the smallest figure become the next ones."""
    return np.clip(x, *np.sort(x)[[1, -2]])


def horizontal(x):
    return points((x - x.mean()) / x.std(ddof=1))


def pboc_green_2021(f):
    """银发〔2021〕142号: 80 % of four times 25, 10 of it vertical and 15 horizontal; 20 % of 30, 40 and 30."""
    parts = (f["total_share"], market(f["market_share"]), growth(f["growth"], 4))
    quantitative = [0.25 * vertical_horizontal(x, 0.4) for x in parts]
    quantitative.append(0.25 * vertical_horizontal(f["risk_share"], 0.4, sign=-1))
    now = {name: f[name][:, -1] for name in ("policy_execution", "system", "industry_support")}
    qualitative = 0.3 * now["policy_execution"] + 0.4 * now["system"] + 0.3 * now["industry_support"]
    return 0.8 * sum(quantitative) + 0.2 * qualitative


def sme_credit_guidance(f):
    """80 % volume, structure, market share and quality; 20 % execution, institution, innovation and external."""
    parts = (growth(f["volume"], 4), f["structure"], market(f["market_share"]))
    quantitative = [vertical_horizontal(x, 0.4) for x in parts] + [vertical_horizontal(f["quality"], 0.4, sign=-1)]
    qualitative = [f[name][:, -1] for name in ("execution", "institution", "innovation", "external")]
    return 0.8 * np.mean(quantitative, axis=0) + 0.2 * np.mean(qualitative, axis=0)


QUALITATIVE = ("execution", "institution", "innovation", "environment", "external")


def rural_services(f):
    """75 % volume, structure, share, service, quality, among peers; 25 % five qualitative parts in quarters of 100."""
    raw = (growth(f["volume"], 1)[:, -1], f["structure"][:, -1], market(f["share"])[:, -1])
    raw += (-f["service"][:, -1], -f["quality"][:, -1])
    quantitative = [within(x, percentile) for x in raw]
    qualitative = [np.clip(f[name][:, -1] // 25, 0, 3) / 4 + 1 / 8 for name in QUALITATIVE]  # the middle of its quarter
    bonus = np.clip(f["bonus"][:, -1], -5, 5) / 100
    return 0.75 * np.mean(quantitative, axis=0) + 0.25 * np.mean(qualitative, axis=0) + bonus


def chongqing_green(f):
    """70 % quantitative, 30 % qualitative, percentiles."""
    raw = (f["total_share"][:, -1], market(f["market_share"])[:, -1], growth(f["growth"], 4)[:, -1])
    return 0.7 * np.mean([percentile(x) for x in raw], axis=0) + 0.3 * percentile(f["qualitative"][:, -1])


def g_sib(f):
    """SCO40: shares in basis points, substitutability at most 500, five categories of 20 %, whole points."""
    shares = {name: 1e4 * x[:, -1] / x[:, -1].sum() for name, x in f.items()}
    shares["substitutability"] = np.minimum(shares["substitutability"], 500)
    return np.floor(np.mean([*shares.values()], axis=0) + 0.5)


def oecd_style(f):
    """Four pillars with equal weights, two indicators each, min-max; no figure is an outlier here."""
    up = [f["tech_share"][:, -1], growth(f["growth"], 4)[:, -1], f["borrowers"][:, -1]]
    up += [f["first_loans"][:, -4:].sum(axis=1), f["long_term"][:, -1]]
    down = [f[name][:, -1] for name in ("days", "npl", "concentration")]
    return np.mean([*map(min_max, up), *(1 - min_max(x) for x in down)], axis=0)


def shenzhen_tech_finance(f):
    """Volume 35 %, reach 25 %, product 20 % and risk 20 %; ends pulled in by one, 0.6 + 0.2 z among banks."""
    volume = (growth(f["growth"], 4)[:, -1], f["tech_share"][:, -1], market(f["market_share"])[:, -1])
    reach = (f["borrowers"][:, -1], f["first_loans"][:, -4:].sum(axis=1))
    product, risk = (f["products"][:, -1], -f["days"][:, -1]), (-f["npl"][:, -1],)
    pillars = ((0.35, volume), (0.25, reach), (0.2, product), (0.2, risk))
    return sum(weight * np.mean([horizontal(winsorised(x)) for x in own], axis=0) for weight, own in pillars)


def nfra_growth_rule(f):
    """Item 1.1.1 in `test_the_growth_rule_as_published`; here every bank's growth is ahead or behind, its plan met."""
    rate, goal, plan = (f[name][:, -1] for name in ("growth", "all_loans", "plan"))
    return np.where(rate >= goal, 8, np.where(rate >= plan, 8 * rate / goal, 0))


ORACLES = (pboc_green_2021, sme_credit_guidance, rural_services, chongqing_green, g_sib)
ORACLES += (oecd_style, shenzhen_tech_finance, nfra_growth_rule)


@pytest.mark.parametrize("oracle", ORACLES, ids=lambda oracle: oracle.__name__)
def test_a_preset_scores_as_its_source_and_caption_say(oracle):
    few = {}
    if oracle is rural_services:  # in all four quarters, and at their ends; a bonus and a deduction beyond 5
        few = {name: {u: 25.0 * (u % 5) - (u > 6) for u in range(14)} for name in QUALITATIVE}
        few["bonus"] = {0: 3.0, 1: -9.0, 2: 0.0, 3: 5.5}
    data = banks(oracle.__name__, **few)
    found = run(find_method(oracle.__name__), data)
    expected = oracle(dict(zip(data.indicators, np.moveaxis(data.values, 2, 0), strict=True)))
    assert found.score == pytest.approx(expected)
    assert np.ptp(expected) > 0


def test_every_preset_has_an_oracle():
    assert {oracle.__name__ for oracle in ORACLES} == set(method_files())
