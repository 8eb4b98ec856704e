"""The site builds without a warning, asks nothing of a network, and is found and read in both languages."""

from __future__ import annotations

import json
import re
import time
from html.parser import HTMLParser
from urllib.parse import quote

import pytest

_ASSETS = {"script": "src", "link": "href", "img": "src", "iframe": "src", "source": "src", "object": "data"}
_IN_CSS = re.compile(r"url\(\s*[\"']?([^)\"']+)|@import\s+[\"']([^\"']+)")


class _Page(HTMLParser):
    """What a page loads (links that a reader may follow are none of it), and its ids."""

    def __init__(self, text):
        super().__init__()
        self.loads, self.ids, self.language = [], set(), ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag in _ASSETS and given.get("rel") not in ("canonical", "next", "prev"):
            self.loads.append(given.get(_ASSETS[tag]) or "")
        if given.get("style"):
            self.loads += [one for pair in _IN_CSS.findall(given["style"]) for one in pair if one]
        if tag == "html":
            self.language = given["lang"]
        self.ids.add(given.get("id"))


@pytest.fixture(scope="module")
def pages(site):
    return {path.relative_to(site).as_posix(): _Page(path.read_text("utf-8")) for path in site.rglob("*.html")}


def test_a_strict_build_passes_and_writes_nothing_into_the_home_folder(site):
    assert (site / "index.html").is_file()
    assert list((site.parent / "home").iterdir()) == []


def test_no_page_and_no_style_loads_anything_from_elsewhere(site, pages):
    assert len(pages) > 100
    remote = {(name, one) for name, page in pages.items() for one in page.loads if "//" in one.split("?")[0]}
    assert remote == set()
    for path in site.rglob("*.css"):
        found = [one for pair in _IN_CSS.findall(path.read_text("utf-8")) for one in pair if one]
        assert [one for one in found if "//" in one and not one.startswith("data:")] == [], path


def test_chinese_pages_say_that_they_are_chinese(pages):
    assert {page.language for name, page in pages.items() if name.endswith(".zh.html")} == {"zh"}
    assert pages["index.html"].language == "en"


@pytest.mark.parametrize(
    "words, title",
    [
        ("不良率", "Risk prevention"),
        ("孪生世界", "planted truth"),
        ("tech_npl_ratio", "Risk prevention"),
        ("faker", "test data"),
    ],
)
def test_search_finds_it_from_the_disk_without_a_request(chromium, site, words, title):
    chromium.get("about:blank")  # after Chromium's own first page, whose requests are none of ours
    chromium.get_log("browser"), chromium.get_log("performance")
    chromium.get(f"{(site / 'index.html').as_uri()}?q={quote(words)}")
    found = []
    for _ in range(1200):
        script = "return [...document.querySelectorAll('.md-search-result__item')].map((one) => one.innerText)"
        if found := chromium.execute_script(script):
            break
        time.sleep(0.1)
    assert any(title in one.replace("\u200b", "") for one in found), found
    events = [json.loads(line["message"])["message"] for line in chromium.get_log("performance")]
    asked = {event["params"]["request"]["url"] for event in events if event["method"] == "Network.requestWillBeSent"}
    assert {url.split(":")[0] for url in asked} <= {"file", "data", "blob", "about"}, asked
    assert [line for line in chromium.get_log("browser") if line["level"] == "SEVERE"] == []


@pytest.mark.parametrize("width", [390, 1280])
def test_no_page_of_a_kind_is_wider_than_the_screen(chromium, site, width):
    for name in (
        "index",
        "README.zh",
        "reference/tables/loan",
        "reference/metrics/measure-19",
        "reference/cli",
        "benchmarks",
    ):
        chromium.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600},
        )
        chromium.get((site / f"{name}.html").as_uri())
        assert chromium.execute_script("return document.documentElement.scrollWidth") <= width, name
    chromium.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
