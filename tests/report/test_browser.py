"""The report in Chromium: it asks for nothing, errs nowhere, speaks two languages, sorts, saves, prints."""

from __future__ import annotations

import base64
import json
import time

import pytest

import sfbench

# Every folded part is opened; then the page says of each place what it shows there, and in which language.
_DRAW_ALL = """
const done = arguments[0];
document.querySelectorAll("details").forEach((one) => (one.open = true));
const language = document.documentElement.lang;
const places = [...document.querySelectorAll(".chart")].filter((place) => !place.closest(".bank"));
const look = () => {
  if (places.some((place) => !place.dataset.drawn?.startsWith(language))) return setTimeout(look, 50);
  const svgs = places.map((place) => [...place.querySelectorAll("svg")]);
  done([places.length, svgs.filter((own) => own.length === 1 && own[0].getBoundingClientRect().width > 200).length]);
};
look();
"""


@pytest.fixture
def opened(chromium, page):
    """The page freshly opened on a desktop; logs of what was before are gone."""
    chromium.set_window_size(1280, 900)
    chromium.get_log("browser"), chromium.get_log("performance")
    chromium.get(page.as_uri())
    return chromium


def _errors(driver):
    return [line["message"] for line in driver.get_log("browser") if line["level"] == "SEVERE"]


def _drawn(driver, place):
    """Waits, without a limit that a slow machine would miss, until the chart of a place is there."""
    for _ in range(1200):
        if found := driver.execute_script(f"return document.querySelector('{place} svg')?.textContent"):
            return found
        time.sleep(0.1)
    raise AssertionError(f"no chart in {place}")


def test_every_chart_is_drawn_in_both_languages_without_an_error_and_without_a_request(opened):
    places, drawn = opened.execute_async_script(_DRAW_ALL)
    assert places == drawn > 100
    opened.execute_script("document.getElementById('zh').click()")
    places, drawn = opened.execute_async_script(_DRAW_ALL)
    assert places == drawn
    assert _errors(opened) == []
    events = [json.loads(line["message"])["message"] for line in opened.get_log("performance")]
    asked = {event["params"]["request"]["url"] for event in events if event["method"] == "Network.requestWillBeSent"}
    assert {url.split(":")[0] for url in asked} <= {"file", "data", "blob"}, asked


def test_the_switch_changes_the_words_of_page_and_charts(opened):
    title = opened.find_element("css selector", "#headlines h2")
    assert title.text == "The four targets for the end of 2027"
    assert "Gap" in _drawn(opened, "#headlines")
    opened.execute_script("document.getElementById('zh').click()")
    assert title.text == "2027年末四项总体目标"
    assert opened.find_element("tag name", "html").get_attribute("lang") == "zh"
    for _ in range(1200):
        if "增速差" in _drawn(opened, "#headlines"):
            return
        time.sleep(0.1)
    raise AssertionError("the chart keeps its English words")


def test_a_bank_has_its_page_by_the_keyboard_and_back_again(opened):
    from selenium.webdriver.common.keys import Keys

    hidden = (
        "return [...document.querySelectorAll('.bank')].filter((one) => one.checkVisibility()).map((one) => one.id)"
    )
    assert opened.execute_script(hidden) == []
    link = opened.find_element("css selector", "#banks td a")
    bank = link.get_attribute("href").split("#")[1]
    link.send_keys(Keys.ENTER)
    assert opened.execute_script(hidden) == [bank]
    assert "This bank" in _drawn(opened, f"#{bank} .chart")
    opened.find_element("css selector", f"#{bank} .pager a:last-child").send_keys(Keys.ENTER)
    assert opened.execute_script(hidden) not in ([], [bank])
    opened.back()
    assert opened.execute_script(hidden) == [bank]
    assert _errors(opened) == []


def test_a_heading_sorts_its_column_by_value_and_back(opened):
    head = opened.find_element("css selector", "#measure_0 thead th:nth-child(4)")
    button = head.find_element("tag name", "button")

    def column():
        script = "return [...document.querySelectorAll('#measure_0 tbody tr')].map(r => r.cells[3].dataset.v ?? null)"
        return [float(value) for value in opened.execute_script(script) if value is not None]

    before = column()
    opened.execute_script("arguments[0].click()", button)
    assert head.get_attribute("aria-sort") == "ascending"
    assert column() == sorted(before) != before
    opened.execute_script("arguments[0].click()", button)
    assert head.get_attribute("aria-sort") == "descending"
    assert column() == sorted(before, reverse=True)


