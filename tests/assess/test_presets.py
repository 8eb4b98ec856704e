"""The built-in methods: all are read, none pretends to be official, each assesses a small city and can be varied."""

from __future__ import annotations

import csv
import re

import numpy as np
import pytest

import sfbench
from sfbench.assess.apply import apply
from sfbench.assess.data import read_folder
from sfbench.assess.find import find_method, method_files
from sfbench.errors import SfbenchError

from .shared import TEMPLATE

NAMES = sorted(method_files())
PUBLISHED = {"pboc_green_2021", "sme_credit_guidance", "rural_services", "nfra_growth_rule", "chongqing_green", "g_sib"}


def test_the_presets_are_those_of_the_plan():
    assert set(NAMES) == PUBLISHED | {"oecd_style", "shenzhen_tech_finance"}


@pytest.mark.parametrize("name", NAMES)
def test_a_preset_names_its_source_and_is_not_official(name):
    own = find_method(name)
    assert own.source and own.caption and own.caption_zh and not own.official
    assert re.search("[\u4e00-\u9fff]", own.source_zh)


def test_the_citys_own_is_called_illustrative_in_both_languages():
    own = find_method("shenzhen_tech_finance")
    assert "illustrative, not official" in own.title_en
    assert "仅作示例，非官方" in own.title_zh
    assert own.confidence == "low"


@pytest.mark.parametrize(
    "name", sorted({"pboc_green_2021", "sme_credit_guidance", "rural_services", "chongqing_green"})
)
def test_what_was_not_found_is_said(name):
    own = find_method(name)
    assert "Not found" in own.caption and "未查到" in own.caption_zh


@pytest.mark.parametrize(
    ("name", "quantitative"),
    [("pboc_green_2021", 0.8), ("sme_credit_guidance", 0.8), ("rural_services", 0.75), ("chongqing_green", 0.7)],
)
def test_the_parts_weigh_as_published(name, quantitative):
    own = find_method(name)
    pillar = {key: indicator.pillar for key, indicator in own.indicators.items()}
    values = own.weights.options["values"]
    part = sum(weight for key, weight in values.items() if pillar.get(key, key) == "qualitative")
    assert part == pytest.approx(1 - quantitative)
    assert sum(values.values()) == pytest.approx(1)


@pytest.mark.parametrize("name", sorted(set(NAMES) - {"nfra_growth_rule"}))
def test_a_preset_assesses_a_small_city_and_its_alternatives_have_effects(name, tiny):
    own = find_method(name)
    found = apply(own, read_folder(own, tiny), replicates=30, seed=1)
    assert len(found.now.units) >= 20
    assert np.ptp(found.now.score) > 0
    assert found.before is not None
    assert found.uncertainty is not None and not found.uncertainty.failed
    assert found.sobol is not None


def own_figures(path, rows):
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([("institution_id", "period", "figure", "value"), *rows])
    return path


def test_without_qualitative_scores_the_quantitative_part_is_shown_and_the_rest_is_stated(tiny):
    found = sfbench.assessment(tiny, "pboc_green_2021")
    assert found.now.indicators == ("total_share", "market_share", "growth")
    assert set(found.data.missing) == {"risk_share", "policy_execution", "system", "industry_support"}
    notes = " ".join(note.en for note in found.now.notes)
    assert "left out" in notes and "weights rescaled from a sum of 0.6 to 1" in notes


def test_with_qualitative_scores_a_point_of_them_weighs_as_published(tiny, tmp_path):
    """One more point of `system` for one bank is 0.08 points of its score: 20 % of 40 %."""
    figures = ("risk_share", "policy_execution", "system", "industry_support")
    rows = [(unit, "2025Q4", figure, 50) for unit in range(1, 61) for figure in figures[1:]]
    rows += [(unit, f"2025Q{q}", "risk_share", 1 + unit % 7 + q / 10) for unit in range(1, 61) for q in range(1, 5)]
    before = sfbench.assessment(tiny, "pboc_green_2021", own_figures=own_figures(tmp_path / "a.csv", rows)).now
    unit = before.units[0]
    changed = [(u, p, f, v + (str(u) == unit and f == "system")) for u, p, f, v in rows]
    after = sfbench.assessment(tiny, "pboc_green_2021", own_figures=own_figures(tmp_path / "b.csv", changed)).now
    assert before.indicators == after.indicators and len(before.indicators) == 7
    assert (after.score - before.score).tolist() == pytest.approx([0.08] + [0] * (len(before.units) - 1))


def test_the_growth_rule_asks_for_plans_and_gives_the_published_points(tiny, tmp_path):
    with pytest.raises(SfbenchError, match="--qualitative FILE, a CSV with institution_id,period,figure,value"):
        sfbench.assessment(tiny, "nfra_growth_rule")
    rows = [(unit, "2025", "plan", -99) for unit in range(1, 61)]
    found = sfbench.assessment(tiny, "nfra_growth_rule", own_figures=own_figures(tmp_path / "plan.csv", rows))
    now, panel = found.now, found.data.panel
    for unit, score in zip(now.units, now.base.tolist(), strict=True):
        growth, everything, _, _ = panel.values[panel.units.index(unit), -1]
        share = 1 if growth >= everything else max(growth / everything, 0) if everything > 0 else 0
        assert score == pytest.approx(8 * share)
    for item, key, points in zip(now.adjustments, ("gap", "growth"), (-3, -4), strict=True):
        figures = panel.values[[panel.units.index(u) for u in now.units], -2:, panel.indicators.index(key)]
        assert item.values.tolist() == np.where((figures < 0).all(axis=1), points, 0).tolist()
    assert {0, 8} <= set(now.base.tolist())


def test_a_method_of_a_content_folder_is_found_by_name_and_by_path(tmp_path):
    import yaml

    (tmp_path / "methods").mkdir()
    path = tmp_path / "methods" / "mine.yaml"
    path.write_text(yaml.safe_dump(TEMPLATE, allow_unicode=True), encoding="utf-8")
    assert find_method("mine", (tmp_path,)) == find_method(str(path))
    with pytest.raises(SfbenchError, match="did you mean 'mine'"):
        find_method("mina", (tmp_path,))
