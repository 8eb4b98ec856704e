"""The frontier over cards: who beats whom is by hand, and what it is written as says the same."""

import json
import re

import pytest

from sfbench.errors import SfbenchError
from sfbench.synth.card import CARD
from sfbench.synth.frontier import frontier
from sfbench.synth.frontier_page import markdown, page, picture, write

# risk, fidelity, utility: `noise` is beaten by `safe`; each of the others is best in something
COPIES = {
    "safe": (0.0, 0.90, -0.05),
    "noise": (0.0, 0.80, -0.06),
    "like": (0.1, 0.99, -0.06),
    "useful": (0.2, 0.95, 0.0),
    "unknown": (None, 0.99, -0.01),
}


def card(folder, name, risk, fidelity, utility):
    attacks = [] if risk is None else [{"attack": "k_map", "risk": risk, "risk_low": risk, "tries": 9}]
    attacks += [{"attack": "idle", "risk": 1.0, "risk_low": 1.0, "tries": 0}]  # tried nothing, so it says nothing
    figures = [{"name": one["attack"], "value": one["risk"], "attack": one} for one in attacks]
    figures += [{"name": "marginal", "value": fidelity + 0.01}, {"name": "pair", "value": fidelity - 0.01}]
    figures += [{"name": "default", "value": utility}, {"name": "credit_access", "value": utility + 0.5}]
    about = {"copy": f"copy of {name}", "method": name}
    path = folder / f"{name}.json"
    path.write_text(json.dumps({"kind": CARD, "about": about, "privacy": "within", "figures": figures}))
    return path


@pytest.fixture
def rows(tmp_path):
    return frontier([card(tmp_path, name, *values) for name, values in COPIES.items()])


def test_the_figures_are_those_of_the_cards(rows):
    for row, (risk, fidelity, utility) in zip(rows, COPIES.values(), strict=True):
        assert (row.risk, row.utility, row.plan_metrics) == (risk, utility, None)
        assert row.fidelity == pytest.approx(fidelity)


def test_on_the_frontier_is_what_no_other_beats(rows):
    assert [row.method for row in rows if not row.on_frontier] == ["noise"]


def test_an_equal_copy_beats_nobody(tmp_path):
    twins = [card(tmp_path, name, 0.1, 0.9, 0.0) for name in ("one", "other")]
    assert [row.on_frontier for row in frontier(twins)] == [True, True]


def test_an_unknown_risk_is_no_small_risk(tmp_path):
    known, unknown = card(tmp_path, "known", 0.9, 0.99, 0.0), card(tmp_path, "unknown", None, 0.99, 0.0)
    assert [row.on_frontier for row in frontier([known, unknown])] == [True, False]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_needs_no_other_host_and_speaks_both_languages(rows, lang):
    html = page(rows, lang)
    assert not re.search(r"(src|href)\s*=|https?://|@import", html)
    assert "合成数据" in html and "synthetic data" in html and "前沿" in html
    assert all(name in html and name in markdown(rows, lang) for name in COPIES)


def test_the_picture_fills_the_dots_of_the_frontier_and_leaves_unknown_risks_out(rows):
    drawn = picture(rows)
    assert drawn.count("<circle") == 4 and drawn.count('fill="#4472a8"') == 3


def test_it_is_written_by_the_ending_of_the_file(rows, tmp_path):
    write(rows, tmp_path / "out.json", "en")
    held = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
    assert [one["method"] for one in held["copies"]] == list(COPIES)
    with pytest.raises(SfbenchError, match="no frontier in a"):
        write(rows, tmp_path / "out.pdf", "en")


@pytest.mark.parametrize("text", ["[]", "{}", '{"kind": "menu"}', "no JSON"])
def test_what_is_no_card_is_refused(tmp_path, text):
    path = tmp_path / "card.json"
    path.write_text(text)
    with pytest.raises(SfbenchError, match="no card"):
        frontier([path])