def test_a_table_is_saved_as_csv_with_all_its_rows(opened, tmp_path):
    opened.execute_cdp_cmd("Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": str(tmp_path)})
    rows = opened.execute_script("return document.querySelectorAll('#measure_7 tbody tr').length")
    opened.execute_script("document.querySelector('[data-table=measure_7]').click()")
    for _ in range(600):
        if (saved := tmp_path / "measure_7.csv").exists():
            break
        time.sleep(0.1)
    text = saved.read_bytes().decode("utf-8-sig")
    assert saved.read_bytes().startswith(b"\xef\xbb\xbf")
    assert len(text.splitlines()) == rows + 1
    assert text.splitlines()[0].startswith('"Metric","Component"')


@pytest.fixture
def phone(chromium):
    """The browser with a screen of 390 points."""
    screen = {"width": 390, "height": 844, "deviceScaleFactor": 2, "mobile": True}
    chromium.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
    yield chromium
    chromium.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def _lines_of_cells(driver, cells):
    """In how many lines the text of each of the cells stands."""
    script = """
    return [...document.querySelectorAll(arguments[0])].map((cell) => {
      const text = document.createRange();
      text.selectNodeContents(cell);
      return new Set([...text.getClientRects()].filter((own) => own.width).map((own) => Math.round(own.top))).size;
    });"""
    return driver.execute_script(script, cells)


def test_on_a_phone_nothing_is_wider_than_the_screen(phone, page):
    phone.get(page.as_uri())
    assert phone.execute_script("return document.documentElement.scrollWidth") <= 390


def test_scorecards_are_read_on_a_phone(phone, city, tmp_path):
    """The page was as wide as its table of ranks, and its title stood a word a line beside the switch."""
    from sfbench.assess.writers import write

    write(sfbench.assessment(city, "oecd_style"), tmp_path / "cards", "en", synthetic=True)
    phone.get((tmp_path / "cards" / "scorecards.html").as_uri())
    phone.execute_script("document.querySelectorAll('details').forEach((one) => (one.open = true))")
    assert phone.execute_script("return document.documentElement.scrollWidth") <= 390
    assert phone.execute_script("return document.querySelector('h1').getBoundingClientRect().width") > 300


@pytest.mark.parametrize("screen", ["opened", "phone"])
def test_neither_a_figure_nor_a_month_is_broken_over_lines(request, screen, page):
    """`2027-` stood above `12`, and `39.45` above its sign."""
    driver = request.getfixturevalue(screen)
    driver.get(page.as_uri())
    lines = _lines_of_cells(driver, "#measure_0 td.n, #measure_0 td:nth-child(5)")
    assert len(lines) > 100 and set(lines) == {1}


def test_a_row_of_many_columns_is_no_tower_on_a_phone(phone, page):
    """A target stood a word a line: eight lines of nothing beside every figure."""
    phone.get(page.as_uri())
    heights = phone.execute_script(
        "return [...document.querySelectorAll('#measure_0 tbody tr')].map((row) => row.offsetHeight)"
    )
    assert len(heights) > 30 and max(heights) <= 120


def test_the_dark_scheme_is_followed(opened):
    paper = "return getComputedStyle(document.body).backgroundColor"
    light = opened.execute_script(paper)
    dark = {"features": [{"name": "prefers-color-scheme", "value": "dark"}]}
    opened.execute_cdp_cmd("Emulation.setEmulatedMedia", dark)
    try:
        assert opened.execute_script(paper) != light
    finally:
        opened.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})


def test_the_keyboard_reaches_the_content_first(opened):
    from selenium.webdriver.common.keys import Keys

    opened.find_element("tag name", "body").send_keys(Keys.TAB)
    assert opened.switch_to.active_element.get_attribute("href").endswith("#main")


def test_a_screen_reader_finds_landmarks_captions_and_named_charts(opened):
    for tag in ("header", "nav[aria-label]", "main"):
        assert len(opened.find_elements("css selector", tag)) == 1, tag
    without = "return [...document.querySelectorAll('table.data')].filter(t => !t.caption?.textContent.trim()).length"
    assert opened.execute_script(without) == 0
    unnamed = "return [...document.querySelectorAll('.chart')].filter(c => !c.getAttribute('aria-label')).length"
    assert opened.execute_script(unnamed) == 0


def test_it_prints_to_pdf(opened):
    # last, because Chromium is slow after it
    printed = base64.b64decode(opened.execute_cdp_cmd("Page.printToPDF", {"printBackground": True})["data"])
    assert printed.startswith(b"%PDF-")
    assert printed.count(b"/Type /Page\n") >= 5
