"""The card: held-out firms are not learned, thresholds decide, and a bootstrap copy is not let go."""

import json
import re

import numpy as np
import pyarrow as pa
import pytest

from sfbench import privacy, synth
from sfbench.errors import SfbenchError
from sfbench.synth import card, shadow, source, split
from sfbench.synth.methods import method_named
from sfbench.synth.page import page

LEARNED = ["enterprise", "loan", "loan_balance"]


def test_learned_and_held_out_firms_make_up_the_original(confidential):
    whole, learned, unseen = (
        source.read(confidential, LEARNED, **wish).learned
        for wish in ({}, {"keep_out": 0.3}, {"keep_out": 0.3, "kept": True})
    )
    for name in LEARNED:
        assert learned[name].rows + unseen[name].rows == whole[name].rows
    assert unseen["enterprise"].rows == pytest.approx(0.3 * whole["enterprise"].rows, rel=0.1)


def test_a_share_that_is_none_is_refused(confidential):
    with pytest.raises(SfbenchError, match="cannot be kept out"):
        source.read(confidential, LEARNED, keep_out=1.5)


@pytest.mark.parametrize(
    "text",
    [
        "privacy: {exact_copy: {most_risk: 0}}",
        "privacy: {k_map: {at_most: 0}}",
        "secrecy: {}",
        "privacy: {k_map: {most_risk: low}}",
        "[1]",
    ],
)
def test_thresholds_that_are_none_are_refused(tmp_path, text):
    path = tmp_path / "thresholds.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SfbenchError):
        card.thresholds(path)


def test_thresholds_in_another_encoding_are_refused(tmp_path):
    path = tmp_path / "thresholds.yaml"
    path.write_bytes("privacy: {}  # 隐私".encode("gb18030"))
    with pytest.raises(SfbenchError, match="cannot be read"):
        card.thresholds(path)


def test_every_attack_has_a_default_threshold():
    from sfbench.privacy import attack_names

    assert set(card.thresholds()["privacy"]) == {*attack_names(), "canaries"}


def test_firms_are_cut_out_with_all_that_hangs_on_them(confidential):
    tables = source.read(confidential, LEARNED).learned
    cut = split.of_firms(tables, np.array([3, 8]))
    assert cut["enterprise"].columns.equals(tables["enterprise"].columns.take([3, 8]))
    for name in ("loan", "loan_balance"):
        held = np.isin(tables[name].firms(), [3, 8])
        assert cut[name].columns.equals(tables[name].columns.filter(pa.array(held)))
        assert set(cut[name].firms()) <= {0, 1}


def test_a_method_is_fitted_again_as_the_copy_was(confidential):
    unseen = source.read(confidential, LEARNED, keep_out=0.1, kept=True).learned
    rows = np.arange(200)
    again = shadow.refit(unseen, {"method": "bootstrap", "options": {}})(rows, 1)
    assert again.rows == 200 and set(again.columns) >= set(privacy.firms(unseen).columns)
    # the options of a manifest are whole: defaults among them, which a user may not give, are taken
    shadow.refit(unseen, {"method": "marginals_dp", "options": dict(method_named("marginals_dp").options)})
    with pytest.raises(SfbenchError, match="no method"):
        shadow.refit(unseen, {})


@pytest.fixture(scope="module")
def cards(confidential, tmp_path_factory):
    pytest.importorskip("sklearn")
    from sfbench.synth.report import report

    found = {}
    for method in ("linked", "bootstrap"):
        out = tmp_path_factory.mktemp("cards") / method
        synth.fit(confidential, method, LEARNED, keep_out=0.3).write_sample(out, seed=3)
        found[method] = report(confidential, out)
    return found


def test_a_bootstrap_copy_is_not_let_go(cards):
    assert cards["bootstrap"].safe == "beyond"


def test_a_linked_copy_is(cards):
    worst = [
        (f.name, f.value, f.outcome.risk_low)
        for f in cards["linked"].figures
        if f.section == "privacy" and f.verdict != "within"
    ]
    assert worst == []
    assert cards["linked"].safe == "within"


def test_a_copy_without_canaries_is_not_asked_for_any(cards):
    assert [figure for card in cards.values() for figure in card.figures if figure.name == "canaries"] == []


def test_shadows_are_of_the_method_of_the_copy(cards):
    for found in cards.values():
        by_shadows = next(figure for figure in found.figures if figure.name == "membership_shadow")
        assert "stand-in" not in by_shadows.en


def test_the_card_says_how_it_was_worked_out(cards):
    record = json.loads(json.dumps(cards["linked"].record()))
    names = {figure["name"] for figure in record["figures"]}
    assert {
        "exact_copies",
        "k_map",
        "marginal",
        "told_apart",
        "risk_signal",
        "default",
        "credit_access",
        "method_ranks",
    } <= names
    assert record["about"]["method"] == "linked"
    assert "合成数据" in record["synthetic"]["zh"] and "synthetic data" in record["synthetic"]["en"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_needs_no_other_host_and_speaks_both_languages(cards, lang):
    html = page(cards["linked"], lang)
    assert not re.search(r"(src|href)\s*=|https?://|@import", html)
    assert "合成数据" in html and "synthetic data" in html
