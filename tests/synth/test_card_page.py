"""The page of a card and that of a frontier on a phone: wide tables scroll by themselves, the page does not."""

import re

from sfbench.privacy.outcome import outcome
from sfbench.synth import frontier_page
from sfbench.synth.card import Card, of_attack, of_figure
from sfbench.synth.page import page
from tests.report.conftest import chromium  # noqa: F401

PHONE = {"width": 390, "height": 844, "deviceScaleFactor": 1, "mobile": True}
CARD = Card(
    (
        of_attack(outcome("membership_insider", 900, 2000, 200, 2000, "Members told", "成员"), {"most_risk_low": 0.02}),
        of_figure("fidelity", "risk_signal", 0.97, {"least": 0.8, "most": 1.25}),
        of_figure("utility", "default", -0.01, {"least": -0.05}),
    ),
    {
        "original": "own",
        "copy": "copy",
        "method": "linked",
        "options": {"k": 10},
        "firms": [2257, 2821, 600],
        "seed": 0,
    },
)


def test_a_card_says_of_what_it_is_in_both_languages():
    """The Chinese card began `original: own · options: {'k': 10} · firms: [2257, 2821, 600]`."""
    html = page(CARD, "zh")
    zh = re.findall(r'<span class="zh" lang="zh">([^<]*)', re.search('<p class="soft">.*', html)[0])
    assert zh[:2] == ["原始数据：own", "副本：copy"] and "选项：k = 10" in zh
    assert "企业：被学习2,257家，副本2,821家，留出600家" in zh and "种子：0" in zh
    assert "firms: 2,257 learned, 2,821 in the copy, 600 held out" in html and "[2257" not in html
    assert "<title>原始数据：own" in html and "<title>original: own" in page(CARD, "en")


def test_every_table_scrolls_by_itself():
    for html in (page(CARD, "en"), frontier_page.page([], "en")):
        assert html.count('<div class="wide"><table>') == html.count("<table") > 0
        assert ".wide { overflow-x: auto; }" in html


def test_a_card_is_as_narrow_as_a_phone(chromium, tmp_path):  # noqa: F811
    file = tmp_path / "card.html"
    file.write_text(page(CARD, "en"), encoding="utf-8")
    chromium.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", PHONE)
    chromium.get(file.as_uri())
    widths = chromium.execute_script("return [document.documentElement.scrollWidth, window.innerWidth]")
    chromium.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    assert widths == [390, 390]
